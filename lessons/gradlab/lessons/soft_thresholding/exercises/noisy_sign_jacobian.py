"""`noisy_sign_jacobian(x, a, lam)`: ∂Y/∂X of Y = X + A ⊙ S(X), four indices."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, case, tensor
from gradlab.exercises.slips import TENSOR_SLIPS, TUPLE
from gradlab.lessons.soft_thresholding.exercises._points import MATRIX_PRODUCT
from gradlab.maths import soft
from gradlab.probe import Answer

LOOK = "“3 · Take differentials first, gradients last”"
exercise = Exercise("noisy_sign_jacobian(x, a, lam)", look=LOOK, slips=(MATRIX_PRODUCT, TUPLE, *TENSOR_SLIPS))


def on_the_diagonal(entries: Tensor) -> Tensor:
    """The (m, n, m, n) tensor with these (m, n) entries where i = k and j = l, zeros elsewhere."""
    return torch.diag(entries.reshape(-1)).reshape(*entries.shape, *entries.shape)


@exercise.reference
def jacobian(x: Tensor, a: Tensor, lam: float | Tensor) -> Tensor:
    """1 + A·dS/dX on the diagonal."""
    return on_the_diagonal(1 + a * soft.soft_sign_slope(x, lam))


@exercise.cases
def cases(draw: Draw) -> Iterator[Case]:
    """Several shapes; m ≠ n first, since only that tells the indices apart."""
    if draw.fixed:
        yield case(tensor([3.0, 0.0, -3.0], [7.5, 0.5, -1.0]), tensor([0.5, 0.25, 1.0], [0.125, 0.75, 0.1]), 16.0)
        yield case(tensor([3, 0], [-3, 7.5]), tensor([0.5, 0.25], [1, 0.125]), 16, about="lam is a whole number")
    for shape in ((2, 3), (4, 2), (1, 5), (3, 3)):
        x, a = draw.normal(*shape, scale=2.0), draw.uniform(0.1, 1, *shape)
        yield case(x, a, draw.number(1.5, 9))
        used = x.clone().requires_grad_(True)
        yield case(used, a, draw.scalar(0.1, 0.9), about="x requires a gradient already, lam is a tensor")
        used = x.clone().requires_grad_(True)
        used.grad = torch.full_like(x, 7.0)
        yield case(used, a, draw.number(1.5, 9), about="x.grad already holds something")
    x, a = draw.normal(2, 3, dtype=torch.float32), draw.uniform(0.1, 1, 2, 3, dtype=torch.float32)
    yield case(x, a, draw.number(1.5, 9), about="float32")


def has_shape(case: Case, answer: Answer, *orders: str) -> bool:
    """The shape is wrong, and one of these orders of m and n."""
    m, n = case.call.arguments[0].shape
    shapes = [tuple({"m": m, "n": n}[letter] for letter in order) for order in orders]
    return tuple(answer.value.shape) in shapes and answer.value.shape != case.expected.shape


@exercise.symptom("diagonal-only")
def diagonal_only(case: Case, answer: Answer) -> bool:
    """These are m·n numbers, one for each entry. The Jacobian of a matrix by a matrix has four indices: put them where
    i = k and j = l. (Y.sum().backward() gives them only because everything else is zero.)"""
    return has_shape(case, answer, "mn")


@exercise.symptom("indices-paired-wrongly")
def indices_paired_wrongly(case: Case, answer: Answer) -> bool:
    """The indices come in another order than (m, n, m, n). E is δ_ik δ_jl: first index with third, second with fourth.
    δ_ij δ_kl and δ_il δ_jk are other tensors, and only m ≠ n shows it."""
    return has_shape(case, answer, "mmnn", "mnnm", "nmmn", "nmnm", "nnmm")


@exercise.symptom("not-diagonal", repeated=True)
def not_diagonal(case: Case, answer: Answer) -> bool:
    """Some entries with (i, j) ≠ (k, l) are not zero. Y_ij depends on X_ij and on no other entry."""
    square = answer.value.double().reshape(case.call.arguments[0].numel(), -1)
    away = square - torch.diag(square.diagonal())
    return answer.value.shape == case.expected.shape and bool(away.abs().max() > 1e-6)
