import pytest
import torch

from gradlab.lessons.lasso_path.explorers.path import unrolled
from gradlab.lessons.lasso_path.integer_example import B, D
from gradlab.maths.ista import ista


@pytest.mark.parametrize("steps", [1, 5, 50])
def test_unrolled_slope_is_that_of_the_iteration(steps):
    x, slope = unrolled(2.0, steps)
    assert torch.allclose(x, ista(D, B, 2.0, steps))
    by_autograd = torch.autograd.functional.jacobian(lambda lam: ista(D, B, lam, steps), torch.tensor(2.0).double())
    assert torch.allclose(slope, by_autograd)
