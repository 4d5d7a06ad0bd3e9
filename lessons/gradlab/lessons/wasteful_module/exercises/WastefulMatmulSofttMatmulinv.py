"""`WastefulMatmulSofttMatmulinv(T, M, n)`: a module g = M⁻¹ f_T((A⁻¹A)ⁿ M x) that applies every factor."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict
from gradlab.exercises.describe import describe
from gradlab.exercises.judge import describe_case
from gradlab.lessons.wasteful_module.exercises import EfficientMatmulSofttMatmulinv as efficient
from gradlab.lessons.wasteful_module.exercises._modules import (
    MODULE_SLIPS,
    is_tiny,
    judge_seen,
    look_closely,
    module_case,
    special_cases,
)
from gradlab.lessons.wasteful_module.exercises._points import first_point, random_point
from gradlab.lessons.wasteful_module.exercises._products import products
from gradlab.lessons.wasteful_module.functions import Wasteful
from gradlab.probe import Probe

exercise = Exercise(
    "WastefulMatmulSofttMatmulinv(T, M, n=10000)(x, A)",
    graph="x",
    look="“Build the wasteful module”",
    slips=MODULE_SLIPS,
)


@exercise.reference
def by_solving(T: float | Tensor, M: Tensor, n: int = 10000) -> Wasteful:
    """A solve with A in the place of A⁻¹."""
    return Wasteful(T, M, n, "solve each round")


@exercise.built_on(efficient.exercise)
def with_rounds(module: Callable) -> Callable:
    """A module of T and M that takes n and ignores it."""
    return lambda T, M, n=10000: module(T, M)


@exercise.cases
def ordinary(draw: Draw) -> Iterator[Case]:
    """Few and many rounds at one point, and another point."""
    point = first_point(draw, 3.125)
    yield from (module_case(point, 3), module_case(point, 43), module_case(random_point(draw, 4), 2))


NOT_THE_CHAIN = (  # products or solves for each further round, and what fewer of them mean
    (
        0.05,
        "chain-skipped",
        "The value is right, but the chain is not there: with more rounds nothing more is multiplied. That is the efficient "
        "module. This one must do the work: multiply by A and by A⁻¹, n times each.",
    ),
    (
        0.9,
        "matrix-power",
        "The value is right, but n rounds cost far fewer than 2n products: a power of a ready-made A⁻¹A takes a shortcut of "
        "log₂ n squarings. Multiply by A and by A⁻¹ in turn, n times each.",
    ),
    (
        1.9,
        "ready-made-product",
        "The value is right, but each round costs one product only: A⁻¹A was multiplied out once, before the loop. Then the "
        "loop runs with the identity and has nothing to show. Multiply by A and by A⁻¹ in every round.",
    ),
)


@exercise.inspection
def all_gradients_and_all_work(probe: Probe, draw: Draw) -> Verdict | None:
    """Every gradient is right, each round costs two products, ∇A shows that they were made."""
    cases = list(ordinary(draw))
    seen = [look_closely(exercise, probe, case) for case in cases]
    if found := next((found for _, found in seen if found), None):
        return found
    answers, d = [answer for answer, _ in seen], len(cases[0].call.arguments[0])
    few, many = (products(answer, d) for answer in answers[:2])
    a_round = (many - few) / 40
    told = partial(exercise.wrong, called=describe_case(exercise, cases[1]))
    if a_round < 0.05 and few > 8:  # one product and two solves for M, and some for the threshold
        return told(
            "n-ignored",
            "The value is right, but the number of rounds does not follow n: a number stands in the loop where self.n "
            "should. Keep n in __init__, and run through range(self.n) in forward.",
        )
    for least, label, sentence in NOT_THE_CHAIN:
        if a_round < least:
            more = f"{a_round:.2g} products or solves more for each further round"
            return told(label, sentence, returned=more, expected="2 for each round, or more")
    in_A = [answer.gradients["1"] for answer in answers]
    for found in in_A:
        if found is None:
            return told(
                "A-not-reached",
                "The value is right, but ∇A is None: no graph leads back to A. The chain was computed from a detached copy, "
                "or under no_grad, or made no round at all. Its gradient is 0 on paper; a graph that is intact reports "
                "round-off, and None means that it was cut.",
                returned="∇A = None",
            )
        if not is_tiny(found):
            return told(
                "A-half-detached",
                "The value is right, but ∇A is large where it must be round-off: the graph reaches only one of A and A⁻¹, "
                "so their two contributions do not cancel. Make the inverse from A itself, not from a detached copy and "
                "not under no_grad.",
                returned=f"∇A + ∇Aᵀ = {describe(found)}",
            )
    if not any(bool(found.any()) for found in in_A if found is not None):  # one may be zero, by luck
        return told(
            "A-exactly-zero",
            "The value is right, but ∇A is exactly 0. A chain that really runs leaves round-off there, about 1e-12: an "
            "exact zero says that A was multiplied by 0, or reached in name only.",
            returned="∇A = 0",
        )
    return None


@exercise.cases
def special(draw: Draw) -> Iterator[Case]:
    """One round where T is a tensor, and in float32."""
    yield from special_cases(draw, 1)


@exercise.inspection
def default_of_n(probe: Probe, draw: Draw) -> Verdict | None:
    """The module can be constructed without n, which then is 10 000, as far as the text shows a number."""
    case = module_case(first_point(draw, 3.125), about="n = 10000 by default")
    assert case.construct is not None
    made = probe.look(case.construct)
    if made.raised is not None:
        return judge_seen(exercise, case, made)
    default = re.search(
        rf"^class {exercise.name}\b.*?def __init__\([^)]*\bn\b[^,)=]*=\s*([\d_]+)\s*[,)]", probe.source, re.S | re.M
    )
    if default is None or int(default[1]) == 10000:
        return None
    return exercise.wrong(
        "other-default",
        "Constructed without n, the module makes another number of rounds than the 10 000 that the task asks for.",
        called=f"{exercise.name}(T, M)",
        returned=f"n = {default[1]}",
        expected="n = 10000",
    )
