import pytest
import torch

from gradlab.lessons.wasteful_module import functions as modules
from gradlab.maths.matrices import create_symmetric_invertible_matrix

M = create_symmetric_invertible_matrix(5)
A = create_symmetric_invertible_matrix(5, seed=10)
x = torch.tensor([0.1, 5.0, -2.3, -1.0, -2.0], dtype=torch.float64)
T = 3.14
INTACT = [
    modules.Efficient(T, M), modules.Wasteful(T, M, 3), modules.ByCholesky(T, M), modules.UsesA(T, M), modules.Smooth(20.0, M),
]  # fmt: skip
MISSING = [
    modules.Published(T, M, 1), modules.Detached(T, M), modules.ThroughNumpy(T, M), modules.ThroughData(T, M), modules.WithoutGrad(T, M),
]  # fmt: skip
FALSE = [
    modules.StraightThrough(T, M),
    modules.HalfCut(T, M),
    modules.OneEntryCut(T, M, entry=1),
    modules.Silenced(T, M),
]


def name(module):
    return type(module).__name__


def gradient_in_x(module):
    point = x.clone().requires_grad_(True)
    g = module(point, A)
    return torch.autograd.grad(g.sum(), point, allow_unused=True)[0] if g.requires_grad else None


@pytest.mark.parametrize("module", INTACT, ids=name)
def test_intact_module_passes_gradcheck(module):
    point = x.clone().requires_grad_(True)
    assert torch.autograd.gradcheck(lambda point: module(point, A), point, atol=1e-5)


@pytest.mark.parametrize("module", MISSING, ids=name)
def test_cut_module_has_no_gradient_in_x(module):
    assert gradient_in_x(module) is None


@pytest.mark.parametrize("module", FALSE, ids=name)
def test_falsified_module_has_a_gradient_and_fails_gradcheck(module):
    assert gradient_in_x(module) is not None
    point = x.clone().requires_grad_(True)
    assert not torch.autograd.gradcheck(lambda point: module(point, A), point, atol=1e-5, raise_exception=False)


@pytest.mark.parametrize("module", [*MISSING, *FALSE], ids=name)
def test_cutting_a_graph_leaves_the_values_right(module):
    right = modules.Efficient(T, M)(x, A)
    tolerance = 1e-6 if isinstance(module, modules.Published) else 1e-12
    torch.testing.assert_close(module(x, A).detach(), right.detach(), rtol=tolerance, atol=tolerance)


def test_published_module_is_rounded_to_float32():
    error = (modules.Published(T, M, 1)(x, A) - modules.Efficient(T, M)(x, A)).abs().max()
    assert 1e-9 < error < 1e-6


def test_old_gradient_of_M_is_taken_over():
    tracked = M.clone().requires_grad_(True)
    tracked.grad = torch.ones_like(M)
    assert torch.equal(modules.Efficient(T, tracked).M.grad, tracked.grad)
