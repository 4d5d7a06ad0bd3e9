import pytest
import torch

from gradlab.maths.ista import ista
from gradlab.maths.lasso import lasso_solution

D = torch.tensor([[2, 1, 0, 1], [0, 1, 2, -1], [1, 0, 1, 2], [1, -1, 1, 0], [0, 2, -1, 1]], dtype=torch.float64)
B = torch.tensor([3, -1, 2, 4, 1], dtype=torch.float64)


@pytest.mark.parametrize("momentum", [False, True])
@pytest.mark.parametrize("lam", [0.3, 2.0, 6.0, 13.0])
def test_reaches_the_solution(lam, momentum):
    assert torch.allclose(ista(D, B, lam, 400, momentum=momentum), lasso_solution(D, B, lam), atol=1e-8)


def test_the_solution_stays_where_it_is():
    x = lasso_solution(D, B, 2.0)
    assert torch.allclose(ista(D, B, 2.0, 3, x0=x), x)


def test_no_step_is_the_start():
    assert torch.equal(ista(D, B, 2.0, 0), torch.zeros(4, dtype=torch.float64))


def test_objective_never_rises_without_momentum():
    xs = [ista(D, B, 2.0, steps) for steps in range(12)]
    losses = [((D @ x - B) ** 2).sum() / 2 + 2.0 * x.abs().sum() for x in xs]
    assert all(after <= before for before, after in zip(losses, losses[1:]))


def test_graph_reaches_b_lam_and_the_start():
    b, lam, x0 = (
        B.clone().requires_grad_(),
        torch.tensor(2.0, requires_grad=True),
        torch.ones(4).double().requires_grad_(),
    )
    assert torch.autograd.gradcheck(lambda b, lam, x0: ista(D, b, lam, 3, x0), (b, lam.double(), x0))
