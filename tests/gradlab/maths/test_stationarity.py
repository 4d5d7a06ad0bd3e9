import pytest
import torch

from gradlab.maths.networks import stored_theta, tanh_network
from gradlab.maths.stationarity import stationarity_certificate


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


@pytest.mark.parametrize("dimension", [12, 300])
def test_certificate_tells_the_spectrum_and_the_newton_step(dimension):
    f, x, theta, P, _ = quadratic(dimension, 4, 20, seed=10)
    error = torch.full_like(x, 1e-8)
    certificate = stationarity_certificate(f, x + error, theta)
    accuracy = 1e-9 if dimension <= 200 else 0.3  # dense, or an estimate from few products
    assert certificate.smallest_eigenvalue == pytest.approx(1 / 20, rel=accuracy)
    assert certificate.condition == pytest.approx(20, rel=accuracy)
    assert certificate.gradient_norm == pytest.approx((P @ error).norm().item(), rel=1e-4)
    assert certificate.newton_step >= 0.7 * error.norm().item()
    if dimension <= 200:
        assert certificate.newton_step == pytest.approx(error.norm().item(), rel=1e-4)


def test_small_gradient_and_positive_curvature_are_not_enough():
    with pytest.raises(ValueError, match=r"not stationary.*1\.39 long"):
        stationarity_certificate(tanh_network(), tensor(-12.196703910827637), stored_theta(456))


def test_hessian_of_rank_two_is_found_singular():
    x = tensor(-10.278391460465638, 9.144972085336095, -8.950106669835773)
    with pytest.raises(ValueError, match="singular"):
        stationarity_certificate(tanh_network(), x, stored_theta(123))


@pytest.mark.parametrize("dimension", [6, 400])
@pytest.mark.parametrize("last", [0.0, -0.01])
@pytest.mark.parametrize("solve", ["auto", "cg"])
def test_one_flat_or_falling_direction_is_found_in_any_dimension(dimension, last, solve):
    _, x, theta, P, _ = quadratic(dimension, 4, 10, seed=11)
    values, vectors = torch.linalg.eigh(P)
    values[0] = last
    bad = vectors @ torch.diag(values) @ vectors.T
    with pytest.raises(ValueError, match="strict minimum|singular"):
        stationarity_certificate(lambda x, theta: x @ bad @ x / 2, torch.zeros_like(x), theta, solve=solve)


def test_maximum_and_linear_function_are_refused():
    for f in (lambda x, theta: -(x @ x), lambda x, theta: x.sum() * theta.sum()):
        with pytest.raises(ValueError, match="strict minimum"):
            stationarity_certificate(f, torch.zeros(2, dtype=torch.float64), tensor(0))


def test_tolerance_counts_in_units_of_x():
    f = lambda x, theta: ((x - theta) ** 2).sum()  # noqa: E731
    x = tensor(1000.0)
    assert stationarity_certificate(f, x, x + 9e-4).newton_step == pytest.approx(9e-4, rel=1e-6)
    with pytest.raises(ValueError, match="not stationary"):
        stationarity_certificate(f, x, x + 2e-3)
    assert stationarity_certificate(f, x, x + 2e-3, tol=1e-5)


def test_not_a_number_is_refused():
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not finite"):
            stationarity_certificate(lambda x, theta: (x * theta).square().sum(), tensor(1), tensor(value))
