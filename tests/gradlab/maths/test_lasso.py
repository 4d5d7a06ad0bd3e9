import pytest
import torch

from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.lasso import lasso_path, lasso_solution, lasso_vjp
from gradlab.maths.prox import soft_threshold


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


D = tensor([2, 1, 0, 1], [0, 1, 2, -1], [1, 0, 1, 2], [1, -1, 1, 0], [0, 2, -1, 1])
b = tensor(3, -1, 2, 4, 1)


def problem(seed, rows, columns):
    generator = torch.Generator().manual_seed(seed)
    matrix = torch.randn(rows, columns, dtype=torch.float64, generator=generator)
    target = torch.randn(rows, dtype=torch.float64, generator=generator)
    return matrix, target, 0.3 * (matrix.T @ target).abs().max().item()


PROBLEMS = [(1, 8, 5), (2, 20, 20), (3, 15, 60)]


# --- solution and path --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed, rows, columns", PROBLEMS)
def test_solution_is_a_fixed_point_of_ista(seed, rows, columns):
    matrix, target, lam = problem(seed, rows, columns)
    x = lasso_solution(matrix, target, lam)
    assert 0 < x.count_nonzero() < columns
    step = 1 / torch.linalg.matrix_norm(matrix, 2).item() ** 2
    again = soft_threshold(x - step * matrix.T @ (matrix @ x - target), step * lam)
    torch.testing.assert_close(again, x, rtol=1e-12, atol=1e-13)


def test_solution_of_the_ledger():
    torch.testing.assert_close(lasso_solution(D, b, 2), tensor(21 / 13, 0, 0, 1 / 13), rtol=1e-12, atol=1e-14)


def test_solution_with_an_orthogonal_matrix_is_the_soft_threshold():
    Q = torch.linalg.qr(problem(4, 6, 6)[0]).Q
    y = torch.linspace(-3, 3, 6, dtype=torch.float64)
    torch.testing.assert_close(lasso_solution(Q, Q @ y, 1.1), soft_threshold(y, 1.1))


def test_solution_is_zero_above_the_largest_correlation():
    assert not lasso_solution(D, b, 12.0).any() and not lasso_solution(D, b, 50.0).any()


def test_kinks_of_the_ledger():
    path = lasso_path(D, b)
    torch.testing.assert_close(path.lam, tensor(12, 3, 20 / 11, 38 / 71, 0), rtol=1e-12, atol=1e-12)
    assert not path.x[0].any()
    torch.testing.assert_close(path.x[-1], torch.linalg.lstsq(D, b).solution)


def test_path_is_linear_between_its_kinks():
    matrix, target, _ = problem(5, 12, 7)
    lam, x = lasso_path(matrix, target)
    for left, right, start, end in zip(lam, lam[1:], x, x[1:]):
        middle = lasso_solution(matrix, target, (left + right) / 2)
        torch.testing.assert_close(middle, (start + end) / 2, rtol=1e-9, atol=1e-10)


