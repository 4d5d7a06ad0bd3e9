import pytest
import torch

from gradlab.exercises import Draw
from gradlab.lessons.layers_that_solve.exercises.envelope_gradient import kinked_and_constant
from gradlab.lessons.layers_that_solve.functions import shrinkage


@pytest.mark.parametrize("seed", [None, *range(100)])
def test_autograd_reports_a_slope_in_x_at_the_kink(seed):
    """Otherwise an answer that adds f_x, and is wrong at kinks only, would pass."""
    _, x, theta = next(kinked_and_constant(Draw(seed))).call.arguments
    assert 0 in x and x.any()
    assert torch.func.grad(shrinkage())(x, theta).sum().abs() > 0.1
