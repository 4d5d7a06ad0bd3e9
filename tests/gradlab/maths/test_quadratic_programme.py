import pytest
import torch

from gradlab.maths.finite_differences import central_jacobian
from gradlab.maths.quadratic_programme import QuadraticProgramme, active_conditions, solve
from gradlab.maths.roots import root_vjp


def draw(*shape, seed):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def programme(seed):
    factor, A = draw(4, 4, seed=seed), draw(3, 4, seed=seed + 100)
    return QuadraticProgramme(factor @ factor.T + torch.eye(4), A, draw(3, seed=seed + 200)), draw(4, seed=seed + 300)


@pytest.mark.parametrize("seed", range(8))
def test_solution_satisfies_the_karush_kuhn_tucker_conditions(seed):
    (P, A, b), q = programme(seed)
    x, multipliers = solve(QuadraticProgramme(P, A, b), q)
    slack = b - A @ x
    torch.testing.assert_close(P @ x - q + A.T @ multipliers, 0 * q, rtol=0, atol=1e-10)
    assert bool((slack >= -1e-10).all()) and bool((multipliers >= 0).all())
    assert (slack * multipliers).abs().max() < 1e-10


@pytest.mark.parametrize("seed", range(8))
def test_derivative_through_the_active_constraints_agrees_with_finite_differences(seed):
    given, q = programme(seed)
    x, multipliers = solve(given, q)
    active, v = multipliers > 0, draw(4, seed=seed + 400)
    z = torch.cat([x, multipliers[active]])
    assert active_conditions(given, active)(z, q).abs().max() < 1e-10
    vjp = root_vjp(active_conditions(given, active), z, q, torch.cat([v, 0 * multipliers[active]]))
    expected = v @ central_jacobian(lambda q: solve(given, q).x, q)
    torch.testing.assert_close(vjp, expected, rtol=1e-6, atol=1e-7)
