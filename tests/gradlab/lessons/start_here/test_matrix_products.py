import pytest
import torch

from gradlab.lessons.start_here.exercises._matrix_products import matrix_products
from gradlab.probe import Probe

A = torch.arange(12.0, dtype=torch.float64).reshape(4, 3)
B = torch.arange(15.0, dtype=torch.float64).reshape(3, 5)
v = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64)
OF_MATRICES = {
    "@": lambda A, B, v: A @ B,
    "einsum": lambda A, B, v: torch.einsum("ij,jk->ik", A, B),
    "tensordot": lambda A, B, v: torch.tensordot(A, B, 1),
    "spread out": lambda A, B, v: (A[:, :, None] * B).sum(1),
    "columns at once": lambda A, B, v: torch.func.vmap(lambda column: A @ column, 1, 1)(B),
    "v on a diagonal": lambda A, B, v: torch.diag(v) @ A,
}
OF_VECTORS = {
    "@": lambda A, B, v: v @ A @ B,
    "transposed": lambda A, B, v: B.T @ (A.T @ v),
    "a row": lambda A, B, v: v[None] @ A @ B,
    "a column": lambda A, B, v: A.T @ v[:, None],
    "einsum": lambda A, B, v: torch.einsum("i,ij->j", v, A),
    "spread out": lambda A, B, v: (v[:, None] * A).sum(0),
    "expanded": lambda A, B, v: (v[:, None].expand_as(A) * A).sum(0),
    "multi_dot": lambda A, B, v: torch.linalg.multi_dot([v, A, B]),
    "dot by dot": lambda A, B, v: torch.stack([v @ column for column in A.T]),
    "entry by entry of one matrix": lambda A, B, v: A * A,
}


@pytest.mark.parametrize("spelling", OF_MATRICES)
def test_product_of_matrices_is_seen_in_every_spelling(spelling):
    assert matrix_products(Probe.of(OF_MATRICES[spelling])(A, B, v, record=True))


@pytest.mark.parametrize("spelling", OF_VECTORS)
def test_product_with_a_vector_is_none(spelling):
    assert matrix_products(Probe.of(OF_VECTORS[spelling])(A, B, v, record=True)) == []
