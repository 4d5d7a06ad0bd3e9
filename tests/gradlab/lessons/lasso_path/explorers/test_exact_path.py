import pytest
import torch

from gradlab.lessons.lasso_path.explorers.exact_path import kinks, solution_and_slope
from gradlab.lessons.lasso_path.integer_example import B, D
from gradlab.maths.lasso import lasso_solution


def test_path_has_the_exact_kinks():
    wanted = torch.tensor([12, 3, 20 / 11, 38 / 71], dtype=torch.float64)
    assert torch.allclose(kinks().lam[:4], wanted)


@pytest.mark.parametrize("lam", [0.25, 1.0, 2.5, 7.0, 12.5])
def test_path_is_read_off_at_any_lam(lam):
    x, slope = solution_and_slope(lam)
    assert torch.allclose(x, lasso_solution(D, B, lam), atol=1e-10)
    nearby = (lasso_solution(D, B, lam + 1e-4) - lasso_solution(D, B, lam - 1e-4)) / 2e-4
    assert torch.allclose(slope, nearby, atol=1e-8)
