"""`RepairedModule(T, M, n)`: the published module, repaired: a whole graph, the dtype of M, A⁻¹ and then A in each round."""

from collections.abc import Iterator
from dataclasses import replace

import torch

from gradlab.exercises import Case, Draw, Exercise, Verdict
from gradlab.exercises.judge import describe_case
from gradlab.exercises.slips import raises
from gradlab.lessons.wasteful_module.exercises import EfficientMatmulSofttMatmulinv as efficient
from gradlab.lessons.wasteful_module.exercises import _modules, _rounds
from gradlab.lessons.wasteful_module.exercises._points import Point, random_point
from gradlab.probe import Answer, Probe

SIGNATURE = "RepairedModule(T, M, n=10000)(x, A)"
LOOK = "“Convict the published answer”"
exercise = Exercise(SIGNATURE, graph="x", look=LOOK, slips=_modules.MODULE_SLIPS, half=False)
exercise.reference(_rounds.by_solving)
exercise.built_on(efficient.exercise)(_rounds.with_rounds)
exercise.cases(_rounds.ordinary)
HUGE = 1e200


@exercise.inspection
def all_the_work(probe: Probe, draw: Draw) -> Verdict | None:
    """Every gradient is right, each round applies two factors to the vector, and ∇A shows that they were made with A."""
    answers, found = _rounds.all_the_work(exercise, probe, draw)
    if found:
        return found
    few, many = (square_products(answer) for answer in answers[:2])
    if (many - few) / 40 < 1.9 or not all(values_far_out(probe, draw)):
        return None  # one product in a line, read from the left, is forgiven, and so are those that make an inverse
    return exercise.wrong(
        "matrices-first",
        "Value and gradients are right, but the matrices are multiplied with each other and the vector comes last. The "
        "published module applies A⁻¹ and then A to the vector in every round: d times less work. Keep that.",
        called=describe_case(exercise, list(_rounds.ordinary(draw))[1]),
        returned=f"{(many - few) / 40:.2g} products of two matrices more for each further round",
    )


def square_products(answer: Answer) -> int:
    """How many products of two matrices were made."""
    wide = {key: [shape for shape in key[1] if min(shape[-2:], default=0) > 1] for key in answer.operations}
    products = ("aten.mm", "aten.bmm", "aten.addmm", "aten.baddbmm")
    return sum(times for key, times in answer.operations.items() if key[0] in products and len(wide[key]) > 1)


@exercise.inspection
def order_of_a_round(probe: Probe, draw: Draw) -> Verdict | None:
    """A⁻¹ comes first. With entries of A near 1e200 and of M x near 1e150, A M x leaves the range of floats, A⁻¹ M x does
    not; with entries of A near 1e-200 it is the other way round."""
    large, small = values_far_out(probe, draw)
    if large or not small:  # right, or neither order: nothing can be told
        return None
    return exercise.wrong(
        "A-first",
        "Value and gradients are right, but each round applies A first and A⁻¹ after it. The published module undoes first: "
        "A⁻¹, then A. On paper that is the same; in floating point its error is another one.",
    )


def values_far_out(probe: Probe, draw: Draw) -> tuple[bool, bool]:
    """Is the value right for a huge A, and for a tiny one? For both only where A⁻¹ and A meet before the vector comes."""
    point = random_point(draw, 3)
    return value_at(probe, point, HUGE), value_at(probe, point, 1 / HUGE)


def value_at(probe: Probe, point: Point, scale: float) -> bool:
    """Is the value right where T and x are 1e150 times larger, and A is scaled?"""
    far = Point(point.T * 1e150, point.M, point.A * scale, point.x * 1e150)
    case = _modules.module_case(far, 1)
    made = probe.look(_modules.construction(case))
    found = probe.look(replace(case.call, target=made.kept or 0)).value
    expected = torch.linalg.solve(point.M, torch.nn.functional.softshrink(point.M @ point.x, point.T))
    return (
        isinstance(found, torch.Tensor)
        and found.shape == expected.shape
        and torch.allclose(found / 1e150, expected, rtol=1e-6, atol=1e-6)
    )


@exercise.cases
def special(draw: Draw) -> Iterator[Case]:
    """One round where T is a tensor, and in float32."""
    yield from _modules.special_cases(draw, 1)


@exercise.inspection
def default_of_n(probe: Probe, draw: Draw) -> Verdict | None:
    """Constructed without n it makes 10 000 rounds."""
    return _rounds.default_of_n(exercise, probe, draw)


@exercise.symptom("dtype-of-M-lost")
def dtype_of_M_lost(case: Case, answer: Answer) -> bool:
    """Numbers of two dtypes meet: a tensor made on the way is float32, or always float64. Take the dtype of M everywhere,
    which a new tensor has only if you say so, and which torch.stack and elementwise functions keep."""
    return raises("RuntimeError", "same dtype", "expected scalar type", "to have the same")(case, answer)
