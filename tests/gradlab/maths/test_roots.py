import pytest
import torch

from gradlab.maths.finite_differences import central_jacobian
from gradlab.maths.implicit import argmin_vjp
from gradlab.maths.roots import root_vjp


def draw(*shape, seed=0):
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def newton(F, z, theta):
    for _ in range(50):
        z = z - torch.linalg.solve(torch.func.jacrev(F)(z, theta), F(z, theta))
    return z


def curved(d, parameters, seed):
    """z + ½ tanh(Wz) = Uθ with a W that is not symmetric."""
    W, U = draw(d, d, seed=seed) / d**0.5, draw(d, parameters, seed=seed + 1)
    return lambda z, theta: z + torch.tanh(W @ z) / 2 - U @ theta.flatten()


@pytest.mark.parametrize("d, shape", [(1, ()), (3, (4,)), (6, (2, 3)), (60, (5,))])
def test_vjp_agrees_with_finite_differences_of_the_root(d, shape):
    theta = draw(*shape, seed=2)
    F = curved(d, theta.numel(), seed=3)
    solve = lambda theta: newton(F, torch.zeros(d, dtype=torch.float64), theta)  # noqa: E731
    v = draw(d, seed=4)
    expected = torch.tensordot(v, central_jacobian(solve, theta), dims=1)
    torch.testing.assert_close(root_vjp(F, solve(theta), theta, v), expected, rtol=1e-7, atol=1e-8)


def test_transpose_of_the_exact_example():
    K, Q = torch.tensor([[2.0, 1], [0, 3]]), torch.tensor([[1.0, 0, 2], [-1, 1, 0]])
    F = lambda z, theta: K @ z - Q @ theta  # noqa: E731
    vjp = root_vjp(F, torch.zeros(2), torch.zeros(3), torch.tensor([1.0, 2]))
    torch.testing.assert_close(vjp, torch.tensor([0, 0.5, 1]))


def test_gradient_that_vanishes_gives_the_argmin():
    P, Q, theta = torch.diag(torch.arange(1.0, 5).double()) + 0.1, draw(4, 3), draw(3)
    f = lambda x, theta: x @ P @ x / 2 - x @ Q @ theta  # noqa: E731
    x, v = torch.linalg.solve(P, Q @ theta), draw(4, seed=1)
    by_root = root_vjp(torch.func.grad(f), x, theta, v)
    torch.testing.assert_close(by_root, argmin_vjp(f, x, theta, v), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("factor", [0.5, 0.99, 30.0])
def test_many_unknowns_few_products_or_a_factorisation(factor):
    """With the last factor GMRES needs more products than it may take."""
    W, theta, v = draw(300, 300, seed=5) * factor / 300**0.5, draw(300, seed=6), draw(300, seed=7)
    K = torch.eye(300, dtype=torch.float64) - W
    vjp = root_vjp(lambda z, theta: K @ z - theta.sin(), 0 * v, theta, v)
    torch.testing.assert_close(vjp, torch.linalg.solve(K.T, v) * theta.cos(), rtol=1e-7, atol=1e-8)


def test_many_unknowns_with_one_flat_direction_are_refused_also_where_v_does_not_feel_it():
    w = torch.nn.functional.normalize(draw(300), dim=0)
    F = lambda z, theta: z - w * (w @ z) - theta  # noqa: E731
    v = draw(300, seed=1)
    with pytest.raises(ValueError, match="singular"):
        root_vjp(F, 0 * v, draw(300), v - w * (w @ v))


def test_zeros_where_the_equations_ignore_theta():
    theta = draw(2, 2)
    assert torch.equal(root_vjp(lambda z, theta: z**3 - 1, torch.ones(2).double(), theta, draw(2)), 0 * theta)


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_singularity_does_not_depend_on_units(scale):
    regular = torch.tensor([[0.0, 1, 0], [0, 0, 1], [1e-6, 0, 0]], dtype=torch.float64)
    z, v, theta = torch.zeros(3).double(), draw(3), draw(3)
    vjp = root_vjp(lambda z, theta: scale * (regular @ z - theta), z, theta, v)
    torch.testing.assert_close(vjp, torch.linalg.solve(regular.T, v), rtol=1e-9, atol=0)
    for singular in (torch.diag(torch.tensor([1, 1, 1e-20]).double()), torch.ones(3, 3).double()):
        with pytest.raises(ValueError, match="singular"):
            root_vjp(lambda z, theta, K=singular: scale * (K @ z - theta), z, theta, v)


def test_matrix_with_good_eigenvalues_may_be_singular():
    K = torch.tensor([[1, 1e9], [0, 1]], dtype=torch.float64)
    with pytest.raises(ValueError, match="singular"):
        root_vjp(lambda z, theta: K @ z - theta, torch.zeros(2).double(), draw(2), draw(2))


def test_fold_has_no_derivative():
    with pytest.raises(ValueError, match="singular"):
        root_vjp(lambda z, theta: z**2 - theta, torch.zeros(1), torch.zeros(()), torch.ones(1))


def test_arguments_and_dtype_are_kept():
    z, theta, v = draw(3).float().requires_grad_(), draw(2).float().requires_grad_(), draw(3).float()
    before = z.detach().clone(), theta.detach().clone()
    vjp = root_vjp(lambda z, theta: 2 * z - theta.sum(), z, theta, v)
    assert vjp.dtype is torch.float32 and not vjp.requires_grad and z.grad is None and theta.grad is None
    assert torch.equal(z, before[0]) and torch.equal(theta, before[1])


def test_wrong_arguments_are_named():
    z = torch.ones(2)
    with pytest.raises(ValueError, match="one shape"):
        root_vjp(lambda z, theta: z, z, z, torch.ones(3))
    with pytest.raises(ValueError, match="F.z, theta. needs the shape of z"):
        root_vjp(lambda z, theta: z.sum(), z, z, z)
    with pytest.raises(ValueError, match="not finite"):
        root_vjp(lambda z, theta: torch.nan * z, z, z, z)
    with pytest.raises(ValueError, match="singular"):
        root_vjp(lambda z, theta: torch.ones(2), z, z, z)
