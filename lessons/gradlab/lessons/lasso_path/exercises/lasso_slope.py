"""`lasso_slope(D, b, lam, x)`: the derivative with respect to λ of a solution x of the Lasso, by its active set."""

from collections.abc import Iterator

import torch
from torch import Tensor

from gradlab.exercises import Case, Draw, Exercise, Raises, case, tensor
from gradlab.exercises.slips import CHANGED_INPUT, raises
from gradlab.lessons.lasso_path import integer_example
from gradlab.lessons.lasso_path.exercises._iteration import MIXED_DTYPES
from gradlab.maths.lasso import lasso_solution, lasso_vjp
from gradlab.probe import Answer

exercise = Exercise("lasso_slope(D, b, lam, x)", look="“Differentiate the answer”", slips=(MIXED_DTYPES, CHANGED_INPUT))


def active_slope(D: Tensor, x: Tensor) -> Tensor:
    """−(AᵀA)⁻¹ sign x on the active columns A, by their pseudo-inverse; 0 elsewhere.

    Raises ValueError where the active columns are dependent.
    """
    slope, columns = torch.zeros_like(x), D[:, x != 0]
    if torch.linalg.matrix_rank(columns) < columns.shape[1]:
        raise ValueError("the active columns are dependent")
    inverse = torch.linalg.pinv(columns)
    slope[x != 0] = -inverse @ (inverse.mT @ torch.sign(x[x != 0]))
    return slope


@exercise.reference
def slope_of_solution(D: Tensor, b: Tensor, lam: float | Tensor, x: Tensor) -> Tensor:
    """The slope, for which b and λ are not needed."""
    return active_slope(D, x)


def problem(draw: Draw, m: int, n: int) -> tuple[Tensor, Tensor, float, Tensor]:
    """D, b, λ and a solution that has entries of both signs and zeros, well away from every kink of the path."""
    while True:
        D, b = draw.normal(m, n), draw.normal(m, scale=2)
        lam = round(draw.number(0.05, 0.5) * float((D.mT @ b).abs().max()), 2)
        x = lasso_solution(D, b, lam)
        mixed = bool((x > 0).any() and (x < 0).any() and (x == 0).any())
        sound = mixed and float(torch.linalg.cond(D[:, x != 0])) < 30
        if sound and lasso_vjp(D, b, lam, x, x).margin > 0.03 * lam:
            return D, b, lam, x


@exercise.precise_cases(rtol=1e-8, atol=1e-9)
def ordinary(draw: Draw) -> Iterator[Case]:
    """Several active columns, more rows than columns or fewer, ordinary units and others."""
    if draw.fixed:
        x = tensor(21 / 13, 0, 0, 1 / 13)
        yield case(integer_example.D, integer_example.B, 2.0, x, about="the lesson's example: two active columns")
    for m, n in ((5, 7), (12, 9), (6, 4), (8, 5)):
        D, b, lam, x = problem(draw, m, n)
        yield case(D, b, lam, x)
    small = draw.power_of_ten(-5, -4)
    yield case(D, small * b, small * lam, small * x, about="b and lam in other units: x is small")
    yield case(1e-3 * D, 1e-3 * b, 1e-6 * lam, x, about="D and b in other units: D is small")
    yield case(D.float(), b.float(), lam, x.float(), rtol=1e-2, atol=1e-3, about="float32")


@exercise.special_cases
def empty(draw: Draw) -> Iterator[Case]:
    """So large a λ that x = 0."""
    yield case(draw.normal(5, 4), draw.normal(5), draw.scalar(100, 200), torch.zeros(4).double(), about="x = 0")


@exercise.special_cases
def dependent(draw: Draw) -> Iterator[Case]:
    """Active columns of whole numbers, one of them 2·another − a third: products of them are exact on every machine.

    In the first case neither LU nor Cholesky decomposition of AᵀA meets a pivot that is 0 or negative, with or without
    fused operations: waiting for an exception does not do.
    """
    free = [tensor([3, 1], [-3, 3], [-4, 3], [4, 0])]
    free += [tensor(*([draw.integer(-4, 4) for _ in range(k)] for _ in range(m))) for m, k in ((6, 2), (5, 3), (2, 2))]
    for columns in free:
        columns = torch.cat([columns, 2 * columns[:, :1] - columns[:, 1:2]], 1)
        signs, lam = draw.signs(columns.shape[1]), draw.number(0.3, 1)
        D, x = columns * signs, signs * draw.uniform(0.3, 1.5, len(signs))
        b = D @ x + torch.linalg.pinv(D.mT) @ (lam * signs)  # so that Dᵀ(b − Dx) = λ sign x
        about = "more active columns than rows" if len(D) < len(x) else "dependent active columns"
        yield case(D, b, lam, x, expected=Raises(), about=about)


@exercise.symptom("dependent-columns")
def dependent_columns(case: Case, answer: Answer) -> bool:
    """The active columns are dependent: the solution is not unique and has no slope. What came back is one choice out
    of many, by round-off (a singular matrix is seldom exactly singular in floating point) or by a pseudo-inverse. Ask
    for the rank, and raise ValueError."""
    return isinstance(case.expected, Raises) and isinstance(answer.value, Tensor)


@exercise.symptom("too-strict")
def too_strict(case: Case, answer: Answer) -> bool:
    """These active columns are independent, and you raised a ValueError. Only the active columns count, and their size
    does not: compare singular values with each other (torch.linalg.matrix_rank does), not with a fixed number."""
    return isinstance(case.expected, Tensor) and bool(case.expected.any()) and raises("ValueError")(case, answer)


@exercise.symptom("linalg-error")
def linalg_error(case: Case, answer: Answer) -> bool:
    """For dependent columns the exception came from inside torch and is no ValueError. Test the rank first, or catch
    torch.linalg.LinAlgError, and raise a ValueError that says what is wrong."""
    return isinstance(case.expected, Raises) and raises("_LinAlgError")(case, answer)


@exercise.symptom("empty-active-set")
def empty_active_set(case: Case, answer: Answer) -> bool:
    """With x = 0 no column is active. The slope is a vector of zeros, not an error."""
    return answer.raised is not None and isinstance(case.expected, Tensor) and not bool(case.expected.any())
