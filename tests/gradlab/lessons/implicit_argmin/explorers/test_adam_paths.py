import pytest
import torch

from gradlab.lessons.implicit_argmin.explorers.adam_paths import MOVED, adam, network
from gradlab.maths.networks import pack, stored_weights, tanh_network


@pytest.mark.parametrize("seed", [2023, 456])
@pytest.mark.parametrize("x", [-3.0, 0.4])
def test_slopes_of_the_plain_network_are_those_of_autograd(seed, x):
    f, theta = tanh_network(1 / 16), pack(stored_weights(seed))
    point = torch.tensor([x], dtype=torch.float64)
    at = network(seed, 1 / 16).at(x)
    gradient = torch.func.grad(f)
    assert at.value == pytest.approx(f(point, theta).item(), rel=1e-12)
    assert at.gradient == pytest.approx(gradient(point, theta).item(), rel=1e-12)
    assert at.curvature == pytest.approx(torch.func.jacrev(gradient)(point, theta).item(), rel=1e-12)
    push = torch.func.jacrev(gradient, argnums=1)(point, theta)[0, MOVED]
    assert at.push == pytest.approx(push.item(), rel=1e-12)


def test_plain_adam_walks_as_torch_does():
    theta = pack(stored_weights(2023))
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([x], lr=0.5)
    points, _ = adam(network(2023), 0.5, 30)
    for k in range(1, 31):
        x.grad = torch.autograd.grad(tanh_network()(x, theta), x)[0]
        optimiser.step()
        assert points[k] == pytest.approx(x.item(), rel=1e-9)


def test_derivative_through_the_steps_is_that_of_the_program():
    net, h = network(2023), 1e-6
    _, slopes = adam(net, 0.5, 60)
    above, below = (adam(net.moved(sign * h), 0.5, 60)[0] for sign in (1, -1))
    for k in (5, 20, 60):
        assert slopes[k] == pytest.approx((above[k] - below[k]) / (2 * h), rel=1e-5)
