import math

import pytest
import torch

from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.homogeneous import (
    euler_step,
    hidden_inputs,
    layer_gradients,
    loss_gradients,
    network,
    runge_kutta_step,
    train,
)


def problem(seed=0, widths=(3, 4, 2, 1), samples=5):
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(shape, dtype=torch.float64, generator=generator)

    weights = [draw(after, before) / before**0.5 for before, after in zip(widths, widths[1:])]
    return weights, draw(widths[0], samples), draw(samples)


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("alpha", [0.5, 3.0])
def test_network_is_homogeneous_of_degree_one_in_each_layer(layer, alpha):
    weights, X, _ = problem()
    scaled = [alpha * w if h == layer else w for h, w in enumerate(weights)]
    torch.testing.assert_close(network(scaled, X), alpha * network(weights, X))


def test_one_point_gives_the_entry_of_a_column():
    weights, X, _ = problem()
    torch.testing.assert_close(network(weights, X[:, 2]), network(weights, X)[2])
    assert network(weights, X[:, 2]).shape == ()


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("activation", [torch.relu, torch.tanh])
def test_gradients_agree_with_finite_differences(layer, activation):
    weights, X, Y = problem()

    def value(w):
        return network([*weights[:layer], w, *weights[layer + 1 :]], X, activation)

    def loss(w):
        return (value(w) - Y).square().mean() / 2

    by_differences = central_gradient(loss, weights[layer])
    torch.testing.assert_close(loss_gradients(weights, X, Y, activation)[layer], by_differences, rtol=1e-6, atol=1e-8)
    by_differences = central_gradient(lambda w: value(w)[0], weights[layer])
    found = layer_gradients(weights, X[:, 0], activation)[layer]
    torch.testing.assert_close(found, by_differences, rtol=1e-6, atol=1e-8)


def test_last_hidden_input_leads_to_the_value():
    weights, X, _ = problem()
    inputs = hidden_inputs(weights, X)
    assert [z.shape for z in inputs] == [(4, 5), (2, 5)]
    torch.testing.assert_close((weights[-1] @ torch.relu(inputs[-1]))[0], network(weights, X))


def test_training_lowers_the_loss_and_leaves_the_weights_alone():
    weights, X, Y = problem()
    before = [w.clone() for w in weights]
    after = train(weights, X, Y, lr=0.01, time=1.0)
    assert all(torch.equal(a, b) for a, b in zip(weights, before))
    assert (network(after, X) - Y).square().mean() < (network(weights, X) - Y).square().mean()


@pytest.mark.parametrize(("step", "order"), [(euler_step, 1), (runge_kutta_step, 4)])
def test_steps_have_their_order_on_a_linear_flow(step, order):
    # dw/dt = −(w − 3) on one weight and one sample: w(1) = 3 − 2/e from w(0) = 1
    start, one, three = (
        [torch.ones(1, 1, dtype=torch.float64)],
        torch.ones(1, 1, dtype=torch.float64),
        torch.tensor([3.0]).double(),
    )
    errors = [abs(train(start, one, three, lr, 1.0, step)[0].item() - 3 + 2 / math.e) for lr in (0.1, 0.05)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.15)


def test_whole_number_of_steps_is_rounded_and_not_cut_off():
    weights, X, Y = problem()
    counted = []
    train(weights, X, Y, 0.05, 0.35, lambda at, field, lr: counted.append(1) or at)
    assert len(counted) == 7


@pytest.mark.parametrize(("lr", "time"), [(0.0, 1.0), (-0.1, 1.0), (0.1, -1.0)])
def test_impossible_training_is_refused(lr, time):
    with pytest.raises(ValueError, match="lr > 0"):
        train(*problem(), lr=lr, time=time)
