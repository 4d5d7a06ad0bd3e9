import torch

from gradlab.lessons.wasteful_module.functions import Efficient, Published, UsesA, WithoutGrad
from gradlab.maths.matrices import create_symmetric_invertible_matrix
from gradlab.maths.module_gradients import reported_gradients

M = create_symmetric_invertible_matrix(5)
A = create_symmetric_invertible_matrix(5, seed=10)
x = torch.tensor([0.1, 5.0, -2.3, -1.0, -2.0], dtype=torch.float64)
T = 3.14


def test_efficient_module_reports_the_closed_form():
    module = Efficient(T, M)
    g = module(x, A).detach()
    D = torch.diag(((M @ x).abs() > T).double())
    J = torch.linalg.solve(M, D @ M)
    w = torch.linalg.solve(M, x - g)
    in_x, in_A, in_M = reported_gradients(module, x, A)
    torch.testing.assert_close(in_x, 2 * (x - g) - 2 * J.T @ (x - g), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(in_M, 2 * torch.outer(w, g) - 2 * torch.outer(D @ w, x), rtol=1e-9, atol=1e-9)
    assert not in_A.any()


def test_published_module_reports_twice_x_minus_g_to_the_bit():
    module = Published(T, M, n=3)
    assert torch.equal(reported_gradients(module, x, A)[0], 2 * (x - module(x, A).detach()))


def test_row_0_alone_does_not_betray_the_published_module():
    right, published = (reported_gradients(module, x, A)[2] for module in (Efficient(T, M), Published(T, M, n=1)))
    differences = (right - published).abs().amax(dim=1)
    assert differences[0] < 1e-5 and (differences[1:] > 1).all()


def test_unreached_inputs_are_zeros_or_none_as_asked():
    assert [g.any().item() for g in reported_gradients(WithoutGrad(T, M), x, A)] == [True, False, False]
    assert reported_gradients(WithoutGrad(T, M), x, A, zeros=False)[1:] == (None, None)


def test_homogeneity_x_dx_plus_T_dT_is_two_phi():
    threshold = torch.tensor(T, dtype=torch.float64, requires_grad=True)
    point = x.clone().requires_grad_(True)
    phi = ((point - Efficient(threshold, M)(point, A)) ** 2).sum()
    in_x, in_T = torch.autograd.grad(phi, (point, threshold))
    torch.testing.assert_close(in_x @ point + T * in_T, 2 * phi)


def test_nothing_is_left_behind():
    module, tracked = UsesA(T, M), x.clone().requires_grad_(True)
    reported_gradients(module, tracked, A)
    assert tracked.grad is None and module.M.grad is None and not A.requires_grad
