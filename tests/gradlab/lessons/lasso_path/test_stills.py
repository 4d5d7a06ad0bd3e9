"""The still pictures of lesson 5 show what the lesson says of them."""

import numpy as np
import pytest
import torch

from gradlab.lessons.lasso_path import active_sets, ista_and_fista
from gradlab.lessons.lasso_path.integer_example import B, D
from gradlab.maths.ista import ista
from gradlab.maths.lasso import lasso_solution


def test_each_band_is_named_after_the_columns_that_are_active_in_it():
    axes = active_sets.figure().axes[0]
    named = {"{" + ",".join(map(str, (lasso_solution(D, B, lam) != 0).nonzero().flatten().tolist())) + "}" for lam in
             (0.3, 1.0, 2.5, 7.0)}  # fmt: skip
    assert {text.get_text() for text in axes.texts} == named | {"∅"}
    for band, text in zip(axes.patches, axes.texts):
        low, high = band.get_x(), band.get_x() + band.get_width()
        assert low < text.get_position()[0] < high


@pytest.mark.parametrize("momentum", [False, True])
def test_distances_are_those_of_the_package(momentum):
    lam, (A, b) = ista_and_fista.problem(50)[2], ista_and_fista.problem(50)[:2]
    distances, target = ista_and_fista.distances(50, momentum), lasso_solution(A, b, lam)
    for steps in (0, 1, 7, 30):
        assert np.isclose(distances[steps], (ista(A, b, lam, steps, momentum=momentum) - target).norm(), rtol=1e-6)


def test_momentum_pays_where_the_condition_number_is_large():
    ends = {size: [ista_and_fista.distances(size, momentum)[60] for momentum in (False, True)] for size in (50, 5000)}
    assert ends[50][0] < ends[50][1] and ends[5000][1] < ends[5000][0]
    assert ista_and_fista.conditioning(50)[1] < 10 < ista_and_fista.conditioning(5000)[1]
    assert torch.isfinite(torch.tensor([*ends[50], *ends[5000]])).all()
