import numpy as np
import pytest
import torch

from gradlab.maths.matrices import create_symmetric_invertible_matrix


@pytest.mark.parametrize("dimension, seed", [(1, 0), (5, 0), (5, 10), (40, 3)])
def test_matrix_is_symmetric_positive_definite_float64(dimension, seed):
    matrix = create_symmetric_invertible_matrix(dimension, seed)
    assert matrix.shape == (dimension, dimension) and matrix.dtype == torch.float64
    assert torch.equal(matrix, matrix.T)
    assert torch.linalg.eigvalsh(matrix).min() > 0


def test_values_of_the_ledger():
    M = create_symmetric_invertible_matrix(5)
    row = [6.2883710753631235, -0.5225116015838678, -1.6653317240749796, 4.27648564816732, -2.052772281365646]
    np.testing.assert_allclose(M[0], row, rtol=1e-12)
    assert torch.linalg.cond(M).item() == pytest.approx(32.92870553, rel=1e-8)
    assert torch.linalg.cond(create_symmetric_invertible_matrix(5, seed=10)).item() == pytest.approx(
        96.90556545, rel=1e-8
    )


def test_ridge_is_the_float32_neighbour_of_one_millionth():
    gaussian = np.random.RandomState(4).randn(3, 3)
    ridge = create_symmetric_invertible_matrix(3, seed=1).numpy() - gaussian @ gaussian.T
    np.testing.assert_allclose(ridge, 9.999999974752427e-07 * np.eye(3), atol=1e-15)


def test_default_dtype_changes_nothing():
    expected = create_symmetric_invertible_matrix(5)
    torch.set_default_dtype(torch.float64)
    try:
        assert torch.equal(create_symmetric_invertible_matrix(5), expected)
    finally:
        torch.set_default_dtype(torch.float32)


def test_dimension_and_seed_share_one_stream():
    small, large = (
        create_symmetric_invertible_matrix(1, seed=9),
        create_symmetric_invertible_matrix(2, seed=8),
    )
    assert small[0, 0] < large[0, 0]  # the same first number, and one square more


@pytest.mark.parametrize("arguments", [(0,), (-1,), (3, -4)])
def test_impossible_size_or_seed_is_refused(arguments):
    with pytest.raises(ValueError, match="dimension"):
        create_symmetric_invertible_matrix(*arguments)
