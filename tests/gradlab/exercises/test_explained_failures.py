from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from gradlab.exercises import Draw, Exercise, case, tensor
from gradlab.exercises.judge import judge
from gradlab.exercises.mistakes import Mistake
from gradlab.probe import Probe

RIGHT = "def twice(x):\n    return 2 * x\n"
NO_MORE = "def twice(x):\n    return 2 * x.detach()\n"


def twice(*mistakes: str) -> Exercise:
    exercise = Exercise("twice(x)", graph="x")
    exercise.reference(lambda x: 2 * x)
    exercise.cases(lambda draw: [case(tensor(1, 2, tracked=True))])
    exercise.__dict__["mistakes"] = tuple(
        Mistake(f"mistake-{k}", "…", text, "twice", {}) for k, text in enumerate(mistakes)
    )
    return exercise


def slightly_steeper(x: Tensor) -> Tensor:
    """The value is right, its gradient is wrong in the eighth digit."""
    return 2 * x + 1e-7 * (x - x.detach())


def test_mistake_that_does_no_harm_here_explains_no_failure():
    assert judge(twice(RIGHT), Probe.of(slightly_steeper), Draw()).misconception == "wrong-gradient"


def test_mistake_that_fails_alike_explains_the_failure():
    verdict = judge(twice(RIGHT, NO_MORE), Probe.of(lambda x: 2 * x.detach()), Draw())
    assert verdict.misconception == "mistake-1"


def shifted_by(start: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda theta: theta + start.sum()


def changes_its_start(start: Tensor) -> Callable[[Tensor], Tensor]:
    total = float(start.sum())
    start.zero_()
    return lambda theta: theta + total


@pytest.mark.parametrize(("answer", "label"), [(shifted_by, None), (changes_its_start, "changed-input")])
def test_change_while_the_object_is_made_counts(answer, label):
    exercise = Exercise("shifted_by(start)(theta)")
    exercise.reference(shifted_by)
    exercise.cases(lambda draw: [case(torch.ones(2).double(), construct=(tensor(1, 2),))])
    exercise.__dict__["mistakes"] = ()
    verdict = judge(exercise, Probe.of(answer), Draw())
    assert verdict.misconception == label
    assert label is None or "start" in verdict.message
