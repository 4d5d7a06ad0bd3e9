import pytest
import torch
import torch.nn.functional as F

from gradlab.maths.envelope import envelope_gradient, moreau_envelope
from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.implicit import minimise


@pytest.mark.parametrize("T", [0.0, 0.5, 3.14])
def test_envelope_of_the_absolute_value_is_hubers_function_with_the_clamp_as_slope(T):
    y = torch.linspace(-5, 5, 201, dtype=torch.float64, requires_grad=True)
    value = moreau_envelope(y, T)
    if T:
        torch.testing.assert_close(value, F.huber_loss(y, 0 * y, reduction="none", delta=T))
    torch.testing.assert_close(torch.autograd.grad(value.sum(), y)[0], y.detach().clamp(-T, T))


def test_envelope_lies_below_the_function_everywhere_else():
    y, T = torch.linspace(-3, 3, 31, dtype=torch.float64), 0.8
    for x in torch.linspace(-4, 4, 81, dtype=torch.float64):
        assert bool((moreau_envelope(y, T) <= (x - y) ** 2 / 2 + T * x.abs() + 1e-12).all())


def test_gradient_of_the_value_needs_no_derivative_of_the_place():
    f = lambda x, theta: ((x - theta[0]) ** 2).sum() + torch.exp(theta[1] * x).sum()  # noqa: E731
    theta, start = torch.tensor([0.3, 0.7], dtype=torch.float64), torch.zeros(2, dtype=torch.float64)
    value = lambda theta: f(minimise(f, start, theta), theta)  # noqa: E731
    gradient = envelope_gradient(f, minimise(f, start, theta), theta)
    torch.testing.assert_close(gradient, central_gradient(value, theta), rtol=1e-8, atol=1e-9)


def test_gradient_is_zero_where_f_ignores_theta():
    theta = torch.ones(2, 2)
    assert torch.equal(envelope_gradient(lambda x, theta: (x**2).sum(), torch.zeros(1), theta), 0 * theta)
    assert envelope_gradient(lambda x, theta: theta**2, torch.zeros(1), torch.tensor(3.0)).item() == 6
