import pytest
import torch
from torch.autograd import gradcheck

from gradlab.maths.finite_differences import central_jacobian
from gradlab.maths.implicit import argmin_vjp, implicit_argmin, minimise
from gradlab.maths.networks import split, stored_theta, stored_weights, tanh_network


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def quadratic(dimension, parameters, condition, seed):
    """½ xᵀPx − xᵀQθ with its minimiser P⁻¹Qθ."""
    generator = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.randn(*shape, dtype=torch.float64, generator=generator)  # noqa: E731
    basis = torch.linalg.qr(draw(dimension, dimension)).Q
    P = basis @ torch.diag(torch.linspace(1, 1 / condition, dimension, dtype=torch.float64)) @ basis.T
    P, Q, theta = (P + P.T) / 2, draw(dimension, parameters), draw(parameters)
    return lambda x, theta: x @ P @ x / 2 - x @ Q @ theta, torch.linalg.solve(P, Q @ theta), theta, P, Q


# --- vector-Jacobian product --------------------------------------------------------------------------------


def test_vjp_of_the_exact_quadratic():
    P, Q = tensor([2, 1], [1, 3]), tensor([1, 0, 2], [-1, 1, 0])
    f = lambda x, theta: x @ P @ x / 2 - x @ Q @ theta  # noqa: E731
    theta = tensor(0.3, -1, 2)
    x = torch.linalg.solve(P, Q @ theta)
    rows = [argmin_vjp(f, x, theta, v) for v in torch.eye(2, dtype=torch.float64)]
    torch.testing.assert_close(torch.stack(rows), tensor([0.8, -0.2, 1.2], [-0.6, 0.4, -0.4]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "solve, dimension, condition",
    [
        *((solve, *size) for solve in ("auto", "cholesky", "cg") for size in ((1, 1), (7, 13), (60, 40), (260, 13))),
        ("auto", 260, 1e6),
        ("cholesky", 260, 1e6),
    ],
)
def test_vjp_of_a_quadratic_is_the_linear_solve(dimension, condition, solve):
    f, x, theta, P, Q = quadratic(dimension, 4, condition, seed=6)
    v = torch.randn(dimension, dtype=torch.float64, generator=torch.Generator().manual_seed(7))
    expected = Q.T @ torch.linalg.solve(P, v)
    torch.testing.assert_close(argmin_vjp(f, x, theta, v, solve=solve), expected, rtol=1e-7, atol=1e-9 * condition)


def test_vjp_of_the_forum_network():
    theta = stored_theta(2023)
    dW1, db1, dw2 = split(argmin_vjp(tanh_network(), tensor(4.3858248614026385), theta, tensor(1)), 1)
    expected = (
        (dW1[:, 0], (2.820596678066787, -8.893903313977244, -0.07908433965507838)),
        (db1, (-1.6799849160641873, -2.771969986120113, -0.020659915656001553)),
        (dw2, (13.707411880571115, -4.415952079275663, -0.028255331394795587)),
    )
    for computed, ledger in expected:
        torch.testing.assert_close(computed, tensor(*ledger), rtol=1e-9, atol=0)


def test_euler_identities_of_the_bare_network():
    x = minimise(tanh_network(), tensor(0), stored_theta(2023))
    W1, _, w2 = stored_weights(2023)
    dW1, db1, dw2 = split(argmin_vjp(tanh_network(), x, stored_theta(2023), tensor(1)), 1)
    assert (W1 * dW1).sum().item() == pytest.approx(-x.item(), rel=1e-9)
    assert (W1[:, 0] * db1).sum().item() == pytest.approx(-1, rel=1e-9)
    assert (w2 * dw2).sum().item() == pytest.approx(0, abs=1e-9)


def test_column_of_the_stabilised_network_in_three_dimensions():
    f, theta = tanh_network(1 / 16), stored_theta(123)
    x = minimise(f, torch.zeros(3, dtype=torch.float64), theta)
    column = [argmin_vjp(f, x, theta, v)[0].item() for v in torch.eye(3, dtype=torch.float64)]
    assert column == pytest.approx([-1.9006640675002568, -0.8844994458867054, 0.09877621568709839], rel=1e-9)


def test_vjp_is_shaped_like_theta_and_zero_where_f_ignores_theta():
    f = lambda x, theta: ((x - theta[0, 0]) ** 2).sum()  # noqa: E731
    theta = torch.ones(2, 3, dtype=torch.float64)
    vjp = argmin_vjp(f, tensor(1, 1), theta, tensor(2, 3))
    torch.testing.assert_close(vjp, tensor([5, 0, 0], [0, 0, 0]))
    assert argmin_vjp(lambda x, theta: (x - 1) @ (x - 1), tensor(1, 1), tensor(0)[0], tensor(1, 1)).shape == ()


@pytest.mark.parametrize("solve", ["cholesky", "cg"])
def test_float32_is_kept(solve):
    _, x, theta, P, Q = quadratic(20, 4, 10, seed=8)
    g = lambda x, theta: x @ P.float() @ x / 2 - x @ Q.float() @ theta  # noqa: E731
    vjp = argmin_vjp(g, x.float(), theta.float(), torch.ones(20), solve=solve)
    assert vjp.dtype == torch.float32
    torch.testing.assert_close(vjp.double(), Q.T @ torch.linalg.solve(P, torch.ones(20).double()), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("solve", ["auto", "cholesky", "cg"])
def test_vjp_of_zero_is_zero(solve):
    f, x, theta, _, _ = quadratic(260, 4, 5, seed=15)
    assert not argmin_vjp(f, x, theta, torch.zeros_like(x), solve=solve).any()


def test_arguments_are_left_as_they_were():
    f, x, theta, _, _ = quadratic(5, 4, 3, seed=9)
    x.requires_grad_(), theta.requires_grad_()
    before = x.detach().clone(), theta.detach().clone()
    vjp = argmin_vjp(f, x, theta, torch.ones(5, dtype=torch.float64))
    assert x.grad is None and theta.grad is None and not vjp.requires_grad
    assert torch.equal(x, before[0]) and torch.equal(theta, before[1])


# --- minimise and the layer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seed, stabiliser, expected",
    [
        (2023, 0.0, [4.3858248614026385]),
        (456, 1 / 16, [-1.1468871161192833]),
        (123, 1 / 16, [-1.2495071116824452, 1.7242912043739702, -0.2530487695428358]),
    ],
)
def test_minimise_finds_the_minima_of_the_ledger(seed, stabiliser, expected):
    x = minimise(tanh_network(stabiliser), torch.zeros(len(expected), dtype=torch.float64), stored_theta(seed))
    assert not x.requires_grad
    assert x.tolist() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed, dimension", [(456, 1), (123, 3)])
def test_minimise_refuses_a_function_without_a_minimum(seed, dimension):
    with pytest.raises(ValueError, match="no minimum here|singular"):
        minimise(tanh_network(), torch.zeros(dimension, dtype=torch.float64), stored_theta(seed))


def test_minimise_stays_in_the_valley_of_its_start():
    f = lambda x, theta: ((x**2 - 1) ** 2).sum() + theta @ x  # noqa: E731
    for start in (-1.3, 1.3):
        assert minimise(f, tensor(start), tensor(0.1)).item() * start > 0


def test_minimise_refuses_a_minimum_without_curvature():
    with pytest.raises(ValueError, match="not stationary|strict minimum"):
        minimise(lambda x, theta: (x**4).sum(), tensor(1.0), tensor(0))


def test_minimise_reaches_rounding_in_many_dimensions():
    f, x, theta, _, _ = quadratic(300, 4, 13, seed=12)
    torch.testing.assert_close(minimise(f, torch.zeros_like(x), theta), x, rtol=1e-9, atol=1e-9)


def test_minimise_keeps_float32():
    f = lambda x, theta: ((x - theta) ** 2).sum() + (x**4).sum()  # noqa: E731
    x = minimise(f, torch.zeros(2), torch.tensor([1.0, -2.0]))
    assert x.dtype == torch.float32
    torch.testing.assert_close(4 * x**3 + 2 * x, torch.tensor([2.0, -4.0]), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed, stabiliser, dimension", [(2023, 0.0, 1), (456, 1 / 16, 1), (123, 1 / 16, 3)])
def test_layer_passes_gradcheck(seed, stabiliser, dimension):
    layer = implicit_argmin(tanh_network(stabiliser), torch.zeros(dimension, dtype=torch.float64))
    assert gradcheck(layer, stored_theta(seed).requires_grad_())


def test_layer_agrees_with_finite_differences_inside_a_longer_computation():
    layer = implicit_argmin(tanh_network(1 / 16), torch.zeros(3, dtype=torch.float64))
    loss = lambda theta: (layer(theta.sin() + theta) ** 2).sum()  # noqa: E731
    theta = stored_theta(123).requires_grad_()
    (gradient,) = torch.autograd.grad(loss(theta), theta)
    torch.testing.assert_close(gradient, central_jacobian(loss, theta), rtol=1e-7, atol=1e-8)


def test_layer_keeps_no_graph_through_the_iterations():
    layer = implicit_argmin(tanh_network(1 / 16), torch.zeros(3, dtype=torch.float64))
    x = layer(stored_theta(123).requires_grad_())
    assert [type(node).__name__ for node, _ in x.grad_fn.next_functions if node] == ["AccumulateGrad"]


def test_layer_without_a_minimum_is_refused():
    layer = implicit_argmin(tanh_network(), torch.zeros(1, dtype=torch.float64))
    with pytest.raises(ValueError, match="no minimum here|singular"):
        layer(stored_theta(456).requires_grad_())


# --- wrong arguments ----------------------------------------------------------------------------------------


def test_wrong_arguments_are_named():
    f, x, theta, _, _ = quadratic(3, 4, 2, seed=13)
    with pytest.raises(ValueError, match="shape of x"):
        argmin_vjp(f, x, theta, torch.ones(4, dtype=torch.float64))
    with pytest.raises(ValueError, match=r"x needs shape \(d,\)"):
        argmin_vjp(f, x[None], theta, x[None])
    with pytest.raises(ValueError, match="one number"):
        argmin_vjp(lambda x, theta: x, x, theta, x)
    with pytest.raises(ValueError, match="cut"):
        argmin_vjp(lambda x, theta: x.detach().sum(), x, theta, x)
    with pytest.raises(ValueError, match="solve is"):
        argmin_vjp(f, x, theta, x, solve="lu")


def test_cg_refuses_a_hessian_that_is_too_ill_conditioned():
    f, x, theta, _, _ = quadratic(260, 4, 1e14, seed=14)
    with pytest.raises(ValueError, match="Conjugate gradients|strict minimum"):
        argmin_vjp(f, x, theta, x, solve="cg")
