import math

import pytest
import torch

from gradlab.maths.finite_differences import central_derivative, central_gradient, central_jacobian


@pytest.fixture
def x():
    return torch.randn(2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(3))


def smooth(x):
    return torch.stack([x.sin().prod(), (x**3).sum(), torch.exp(x[0, 0] * x[1, 2])])


def test_jacobian_of_a_smooth_function_agrees_with_autograd(x):
    expected = torch.autograd.functional.jacobian(smooth, x)
    torch.testing.assert_close(central_jacobian(smooth, x), expected, rtol=1e-8, atol=1e-8)


def test_jacobian_has_the_shape_of_the_value_then_of_x(x):
    assert central_jacobian(lambda x: x.T @ x, x).shape == (3, 3, 2, 3)
    assert central_jacobian(lambda x: x.sum(), x).shape == (2, 3)


def test_number_in_and_number_out():
    gradient = central_gradient(torch.sin, torch.tensor(0.5))
    assert gradient.shape == () and gradient.item() == pytest.approx(math.cos(0.5), rel=1e-9)


def test_gradient_of_a_quadratic_is_exact_up_to_rounding(x):
    torch.testing.assert_close(central_gradient(lambda x: (x * x).sum(), x), 2 * x, rtol=1e-9, atol=1e-9)


def test_large_entries_get_a_large_step():
    x = torch.tensor([1e8, 1e-8], dtype=torch.float64)
    torch.testing.assert_close(central_gradient(lambda x: (x * x).sum(), x)[0], 2 * x[0], rtol=1e-9, atol=0.0)


def test_directional_derivative_is_the_jacobian_times_the_direction(x):
    direction = torch.randn(2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    expected = (central_jacobian(smooth, x) * direction).sum((1, 2))
    torch.testing.assert_close(central_derivative(smooth, x, direction), expected, rtol=1e-7, atol=1e-8)
    torch.testing.assert_close(central_derivative(smooth, x, 1e6 * direction), 1e6 * expected, rtol=1e-7, atol=1e-2)


def test_float32_input_is_differentiated_in_float64():
    x = torch.tensor([0.3, 0.4])
    gradient = central_gradient(lambda x: x.exp().sum(), x)
    assert gradient.dtype == torch.float64
    torch.testing.assert_close(gradient, x.double().exp(), rtol=1e-9, atol=0.0)


def test_no_gradient_is_left_behind_and_x_is_unchanged(x):
    weight = torch.ones(3, dtype=torch.float64, requires_grad=True)
    x.requires_grad_()
    before = x.detach().clone()
    gradient = central_gradient(lambda x: (x * weight).sum().tanh(), x)
    assert x.grad is None and weight.grad is None and not gradient.requires_grad
    assert torch.equal(x, before)


def test_function_that_writes_into_its_argument_does_no_harm(x):
    torch.testing.assert_close(central_gradient(lambda x: x.mul_(2).sum(), x), torch.full_like(x, 2))


def test_gradient_of_a_vector_is_refused(x):
    with pytest.raises(ValueError, match=r"one number.*\(3,\)"):
        central_gradient(smooth, x)


def test_direction_of_another_shape_or_zero_is_refused(x):
    with pytest.raises(ValueError, match="shape"):
        central_derivative(smooth, x, torch.ones(3))
    with pytest.raises(ValueError, match="zero"):
        central_derivative(smooth, x, torch.zeros(2, 3))
