"""The soft absolute value, the soft sign and its slope."""

from fractions import Fraction

import pytest
import torch

from gradlab.maths.soft import exact_soft_sign_slope, soft_abs, soft_sign, soft_sign_slope


def points(seed: int) -> torch.Tensor:
    return torch.randn(200, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("lam", [1e-6, 0.01, 1.0, torch.tensor(0.3, dtype=torch.float64)])
def test_square_of_soft_abs_is_x_squared_plus_lam(lam):
    x = points(1)
    assert torch.allclose(soft_abs(x, lam) ** 2, x**2 + lam, rtol=1e-14)


def test_soft_abs_is_homogeneous_of_degree_one_in_x_and_root_lam():
    x = points(2)
    assert torch.allclose(soft_abs(7 * x, 49 * 0.2), 7 * soft_abs(x, 0.2), rtol=1e-14)


def test_autograd_of_each_function_is_the_next_one():
    x = points(3).requires_grad_(True)
    (slope,) = torch.autograd.grad(soft_abs(x, 0.3).sum(), x)
    assert torch.allclose(slope, soft_sign(x, 0.3).detach(), rtol=1e-14)
    (slope,) = torch.autograd.grad(soft_sign(x, 0.3).sum(), x)
    assert torch.allclose(slope, soft_sign_slope(x, 0.3).detach(), rtol=1e-12)


def test_gradients_in_x_and_lam_agree_with_finite_differences():
    x, lam = points(4)[:5].requires_grad_(True), torch.tensor(0.4, dtype=torch.float64, requires_grad=True)
    for function in (soft_abs, soft_sign, soft_sign_slope):
        assert torch.autograd.gradcheck(function, (x, lam))


@pytest.mark.parametrize(
    ("x", "lam", "slope"), [(1.0, 1e-20, 1e-20), (0.0, 1e-220, 1e110), (1e150, 1e300, 2**-1.5 / 1e150)]
)
def test_slope_keeps_its_digits_where_the_formula_cancels_or_overflows(x, lam, slope):
    found = soft_sign_slope(torch.tensor(x, dtype=torch.float64), lam)
    assert found.item() == pytest.approx(slope, rel=1e-13)


def test_soft_sign_of_a_huge_number_is_one():
    assert soft_sign(torch.tensor(1e200, dtype=torch.float64), 1.0).item() == 1.0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dtype_is_kept(dtype):
    x = torch.ones(2, dtype=dtype)
    for lam in (0.5, torch.tensor(0.5, dtype=torch.float64)):
        assert soft_sign_slope(x, lam).dtype == soft_abs(x, lam).dtype == dtype


@pytest.mark.parametrize(("x", "lam"), [(3, 16), (-4, 9), (0, 25), (5, 144), (0.75, 1)])
def test_exact_slope_on_triangles_with_rational_sides(x, lam):
    side = Fraction(x) ** 2 + lam
    hypotenuse = Fraction(round(float(side) ** 0.5 * 4), 4)
    assert hypotenuse**2 == side
    assert exact_soft_sign_slope(torch.tensor(x, dtype=torch.float64), lam).item() == float(lam / hypotenuse**3)


@pytest.mark.parametrize("lam", [1e-300, 1e-220, 1.0, 1e300])
def test_exact_slope_scales_like_one_over_x(lam):
    x = torch.tensor([0.0, 0.3, -1.0, 2.0], dtype=torch.float64)
    root = lam**0.5
    scaled = root * exact_soft_sign_slope(root * x, root**2)
    torch.testing.assert_close(scaled, exact_soft_sign_slope(x, 1.0), rtol=1e-12, atol=0)
