import pytest
import torch
from torch.autograd import gradcheck

from gradlab.maths.fixed_points import fixed_point, fixed_point_vjp, implicit_fixed_point, neumann_vjp
from gradlab.maths.graph_cost import graph_cost


def draw(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def neurons(d, factor, seed=0):
    """tanh(Wz + θ) with a W that is not symmetric and has norm `factor`: a contraction below 1."""
    W = draw(d, d, seed=seed)
    W = W * factor / torch.linalg.matrix_norm(W, 2)
    return W, lambda z, theta: torch.tanh(W @ z + theta)


@pytest.mark.parametrize("factor", [0.1, 0.9, 0.99])
@pytest.mark.parametrize("distance", [0.0, 1e6])
def test_contraction_has_one_fixed_point_from_any_start(factor, distance):
    _, phi = neurons(5, factor)
    theta = draw(5, seed=1)
    z = fixed_point(phi, distance * draw(5, seed=2), theta)
    torch.testing.assert_close(phi(z, theta), z, rtol=0, atol=1e-11)
    torch.testing.assert_close(z, fixed_point(phi, torch.zeros(5).double(), theta), rtol=0, atol=1e-9)


def test_large_fixed_point_is_judged_by_its_size():
    z = fixed_point(lambda z, theta: z / 3 + 1e12, torch.zeros(2).double(), torch.zeros(()))
    torch.testing.assert_close(z, torch.full((2,), 1.5e12, dtype=torch.float64), rtol=1e-10, atol=0)


WITHOUT_A_LIMIT = {
    "drift": lambda z, theta: z + 1,
    "growth": lambda z, theta: 2 * z + 1,
    "growth whose steps are smaller than z": lambda z, theta: 1.5 * z + 1,
    "swing": lambda z, theta: -z + 1,
    "overflow": lambda z, theta: z.exp(),
    "nan": lambda z, theta: z.log(),
}


@pytest.mark.parametrize("phi", WITHOUT_A_LIMIT.values(), ids=WITHOUT_A_LIMIT)
def test_without_a_limit_the_iteration_is_refused(phi):
    with pytest.raises(ValueError, match="No fixed point"):
        fixed_point(phi, torch.ones(2).double(), torch.zeros(()))


def test_float32_is_kept():
    _, phi = neurons(4, 0.8)
    z = fixed_point(lambda z, theta: phi(z.double(), theta.double()).float(), torch.zeros(4), torch.ones(4))
    assert z.dtype is torch.float32


def test_layer_passes_gradcheck():
    _, phi = neurons(4, 0.9)
    assert gradcheck(implicit_fixed_point(phi, torch.zeros(4).double()), draw(4).requires_grad_(), nondet_tol=1e-8)


def test_memory_is_flat_where_that_of_the_iteration_grows():
    _, phi = neurons(4, 0.5)
    theta = draw(4).requires_grad_()

    def unrolled(steps):
        z = torch.zeros(4).double()
        for _ in range(steps):
            z = phi(z, theta)
        return z

    few, many = (graph_cost(unrolled, steps).saved_bytes for steps in (10, 100))
    near, far = (
        graph_cost(implicit_fixed_point(phi, start), theta).saved_bytes
        for start in (unrolled(100).detach(), 1e6 * draw(4))
    )
    assert near == far < few < many / 5


@pytest.mark.parametrize("terms", [1, 2, 5])
def test_neumann_terms_are_the_truncated_series_anywhere(terms):
    W, _ = neurons(3, 0.7)
    phi = lambda z, theta: W @ z * z.sum() + theta.flatten()[:3] ** 2  # noqa: E731
    z, theta, v = draw(3, seed=1), draw(2, 3, seed=2), draw(3, seed=3)
    in_z, in_theta = torch.func.jacrev(phi, argnums=(0, 1))(z, theta)
    series = sum(torch.linalg.matrix_power(in_z, j) for j in range(terms))
    expected = torch.tensordot(v @ series, in_theta, dims=1)
    torch.testing.assert_close(neumann_vjp(phi, z, theta, v, terms), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("radius", [0.3, 0.8])
def test_error_of_the_series_falls_at_the_spectral_radius(radius):
    W = torch.tensor([[0, radius], [-radius, 0]], dtype=torch.float64)
    phi = lambda z, theta: W @ z + theta  # noqa: E731
    theta, v = draw(2), draw(2, seed=1)
    z = fixed_point(phi, torch.zeros(2).double(), theta)
    exact = fixed_point_vjp(phi, z, theta, v)
    errors = [(neumann_vjp(phi, z, theta, v, k) - exact).norm().item() for k in (4, 14)]
    assert errors[1] / errors[0] == pytest.approx(radius**10, rel=1e-6)


def test_one_step_is_a_descent_direction_where_theta_is_well_conditioned_and_uphill_where_not():
    """⟨φ_θᵀv, φ_θᵀu⟩ > 0 for every v if ‖φ_z‖ < 1 and φ_θ φ_θᵀ = I."""
    for seed in range(20):
        _, phi = neurons(4, 0.95, seed)
        shifted = lambda z, theta, phi=phi: phi(z, 0 * theta) + theta  # noqa: E731
        z, theta, v = draw(4, seed=seed + 1), draw(4, seed=seed + 2), draw(4, seed=seed + 3)
        assert neumann_vjp(shifted, z, theta, v, 1) @ fixed_point_vjp(shifted, z, theta, v) > 0
    chain = lambda z, theta: torch.stack([theta, 0.9 * z[0]])  # noqa: E731
    z, theta, v = torch.tensor([1, 0.9]).double(), torch.tensor(1.0).double(), torch.tensor([1, -2.0]).double()
    one, exact = neumann_vjp(chain, z, theta, v, 1).item(), fixed_point_vjp(chain, z, theta, v).item()
    assert (one, exact) == pytest.approx((1, -0.8))


def test_nothing_is_asked_of_a_function_that_ignores_an_argument():
    z, theta, v = draw(2), draw(3), draw(2)
    for phi in (lambda z, theta: z / 2, lambda z, theta: torch.ones(2).double()):
        assert torch.equal(neumann_vjp(phi, z, theta, v, 3), torch.zeros_like(theta))
    assert torch.equal(neumann_vjp(lambda z, theta: theta[:2], z, theta, v, 3)[:2], v)


def test_no_term_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one term"):
        neumann_vjp(lambda z, theta: z, draw(2), draw(2), draw(2), 0)
