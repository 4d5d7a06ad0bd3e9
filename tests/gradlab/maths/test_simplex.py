import pytest
import torch

from gradlab.maths.finite_differences import central_jacobian
from gradlab.maths.simplex import project_onto_simplex, simplex_jacobian, simplex_threshold

POINTS = [
    (0.4,),
    (0.5, 0.9, -3.0),
    (0.2, 0.3, 0.5),
    (2.0, 0.0, 0.0),
    (0.7, 0.7, 0.1, 0.1),
    (1000.1, 1000.5, 999.0),
]


@pytest.mark.parametrize("entries", POINTS)
def test_projection_satisfies_the_karush_kuhn_tucker_conditions(entries):
    y = torch.tensor(entries, dtype=torch.float64)
    x, threshold = project_onto_simplex(y), simplex_threshold(y)
    assert bool((x >= 0).all()) and x.sum().item() == pytest.approx(1)
    multipliers = x - y + threshold  # of x ≥ 0; τ is that of Σx = 1
    assert bool((multipliers >= -1e-12).all()) and (multipliers @ x).item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("entries", POINTS)
def test_jacobian_is_a_projector_and_agrees_with_finite_differences(entries):
    y = torch.tensor(entries, dtype=torch.float64)
    J = simplex_jacobian(y)
    torch.testing.assert_close(J @ J, J)
    torch.testing.assert_close(J, J.T)
    assert J.trace().item() == pytest.approx((project_onto_simplex(y) > 0).sum().item() - 1)
    torch.testing.assert_close(J, central_jacobian(project_onto_simplex, y), rtol=0, atol=1e-6)
    torch.testing.assert_close(J, torch.autograd.functional.jacobian(project_onto_simplex, y))


def test_other_shapes_are_refused():
    for y in (torch.zeros(2, 2), torch.zeros(0), torch.zeros(())):
        with pytest.raises(ValueError, match="shape"):
            project_onto_simplex(y)
