"""`soft_threshold(y, T)`: sign(y)·max(|y| − T, 0), elementwise, with a gradient with respect to T; ValueError for T < 0."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Between, Case, Draw, Exercise, case, tensor
from gradlab.exercises.draw import scalar
from gradlab.exercises.slips import CHANGED_INPUT, ONE_NUMBER_ONLY, no_path_to
from gradlab.lessons.soft_thresholding.exercises import _points, _thresholds
from gradlab.maths import prox
from gradlab.probe import Answer

T_FIXED = _points.number_for("T", prox.soft_threshold, _thresholds.NUMBERS_FOR_T)
SLIPS = (T_FIXED, *_thresholds.SLIPS, CHANGED_INPUT)
exercise = Exercise("soft_threshold(y, T)", graph="y T", look=_thresholds.LOOK, slips=SLIPS)
exercise.reference(prox.soft_threshold)
exercise.cases(_thresholds.ordinary)
exercise.special_cases(_thresholds.broadcast)


@exercise.special_cases
def edges(draw: Draw) -> Iterator[Case]:
    """The kinks, where any slope in [0, 1] is right for y, with its counterpart for T; no threshold, negative ones."""
    T = draw.number(0.5, 3)
    gradients = {"0": Between(tensor(0.0, 0.0), tensor(1.0, 1.0)), "1": Between(tensor(0.0, -1.0), tensor(1.0, 0.0))}
    y, threshold = tensor(-T, T, tracked=True), tensor(T, T, tracked=True)
    yield case(y, threshold, gradients=gradients, about="at the kinks, any slope in [0, 1]")
    yield case(torch.cat([draw.normal(4), tensor(0.0)]), scalar(0.0), about="T = 0 changes nothing")
    yield from _thresholds.refused(draw)


@exercise.symptom("T-cut")
def T_cut(case: Case, answer: Answer) -> bool:
    """No gradient flows back to T: float(T), T.item() and T.detach() turn it into a bare number and cut the graph. (The
    first two also refuse a T with several entries.)"""
    several = isinstance(case.call.arguments[1], Tensor) and case.call.arguments[1].dim() > 0
    return no_path_to(1)(case, answer) or (several and ONE_NUMBER_ONLY.fits(case, answer))
