import pytest
import torch

from gradlab.maths.balance import balancedness, predicted_drift


def relu_loss(weights, X, Y, activation=torch.relu):
    value = X
    for weight in weights[:-1]:
        value = activation(weight @ value)
    return ((weights[-1] @ value)[0] - Y).square().mean() / 2


def problem(seed, *widths):
    generator = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.randn(*shape, dtype=torch.float64, generator=generator)  # noqa: E731
    weights = [(draw(m, n) / n**0.5).requires_grad_() for n, m in zip(widths, widths[1:])]
    return weights, draw(widths[0], 8), draw(8)


@pytest.mark.parametrize("seed, widths", [(1, (3, 5, 4, 1)), (2, (2, 6, 1)), (3, (4, 3, 3, 3, 1))])
@pytest.mark.parametrize("lr", [0.1, 1e-3])
def test_drift_of_one_step_is_exactly_the_prediction(seed, widths, lr):
    weights, X, Y = problem(seed, *widths)
    gradients = torch.autograd.grad(relu_loss(weights, X, Y), weights)
    after = [weight - lr * gradient for weight, gradient in zip(weights, gradients)]
    drift = balancedness(after) - balancedness(weights)
    assert drift.shape == (len(widths) - 2,)
    torch.testing.assert_close(drift, predicted_drift(gradients, lr), rtol=1e-7, atol=1e-14)


def test_tanh_network_drifts_at_first_order():
    weights, X, Y = problem(4, 3, 5, 1)
    gradients = torch.autograd.grad(relu_loss(weights, X, Y, torch.tanh), weights)
    after = [weight - 1e-4 * gradient for weight, gradient in zip(weights, gradients)]
    drift = balancedness(after) - balancedness(weights)
    assert drift.abs() > 100 * predicted_drift(gradients, 1e-4).abs()


def test_scalar_net_follows_its_exact_law():
    u, v = (torch.tensor(value, dtype=torch.float64) for value in (2.0, 0.5))
    y, lr = 3.0, 0.1
    for _ in range(5):
        residual = u * v - y
        before = balancedness([u, v])
        expected = (1 - lr**2 * residual**2) * before
        torch.testing.assert_close(before + predicted_drift([residual * v, residual * u], lr), expected)
        u, v = u - lr * residual * v, v - lr * residual * u
        torch.testing.assert_close(balancedness([u, v]), expected)


def test_norms_of_the_rational_network():
    weights = [[[1, -0.5], [0.5, 1], [-1, 1]], [[1, -0.5, 0.5], [0.5, 1, 1]], [[1, -1]]]
    assert balancedness([torch.tensor(weight) for weight in weights]).tolist() == [2.25 - 1.875, 1.875 - 1]


def test_balancedness_keeps_the_graph():
    weights, _, _ = problem(5, 3, 2, 1)
    (first, second) = torch.autograd.grad(balancedness(weights).sum(), weights)
    assert torch.equal(first, weights[0]) and torch.equal(second, -weights[1])


def test_single_layer_is_refused():
    for function in (balancedness, lambda gradients: predicted_drift(gradients, 0.1)):
        with pytest.raises(ValueError, match="at least two layers"):
            function([torch.ones(2, 2)])
