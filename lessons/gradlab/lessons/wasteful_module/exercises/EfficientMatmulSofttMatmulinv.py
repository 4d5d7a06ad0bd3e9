"""`EfficientMatmulSofttMatmulinv(T, M)`: a module g = M⁻¹ f_T(M x) with one solve and a short graph."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Verdict
from gradlab.exercises.judge import describe_case
from gradlab.lessons.wasteful_module.exercises._modules import (
    MODULE_SLIPS,
    is_tiny,
    look_closely,
    module_case,
    special_cases,
)
from gradlab.lessons.wasteful_module.exercises._points import first_point, random_point
from gradlab.lessons.wasteful_module.exercises._products import inverses
from gradlab.lessons.wasteful_module.functions import ByCholesky
from gradlab.probe import Probe

exercise = Exercise(
    "EfficientMatmulSofttMatmulinv(T, M)(x, A)", graph="x", look="“Build the efficient module”", slips=MODULE_SLIPS
)
exercise.reference(ByCholesky)
MOST_NODES = 60


def after(M: Tensor, thresholded: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """M⁻¹ after another function of M x."""
    return lambda x, A: torch.linalg.solve(M, thresholded(M @ x))


@exercise.cases
def ordinary(draw: Draw) -> Iterator[Case]:
    """Points of several sizes."""
    for point in (first_point(draw, 3.125), random_point(draw, 4), random_point(draw, 7)):
        yield module_case(point)


@exercise.inspection
def all_gradients_and_no_waste(probe: Probe, draw: Draw) -> Verdict | None:
    """Every gradient is right, no inverse was made, the graph is short."""
    for case in ordinary(draw):
        answer, found = look_closely(exercise, probe, case)
        if found:
            return found
        called, d = describe_case(exercise, case), len(case.call.arguments[0])
        assert answer.made is not None
        if ran := inverses(answer.made, d) + inverses(answer, d):
            return exercise.wrong(
                "inverse-formed",
                "The value is right, but an inverse was formed. To apply M⁻¹ to one vector, solve one linear system: a solve "
                "with d right-hand sides, such as the identity, is an inverse by another name.",
                called=called,
                returned=f"it ran {', '.join(ran)}",
            )
        if answer.node_count >= MOST_NODES:
            return exercise.wrong(
                "graph-too-large",
                "The value is right, but the graph is not short: A⁻¹A is the identity, and the identity need not be "
                "computed. What is left is one product, one threshold and one solve.",
                called=called,
                returned=f"{answer.node_count} nodes",
                expected=f"fewer than {MOST_NODES}",
            )
        if not is_tiny(answer.gradients["1"]):
            return exercise.wrong(
                "depends-on-A",
                "The value is right, but ∇A is not zero: g does not depend on A, and its gradient must not either.",
                called=called,
                expected="None, or zeros",
            )
    return None


exercise.cases(special_cases)
