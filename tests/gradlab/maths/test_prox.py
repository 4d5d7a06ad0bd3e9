import numpy as np
import pytest
import torch
from torch.autograd import forward_ad, gradcheck

from gradlab.maths.prox import SOFT_THRESHOLD_SPELLINGS, soft_threshold


@pytest.fixture
def y():
    generator = torch.Generator().manual_seed(1)
    return 3 * torch.randn(4, 5, dtype=torch.float64, generator=generator)


def test_value_minimises_the_proximal_problem(y):
    T = 1.3
    best = soft_threshold(y, T)
    objective = lambda x: 0.5 * (x - y) ** 2 + T * x.abs()  # noqa: E731
    for offset in (-1.0, -1e-3, 1e-3, 1.0):
        assert (objective(best) < objective(best + offset)).all()


def test_distance_to_y_is_clamped_at_the_threshold(y):
    torch.testing.assert_close(y - soft_threshold(y, 0.7), torch.clamp(y, -0.7, 0.7))


def test_scaling_both_arguments_scales_the_value(y):
    torch.testing.assert_close(soft_threshold(2.5 * y, 2.5 * 1.1), 2.5 * soft_threshold(y, 1.1))


def test_sums_of_the_ledger_grid():
    value = soft_threshold(torch.linspace(-10, 10, 2001, dtype=torch.float64), 3.14)
    assert value.abs().sum().item() == pytest.approx(4712.82, rel=1e-9)
    assert value.square().sum().item() == pytest.approx(21569.0062, rel=1e-9)
    assert value.count_nonzero() == 1372


def test_a_number_and_a_tensor_threshold_agree(y):
    number = soft_threshold(y, 0.9)
    assert torch.equal(number, soft_threshold(y, torch.tensor(0.9, dtype=torch.float64)))
    assert torch.equal(number, soft_threshold(y, torch.full((5,), 0.9, dtype=torch.float64)))


@pytest.mark.parametrize("shape", [(), (1,), (5,), (4, 1), (2, 4, 5)])
def test_gradients_pass_gradcheck_for_a_threshold_of_any_shape(y, shape):
    generator = torch.Generator().manual_seed(2)
    T = torch.rand(shape, dtype=torch.float64, generator=generator).requires_grad_()
    y.requires_grad_()
    assert gradcheck(soft_threshold, (y, T), check_forward_ad=True, check_batched_grad=True)


def test_only_y_wants_a_gradient(y):
    y.requires_grad_()
    assert gradcheck(lambda y: soft_threshold(y, torch.tensor(0.8, dtype=torch.float64)), (y,))
    assert gradcheck(lambda y: soft_threshold(y, 0.8), (y,))


def test_euler_identity_of_a_function_of_degree_one(y):
    T = torch.tensor(1.2, dtype=torch.float64, requires_grad=True)
    value = soft_threshold(y.requires_grad_(), T).sum()
    grad_y, grad_T = torch.autograd.grad(value, (y, T))
    assert ((grad_y * y).sum() + grad_T * T).item() == pytest.approx(value.item(), rel=1e-12)


def test_gradient_at_threshold_zero_is_the_one_sided_derivative():
    T = torch.tensor([0.0, 0.0], dtype=torch.float64, requires_grad=True)
    (grad,) = torch.autograd.grad(soft_threshold(torch.tensor([2.0, -2.0]).double(), T).sum(), T)
    assert grad.tolist() == [-1, 1]


def test_slope_at_the_kink_is_in_the_clarke_differential():
    y = torch.tensor([-1.0, 1.0], dtype=torch.float64, requires_grad=True)
    for T in (1.0, torch.tensor(1.0, dtype=torch.float64), torch.ones(2, dtype=torch.float64)):
        (slope,) = torch.autograd.grad(soft_threshold(y, T).sum(), y)
        assert ((slope >= 0) & (slope <= 1)).all()


def test_forward_mode_gives_the_derivative_in_the_threshold():
    with forward_ad.dual_level():
        T = forward_ad.make_dual(torch.tensor(1.0), torch.tensor(1.0))
        slope = forward_ad.unpack_dual(soft_threshold(torch.tensor([3.0, 0.5, -3.0]), T)).tangent
    assert slope.tolist() == [-1, 0, 1]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("T", [1, 0.5, torch.tensor(0.5, dtype=torch.float64), torch.tensor(0.5), torch.ones(3)])
def test_dtype_of_y_is_kept(dtype, T):
    assert soft_threshold(torch.zeros(3, dtype=dtype), T).dtype == dtype
    assert soft_threshold(torch.zeros(3, dtype=dtype)[0], T).dtype == dtype


@pytest.mark.parametrize("T", [-0.1, torch.tensor(-0.1), torch.tensor([1.0, -1e-9])])
def test_negative_threshold_is_refused(T):
    with pytest.raises(ValueError, match="T ≥ 0"):
        soft_threshold(torch.zeros(2), T)


def test_there_are_nine_spellings_with_the_values_of_soft_threshold(y):
    assert len(SOFT_THRESHOLD_SPELLINGS) == 9
    for spelling in SOFT_THRESHOLD_SPELLINGS.values():
        torch.testing.assert_close(spelling(y, 1.1), soft_threshold(y, 1.1))


@pytest.mark.parametrize("spelling", SOFT_THRESHOLD_SPELLINGS)
def test_spelling_has_the_slope_of_the_table(spelling):
    table = {
        "sign(y)*clamp(abs(y)-T, min=0)": [1, 0, 1, 1],
        "maximum(y-T, 0)+minimum(y+T, 0)": [0.5, 0, 0.5, 1],
        "y/abs(y)*relu(abs(y)-T)": [0, np.nan, 0, 1],
        "y*relu(1-T/abs(y))": [0, np.nan, 0, 1],
    }
    y = torch.tensor([-1.0, 0.0, 1.0, 2.0], requires_grad=True)
    (slope,) = torch.autograd.grad(SOFT_THRESHOLD_SPELLINGS[spelling](y, 1.0).sum(), y)
    np.testing.assert_array_equal(slope, table.get(spelling, [0, 0, 0, 1]))
