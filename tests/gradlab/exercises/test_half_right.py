"""Half right is half of the points: every ordinary value is right, and something beside the values is not."""

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, case, tensor
from gradlab.exercises.judge import judge
from gradlab.exercises.verdict import Outcome
from gradlab.probe import Probe


def exercise_square(half: bool = True) -> Exercise:
    """`square(x)`: x², its graph kept; ValueError for an empty x; in a special group, x so large that x² overflows."""
    exercise = Exercise("square(x)", graph="x", half=half)
    exercise.reference(lambda x: x**2)

    @exercise.cases
    def ordinary(draw: Draw) -> Iterator[Case]:
        yield case(tensor(1.0, -2.0, 3.0))
        yield case(tensor(1.0, -2.0, tracked=True))
        yield case(torch.zeros(0), expected=Raises())

    @exercise.special_cases
    def large(draw: Draw) -> Iterator[Case]:
        yield case(tensor(1e200), expected=tensor(1e300))

    return exercise


def whole(x: Tensor) -> Tensor:
    if not x.numel():
        raise ValueError("x is empty")
    return (x**2).clamp(max=1e300)


def changes(x: Tensor) -> Tensor:
    result = whole(x)
    with torch.no_grad():
        x.mul_(2)
    return result


HALF: dict[str, Callable[[Tensor], object]] = {
    "the graph is cut": lambda x: whole(x).detach(),
    "the gradient is wrong": lambda x: whole(x).detach() + x - x.detach(),
    "float32": lambda x: whole(x).float(),
    "accepts bad input": lambda x: (x**2).clamp(max=1e300),
    "overflows": lambda x: x**2 if x.numel() else whole(x),
    "a special case raises": lambda x: (_ for _ in ()).throw(RuntimeError("large")) if x.max() > 9 else whole(x),
    "changes its input": changes,
    "float32, no graph and no refusal": lambda x: (x**2).detach().float(),
}
NOTHING: dict[str, Callable[[Tensor], object]] = {
    "another value": lambda x: whole(x) + 1,
    "another value in float32": lambda x: (whole(x) + 1).float(),
    "one value is wrong, and the graph is cut": lambda x: whole(x).detach() + (len(x) == 3),
    "a list": lambda x: whole(x).tolist(),
    "always refuses": lambda x: whole(x[:0]),
}


@pytest.mark.parametrize("name", HALF)
def test_right_values_earn_half_whatever_else_is_missing(name):
    verdict = judge(exercise_square(), Probe.of(HALF[name]), Draw())
    assert (verdict.outcome, verdict.share) == (Outcome.HALF, 0.5), verdict.text
    assert verdict.misconception and verdict.text.startswith("◐")


@pytest.mark.parametrize("name", HALF)
def test_where_the_graph_is_the_point_they_earn_nothing(name):
    assert judge(exercise_square(half=False), Probe.of(HALF[name]), Draw()).outcome is Outcome.WRONG


@pytest.mark.parametrize("name", NOTHING)
def test_wrong_values_earn_nothing(name):
    assert judge(exercise_square(), Probe.of(NOTHING[name]), Draw()).share == 0.0


def test_a_right_answer_earns_all():
    assert judge(exercise_square(), Probe.of(whole), Draw()).share == 1.0
