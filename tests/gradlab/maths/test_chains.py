import pytest
import torch

from gradlab.maths.chains import CHAINS, inverse_each_round, inverse_once
from gradlab.maths.matrices import create_symmetric_invertible_matrix

A = create_symmetric_invertible_matrix(5, seed=10)
v = torch.tensor([1.7, 26.1, -12.6, -20.3, -9.6], dtype=torch.float64)
EPS = torch.finfo(torch.float64).eps


@pytest.mark.parametrize("method", CHAINS)
@pytest.mark.parametrize("n", [0, 1, 7, 200])
def test_chain_is_the_identity_up_to_n_eps_kappa(method, n):
    error = (CHAINS[method](A, v, n) - v).norm() / v.norm()
    assert error <= 10 * n * EPS * torch.linalg.cond(A)


def test_inverse_once_has_the_values_of_inverse_each_round_to_the_bit():
    assert torch.equal(inverse_once(A, v, 50), inverse_each_round(A, v, 50))


@pytest.mark.parametrize("method", CHAINS)
def test_gradient_in_A_is_roundoff_and_not_zero(method):
    leaf = A.clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(CHAINS[method](leaf, v, 20).sum(), leaf)
    assert 0 < gradient.abs().max() < 1e-8


@pytest.mark.parametrize("method", CHAINS)
def test_dtype_is_kept(method):
    assert CHAINS[method](A.float(), v.float(), 2).dtype is torch.float32
