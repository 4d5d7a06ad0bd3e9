"""`EfficientMatmulSofttMatmulinv(T, M)`: a module g = M⁻¹ f_T(M x) with one solve and a short graph."""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict
from gradlab.exercises.judge import describe_case
from gradlab.lessons.wasteful_module.exercises import _modules
from gradlab.lessons.wasteful_module.exercises._points import first_point, random_point
from gradlab.lessons.wasteful_module.exercises._products import inverses
from gradlab.lessons.wasteful_module.functions import ByCholesky
from gradlab.probe import Probe

LOOK = "“Build the efficient module”"
exercise = Exercise(
    "EfficientMatmulSofttMatmulinv(T, M)(x, A)", graph="x", look=LOOK, slips=_modules.MODULE_SLIPS, half=False
)
exercise.reference(ByCholesky)
MOST_NODES = 60


def after(M: Tensor, thresholded: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """M⁻¹ after another function of M x."""
    return lambda x, A: torch.linalg.solve(M, thresholded(M @ x))


@exercise.cases
def ordinary(draw: Draw) -> Iterator[Case]:
    """Points of several sizes."""
    yield from map(_modules.module_case, (first_point(draw, 3.125), random_point(draw, 4), random_point(draw, 7)))


@exercise.inspection
def no_waste(probe: Probe, draw: Draw) -> Verdict | None:
    """Every gradient is right, no inverse was made, the graph is short."""
    for case in ordinary(draw):
        answer, found = _modules.look_closely(exercise, probe, case)
        if found or answer.made is None:
            return found
        told, d = partial(exercise.wrong, called=describe_case(exercise, case)), len(case.call.arguments[0])
        if ran := inverses(answer.made, d) + inverses(answer, d):
            return told(
                "inverse-formed",
                "The value is right, but an inverse was formed. To apply M⁻¹ to one vector, solve one linear system: a "
                "solve with d right-hand sides, such as the identity, is an inverse by another name.",
                returned=f"it ran {', '.join(ran)}",
            )
        if answer.node_count >= MOST_NODES:
            return told(
                "graph-too-large",
                "The value is right, but the graph is not short: A⁻¹A is the identity, and the identity need not be "
                "computed. What is left is one product, one threshold and one solve.",
                returned=f"{answer.node_count} nodes",
                expected=f"fewer than {MOST_NODES}",
            )
        if not _modules.is_tiny(answer.gradients["1"]):
            sentence = (
                "The value is right, but ∇A is not zero: g does not depend on A, and its gradient must not either."
            )
            return told("depends-on-A", sentence, expected="None, or zeros")
    return None


exercise.cases(_modules.special_cases)
