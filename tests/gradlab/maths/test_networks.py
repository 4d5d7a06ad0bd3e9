import pytest
import torch
from torch.autograd import gradcheck

from gradlab.maths.networks import TanhWeights, pack, split, stored_theta, stored_weights, tanh_network


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def derivatives(f, x, theta):
    """f_x and f_xx for x in R^d."""
    return (
        torch.func.grad(f)(x, theta),
        torch.func.hessian(f)(x, theta),
    )


@pytest.mark.parametrize("dimension, hidden", [(1, 3), (3, 2), (2, 5)])
def test_network_is_the_sequential_of_the_thread(dimension, hidden):
    torch.manual_seed(5)
    first, last = torch.nn.Linear(dimension, hidden), torch.nn.Linear(hidden, 1, bias=False)
    theta = pack(TanhWeights(first.weight, first.bias, last.weight[0]))
    x = torch.randn(dimension)
    expected = torch.nn.Sequential(first, torch.nn.Tanh(), last)(x)[0]
    torch.testing.assert_close(tanh_network()(x, theta), expected)
    torch.testing.assert_close(tanh_network(0.25)(x, theta), expected + x @ x / 4)


def test_split_undoes_pack_and_keeps_the_graph():
    weights = stored_weights(123)
    theta = pack(weights).requires_grad_()
    for there, back in zip(weights, split(theta, 3), strict=True):
        assert torch.equal(there, back) and back.requires_grad


def test_network_is_differentiable_twice_in_both_arguments():
    f = tanh_network(1 / 16)
    x, theta = tensor(0.3, -0.2, 0.5).requires_grad_(), stored_theta(123).requires_grad_()
    assert gradcheck(f, (x, theta)) and torch.autograd.gradgradcheck(f, (x, theta))


@pytest.mark.parametrize(
    "seed, stabiliser, x_star, value",
    [
        (2023, 0.0, [4.3858248614026385], -0.6181717670238664),
        (456, 1 / 16, [-1.1468871161192833], -0.24911891946601428),
        (123, 1 / 16, [-1.2495071116824454, 1.7242912043739704, -0.2530487695428358], -0.4096530842818547),
    ],
)
def test_minimisers_of_the_ledger(seed, stabiliser, x_star, value):
    f, theta = tanh_network(stabiliser), stored_theta(seed)
    x = tensor(*x_star)
    slope, curvature = derivatives(f, x, theta)
    assert torch.linalg.eigvalsh(curvature).min() > 0
    assert torch.linalg.solve(curvature, slope).norm() < 1e-12
    assert f(x, theta).item() == pytest.approx(value, rel=1e-7)


def test_curvature_of_2023_at_its_minimum():
    _, curvature = derivatives(tanh_network(), tensor(4.3858248614026385), stored_theta(2023))
    assert curvature.item() == pytest.approx(0.006866230482044032, rel=1e-9)


def test_bare_456_keeps_falling_to_the_left():
    f, theta = tanh_network(), stored_theta(456)
    values = [f(tensor(x), theta).item() for x in (-10, -20, -30, -40)]
    assert values == sorted(values, reverse=True) and values[-1] > -0.7400733829


def test_bare_123_is_flat_along_the_null_direction_of_its_first_layer():
    f, theta = tanh_network(), stored_theta(123)
    null = tensor(0.04141484289, 0.17438984584, 0.98380536309)
    x = tensor(-10.278391460465638, 9.144972085336095, -8.950106669835773)
    assert (stored_weights(123).W1 @ null).norm() < 1e-10
    assert f(x + 7 * null, theta).item() == pytest.approx(f(x, theta).item(), abs=1e-9)


def test_stored_weights_are_fresh_copies():
    stored_weights(456).W1.zero_()
    assert stored_weights(456).W1.abs().min() > 0


def test_unknown_seed_is_refused():
    with pytest.raises(ValueError, match="2023"):
        stored_weights(7)


@pytest.mark.parametrize("theta", [torch.zeros(8), torch.zeros(0), torch.zeros(3, 3)])
def test_theta_that_fits_no_network_is_refused(theta):
    with pytest.raises(ValueError, match="theta needs shape"):
        tanh_network()(torch.zeros(1), theta)
