"""How a module is looked at that applies A and A⁻¹ to a vector n times: the work of a round, ∇A, the default of n."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from torch import Tensor

from gradlab.exercises import ANYTHING, Case, Draw, Exercise, Verdict
from gradlab.exercises.describe import describe
from gradlab.exercises.judge import describe_case
from gradlab.lessons.wasteful_module.exercises import _modules
from gradlab.lessons.wasteful_module.exercises._points import first_point, random_point
from gradlab.lessons.wasteful_module.exercises._products import products
from gradlab.lessons.wasteful_module.functions import Wasteful
from gradlab.probe import Answer, Probe


def by_solving(T: float | Tensor, M: Tensor, n: int = 10000) -> Wasteful:
    """A solve with A in the place of A⁻¹."""
    return Wasteful(T, M, n, "solve each round")


def with_rounds(module: Callable) -> Callable:
    """A module of T and M that takes n and ignores it."""
    return lambda T, M, n=10000: module(T, M)


def ordinary(draw: Draw) -> Iterator[Case]:
    """Few and many rounds at one point, and another point."""
    point = first_point(draw, 3.125)
    for each, n in ((point, 3), (point, 43), (random_point(draw, 4), 2)):
        yield _modules.module_case(each, n)


def all_the_work(exercise: Exercise, probe: Probe, draw: Draw) -> tuple[list[Answer], Verdict | None]:
    """What the ordinary cases show, recorded, and what is wrong: a gradient, too little work in a round, ∇A."""
    cases, answers = list(ordinary(draw)), []
    for case in cases:
        answer, found = _modules.look_closely(exercise, probe, case)
        if found:
            return answers, found
        answers.append(answer)
    few, many = (products(answer, len(cases[0].call.arguments[0])) for answer in answers[:2])
    told = partial(exercise.wrong, called=describe_case(exercise, cases[1]))
    return answers, _too_little_work(told, few, (many - few) / 40) or _wrong_in_A(told, answers)


def _too_little_work(told: Callable[..., Verdict], few: float, a_round: float) -> Verdict | None:
    """What it means where `few` rounds cost so many products, and each further one so many more."""
    more = f"{a_round:.2g} products or solves more for each further round"
    told = partial(told, returned=more, expected="2 for each round, or more")
    if a_round < 0.05 and few > 8:  # one product and two solves for M, and some for the threshold
        return told(
            "n-ignored",
            "The value is right, but the number of rounds does not follow n: a number stands in the loop where self.n "
            "should. Keep n in __init__, and run through range(self.n) in forward.",
        )
    if a_round < 0.05:
        return told(
            "chain-skipped",
            "The value is right, but the chain is not there: with more rounds nothing more is multiplied. That is the "
            "efficient module. This one must do the work: multiply by A and by A⁻¹, n times each.",
        )
    if a_round < 0.9:
        return told(
            "matrix-power",
            "The value is right, but n rounds cost far fewer than 2n products: a power of a ready-made A⁻¹A takes a "
            "shortcut of log₂ n squarings. Multiply by A and by A⁻¹ in turn, n times each.",
        )
    if a_round < 1.9:
        return told(
            "ready-made-product",
            "The value is right, but each round costs one product only: A⁻¹A was multiplied out once, before the loop. "
            "Then the loop runs with the identity and has nothing to show. Multiply by A and by A⁻¹ in every round.",
        )
    return None


def _wrong_in_A(told: Callable[..., Verdict], answers: list[Answer]) -> Verdict | None:
    """∇A must be round-off: not None, not large, and not exactly 0 everywhere."""
    found = [answer.gradients["1"] for answer in answers]
    if any(in_A is None for in_A in found):
        return told(
            "A-not-reached",
            "The value is right, but ∇A is None: no graph leads back to A. The chain was computed from a detached "
            "copy, or under no_grad, or made no round at all. Its gradient is 0 on paper; a graph that is intact "
            "reports round-off, and None means that it was cut.",
        )
    if large := [in_A for in_A in found if not _modules.is_tiny(in_A)]:
        return told(
            "A-half-detached",
            "The value is right, but ∇A is large where it must be round-off: the graph reaches only one of A and A⁻¹, "
            "so their two contributions do not cancel. Make the inverse from A itself, not from a detached copy and "
            "not under no_grad.",
            returned=f"∇A + ∇Aᵀ = {describe(large[0])}",
        )
    if not any(bool(in_A.any()) for in_A in found if in_A is not None):  # one may be 0 by luck
        return told(
            "A-exactly-zero",
            "The value is right, but ∇A is exactly 0. A chain that really runs leaves round-off there, about 1e-12: an "
            "exact zero says that A was multiplied by 0, or reached in name only.",
        )
    return None


def default_of_n(exercise: Exercise, probe: Probe, draw: Draw) -> Verdict | None:
    """The module can be constructed without n, which then is 10 000, as far as the text shows a number."""
    case = replace(_modules.module_case(first_point(draw)), expected=ANYTHING, about="n = 10000 by default")
    found = _modules.judge_seen(exercise, case, probe.look(_modules.construction(case)))
    definition = rf"^class {exercise.name}\b.*?^ +def __init__\([^)]*\bn\b[^,)=]*=\s*(\d[\d_]*)\s*[,)]"
    default = re.search(definition, probe.source, re.DOTALL | re.MULTILINE)
    if found or default is None or int(default[1]) == 10000:
        return found
    sentence = (
        "Constructed without n, the module makes another number of rounds than the 10 000 that the task asks for."
    )
    told = {"called": f"{exercise.name}(T, M)", "returned": f"n = {default[1]}", "expected": "n = 10000"}
    return exercise.wrong("other-default", sentence, **told)
