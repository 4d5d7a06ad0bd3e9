from functools import partial

import pytest
import torch

from gradlab.lessons.implicit_argmin import functions
from gradlab.lessons.implicit_argmin.exercises._derivatives import derivatives
from gradlab.maths.finite_differences import central_gradient, central_jacobian
from gradlab.maths.implicit import minimise
from gradlab.maths.networks import stored_theta

float64 = partial(torch.tensor, dtype=torch.float64)
P, Q = float64([[2.0, 1.0], [1.0, 3.0]]), float64([[1.0, 0.0, 2.0, 1.0], [-1.0, 1.0, 0.0, 2.0]])
THETA, X = float64([0.3, -0.2, 0.5, 0.1]), float64([0.4, -0.7])
CASES = {
    "quadratic": (functions.quadratic(P, Q), X, THETA),
    "quadratic, theta (2, 2)": (functions.quadratic(P, Q), X, THETA.reshape(2, 2)),
    "quadratic, 0-d theta": (functions.quadratic(P, Q[:, :1]), X, float64(0.3)),
    "soft quadratic": (functions.soft_quadratic(P, Q), X, THETA),
    "smooth prox": (functions.smooth_prox(), float64([1.2]), float64([2.0, 0.5, 0.1])),
    "double well": (functions.double_well(3.0), X, float64(0.2)),
    "falling": (functions.falling(0.7), X, float64(0.2)),
    "long theta": (functions.long_theta(P), X, torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(2, 3)),
    "tanh network": (functions.tanh_network(1 / 16), float64([0.3, -0.2, 0.5]), stored_theta(123)),
}


@pytest.mark.parametrize("name", CASES)
def test_derivatives_agree_with_finite_differences(name):
    f, x, theta = CASES[name]
    at = derivatives(f, x, theta)

    def slope(point, weights):
        return central_gradient(lambda p: f(p, weights), point)

    torch.testing.assert_close(at.gradient, slope(x, theta), rtol=1e-6, atol=1e-8)
    torch.testing.assert_close(at.value_slope, central_gradient(lambda t: f(x, t), theta), rtol=1e-6, atol=1e-8)
    gradient = torch.func.grad(f)
    torch.testing.assert_close(at.hessian, central_jacobian(lambda p: gradient(p, theta), x), rtol=1e-6, atol=1e-8)
    torch.testing.assert_close(at.mixed, central_jacobian(lambda t: gradient(x, t), theta), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["soft quadratic", "tanh network", "smooth prox", "double well"])
def test_jacobian_is_that_of_the_minimiser(name):
    f, x, theta = CASES[name]
    start = minimise(f, x, theta)
    jacobian = derivatives(f, start, theta).jacobian
    measured = central_jacobian(lambda t: minimise(f, start, t), theta)
    torch.testing.assert_close(jacobian, measured, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", CASES)
def test_functions_keep_the_dtype_of_x(name):
    f, x, theta = CASES[name]
    for dtype in (torch.float32, torch.float64):
        value = f(x.to(dtype), theta.to(dtype))
        assert value.dtype == dtype and value.shape == ()


def test_newton_step_is_the_distance_to_the_bottom_of_a_bowl():
    f, _, theta = CASES["quadratic"]
    bottom = torch.linalg.solve(P, Q @ theta)
    away = float64([3.0, -4.0])
    assert derivatives(f, bottom + away, theta).newton_step == pytest.approx(5)


@pytest.mark.parametrize(
    ("matrix", "definite"), [([2.0, 1.0], True), ([2.0, -1.0], False), ([1.0, 0.0], False), ([1.0, 1e-13], False)]
)
def test_positive_definite_is_relative_to_the_largest_eigenvalue(matrix, definite):
    f = functions.quadratic(torch.diag(float64(matrix)), torch.zeros(2, 1, dtype=torch.float64))
    small = functions.quadratic(1e-20 * torch.diag(float64(matrix)), torch.zeros(2, 1, dtype=torch.float64))
    for function in (f, small):
        assert derivatives(function, X, float64([0.0])).positive_definite is definite