# --- derivatives --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed, rows, columns", PROBLEMS)
def test_vjp_agrees_with_finite_differences(seed, rows, columns):
    matrix, target, lam = problem(seed, rows, columns)
    v = torch.randn(columns, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    vjp = lasso_vjp(matrix, target, lam, lasso_solution(matrix, target, lam), v)
    assert vjp.margin > 1e-4
    slope = central_gradient(lambda lam: v @ lasso_solution(matrix, target, lam), tensor(lam)[0])
    torch.testing.assert_close(vjp.lam, slope, rtol=1e-6, atol=1e-8)
    gradient = central_gradient(lambda target: v @ lasso_solution(matrix, target, lam), target)
    torch.testing.assert_close(vjp.b, gradient, rtol=1e-6, atol=1e-8)


def test_vjp_of_the_ledger():
    x = lasso_solution(D, b, 2)
    rows = [lasso_vjp(D, b, 2, x, v) for v in torch.eye(4, dtype=torch.float64)]
    assert [row.lam.item() for row in rows] == pytest.approx([-3 / 26, 0, 0, -1 / 13], rel=1e-12)
    assert rows[0].b.tolist() == pytest.approx([5 / 13, 2 / 13, -1 / 26, 7 / 26, -2 / 13], rel=1e-11)
    assert rows[3].b.tolist() == pytest.approx([-1 / 13, -3 / 13, 4 / 13, -2 / 13, 3 / 13], rel=1e-11)


@pytest.mark.parametrize("seed, rows, columns", PROBLEMS)
def test_euler_identity_of_a_function_of_degree_one(seed, rows, columns):
    matrix, target, lam = problem(seed, rows, columns)
    x = lasso_solution(matrix, target, lam)
    for v in torch.eye(columns, dtype=torch.float64)[:6]:
        vjp = lasso_vjp(matrix, target, lam, x, v)
        assert (lam * vjp.lam + vjp.b @ target).item() == pytest.approx((x @ v).item(), abs=1e-11)


def test_unrolled_ista_converges_to_the_vjp():
    lam, target, v = tensor(2)[0].requires_grad_(), b.clone().requires_grad_(), tensor(1, -2, 3, 0.5)
    x, step = torch.zeros(4, dtype=torch.float64), 1 / torch.linalg.matrix_norm(D, 2).item() ** 2
    for _ in range(150):
        x = soft_threshold(x - step * D.T @ (D @ x - target), step * lam)
    unrolled = torch.autograd.grad(x, (lam, target), v)
    vjp = lasso_vjp(D, b, 2, lasso_solution(D, b, 2), v)
    torch.testing.assert_close(unrolled, (vjp.lam, vjp.b), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("lam, margin", [(2, 2 / 11), (2.9, 0.1), (5, 2), (13, 1), (1, 1 - 38 / 71)])
def test_margin_is_the_distance_to_the_nearest_kink(lam, margin):
    vjp = lasso_vjp(D, b, lam, lasso_solution(D, b, lam), torch.ones(4, dtype=torch.float64))
    assert vjp.margin == pytest.approx(margin, rel=1e-9)


@pytest.mark.parametrize("seed, rows, columns", PROBLEMS)
def test_derivative_is_the_same_all_over_the_margin_and_another_one_beyond(seed, rows, columns):
    matrix, target, lam = problem(seed, rows, columns)
    x, v = lasso_solution(matrix, target, lam), torch.ones(columns, dtype=torch.float64)
    margin = lasso_vjp(matrix, target, lam, x, v).margin
    supports = [
        tuple((lasso_solution(matrix, target, lam + share * margin) != 0).tolist())
        for share in (-1.01, -0.99, 0, 0.99, 1.01)
    ]
    assert supports[1] == supports[2] == supports[3]
    assert {supports[0], supports[4]} != {supports[2]}


@pytest.mark.parametrize("kink", [12, 3, 20 / 11, 38 / 71])
def test_margin_vanishes_at_a_kink_and_the_slope_is_that_of_one_side(kink):
    v = tensor(1, 2, 3, 4)
    slopes = [lasso_vjp(D, b, lam, lasso_solution(D, b, lam), v).lam.item() for lam in (kink - 1e-3, kink + 1e-3)]
    at_kink = lasso_vjp(D, b, kink, lasso_solution(D, b, kink), v)
    assert at_kink.margin < 1e-12
    assert min(abs(at_kink.lam.item() - slope) for slope in slopes) < 1e-9
    assert abs(slopes[0] - slopes[1]) > 1e-3


def test_nothing_is_active_above_the_largest_correlation():
    vjp = lasso_vjp(D, b, 13, torch.zeros(4, dtype=torch.float64), torch.ones(4, dtype=torch.float64))
    assert vjp.lam == 0 and not vjp.b.any() and vjp.b.shape == (5,)


def test_results_are_detached_and_float32_is_kept():
    lam = torch.tensor(2.0, requires_grad=True)
    matrix = D.float().requires_grad_()
    x = lasso_solution(matrix, b.float(), lam)
    vjp = lasso_vjp(matrix, b.float(), lam, x, torch.ones(4))
    for result in (x, vjp.lam, vjp.b):
        assert result.dtype == torch.float32 and not result.requires_grad
    torch.testing.assert_close(x, tensor(21 / 13, 0, 0, 1 / 13).float())


# --- wrong arguments ----------------------------------------------------------------------------------------


def test_dependent_active_columns_are_refused():
    twice = torch.cat([D, D[:, :1]], dim=1)
    x = tensor(1, 0, 0, 0, 1) * lasso_solution(D, b, 4)[0] / 2
    with pytest.raises(ValueError, match="dependent"):
        lasso_vjp(twice, b, 4, x, torch.ones(5, dtype=torch.float64))


def test_more_active_columns_than_rows_are_refused():
    x, wide = tensor(0.5, 0.5), tensor([1, 1])
    with pytest.raises(ValueError, match="dependent"):
        lasso_vjp(wide, tensor(3), 2, x, torch.ones(2, dtype=torch.float64))


def test_anything_but_the_solution_is_refused():
    for x in (
        lasso_solution(D, b, 2) + 1e-3,
        lasso_solution(D, b, 2.1),
        torch.full((4,), torch.nan).double(),
    ):
        with pytest.raises(ValueError, match="does not solve"):
            lasso_vjp(D, b, 2, x, torch.ones(4, dtype=torch.float64))


@pytest.mark.parametrize("lam", [0, -1, torch.tensor(-1.0), float("nan")])
def test_lam_that_is_not_positive_is_refused(lam):
    with pytest.raises(ValueError, match="lam > 0"):
        lasso_solution(D, b, lam)


def test_shapes_that_do_not_fit_are_refused():
    for call in (lambda: lasso_solution(D, b[:3], 1), lambda: lasso_path(D[0], b)):
        with pytest.raises(ValueError, match="D needs shape"):
            call()
    with pytest.raises(ValueError, match=r"shape \(4,\)"):
        lasso_vjp(D, b, 2, lasso_solution(D, b, 2), torch.ones(5, dtype=torch.float64))
