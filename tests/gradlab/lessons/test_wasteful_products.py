import pytest
import torch
import torch.nn.functional as F

from gradlab.lessons.wasteful_module.exercises._products import inverses, products
from gradlab.probe import Probe

A = torch.tensor([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]], dtype=torch.float64)
v = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
ONE_PRODUCT = {
    "@": lambda A, v: A @ v,
    "a column": lambda A, v: A @ v[:, None],
    "a row": lambda A, v: v @ A,
    "einsum": lambda A, v: torch.einsum("ij,j->i", A, v),
    "F.linear": F.linear,
    "rows times entries": lambda A, v: (A * v).sum(1),
    "dot by dot": lambda A, v: torch.stack([torch.dot(row, v) for row in A]),
    "row by row": lambda A, v: torch.stack([(row * v).sum() for row in A]),
    "entry by entry": lambda A, v: torch.stack([sum(a * b for a, b in zip(row, v)) for row in A]),
    "multi_dot": lambda A, v: torch.linalg.multi_dot([A, v]),
    "solve": torch.linalg.solve,
    "LU": lambda A, v: torch.linalg.lu_solve(*torch.linalg.lu_factor(A), v[:, None]),
    "Cholesky": lambda A, v: torch.cholesky_solve(v[:, None], torch.linalg.cholesky(A)),
}
NO_INVERSE = {name: ONE_PRODUCT[name] for name in ("@", "solve", "LU", "Cholesky")} | {
    "QR": lambda A, v: torch.linalg.solve_triangular(torch.linalg.qr(A).R, v[:, None], upper=True),
    "solve with a batch": lambda A, v: torch.linalg.solve(A[None], v[None, :, None]),
}
AN_INVERSE = {
    "inv": lambda A, v: torch.linalg.inv(A) @ v,
    "inverse": lambda A, v: A.inverse() @ v,
    "pinv": lambda A, v: torch.linalg.pinv(A) @ v,
    "solve for the identity": lambda A, v: torch.linalg.solve(A, torch.eye(3, dtype=A.dtype)) @ v,
    "LU for the identity": lambda A, v: (
        torch.linalg.lu_solve(*torch.linalg.lu_factor(A), torch.eye(3, dtype=A.dtype)) @ v
    ),
    "Cholesky": lambda A, v: torch.cholesky_inverse(torch.linalg.cholesky(A)) @ v,
    "a solve for each column": lambda A, v: (
        torch.stack([torch.linalg.solve(A, e) for e in torch.eye(3, dtype=A.dtype)], 1) @ v
    ),
    "matrix_power −1": lambda A, v: torch.linalg.matrix_power(A, -1) @ v,
}


def recorded(function):
    return Probe.of(function)(A, v, record=True)


@pytest.mark.parametrize("spelling", ONE_PRODUCT)
def test_one_product_counts_once_in_every_spelling(spelling):
    assert products(recorded(ONE_PRODUCT[spelling]), 3) == pytest.approx(1)


@pytest.mark.parametrize("spelling", NO_INVERSE)
def test_product_or_solve_is_no_inverse(spelling):
    assert inverses(recorded(NO_INVERSE[spelling]), 3) == []


@pytest.mark.parametrize("spelling", AN_INVERSE)
def test_inverse_is_seen_in_every_spelling(spelling):
    assert inverses(recorded(AN_INVERSE[spelling]), 3)


def test_thresholds_and_norms_are_less_than_a_product():
    assert products(recorded(lambda A, v: torch.sign(v) * torch.relu(v.abs() - 1) / v.norm()), 3) < 1
