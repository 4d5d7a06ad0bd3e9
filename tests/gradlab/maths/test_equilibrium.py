import pytest
import torch
from torch.autograd import gradcheck

from gradlab.maths.equilibrium import settle
from gradlab.maths.fixed_points import implicit_fixed_point
from gradlab.maths.graph_cost import graph_cost


def draw(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def contraction(d, factor=0.8):
    W = draw(d, d)
    return W * factor / torch.linalg.matrix_norm(W, 2)


def test_batch_is_every_row_by_itself():
    W, pushed = contraction(4), draw(3, 4, seed=1).requires_grad_()
    z = settle(lambda z: torch.tanh(z @ W.T + pushed), torch.zeros(3, 4).double(), tol=1e-12)
    v = draw(3, 4, seed=2)
    layer = implicit_fixed_point(lambda z, theta: torch.tanh(W @ z + theta), torch.zeros(4).double())
    rows = torch.stack([layer(row) for row in pushed])
    torch.testing.assert_close(z, rows)
    (found,), (expected,) = (torch.autograd.grad(result, pushed, v) for result in (z, rows))
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("scale", [1.0, 1e-6])
def test_gradient_of_the_weights_passes_gradcheck_also_for_a_small_loss(scale):
    pushed = draw(2, 3, seed=1)
    loss = lambda W: settle(lambda z: torch.tanh(z @ W.T + pushed), 0 * pushed, tol=1e-13) * scale  # noqa: E731
    assert gradcheck(loss, contraction(3).requires_grad_(), atol=1e-6 * scale, eps=1e-6, nondet_tol=1e-8)


def test_memory_does_not_depend_on_the_way():
    pushed = draw(5, 3).requires_grad_()
    kept = {
        graph_cost(lambda: settle(lambda z: factor * torch.tanh(z) + pushed, start * draw(5, 3))).saved_bytes  # noqa: B023
        for factor in (0.1, 0.95)
        for start in (0, 1e3)
    }
    assert len(kept) == 1


def test_without_a_gradient_nothing_is_kept():
    assert settle(lambda z: z / 2 + 1, torch.zeros(2)).grad_fn is None


def test_step_that_does_not_settle_is_refused():
    for step in (lambda z: z + 1, lambda z: -z + 1, lambda z: z.log(), lambda z: 1.5 * z, lambda z: z.exp()):
        with pytest.raises(ValueError, match="not settled|finite numbers"):
            settle(step, torch.full((2,), 3.0))
