import math

import pytest
import torch

from gradlab.maths.finite_differences import central_gradient
from gradlab.maths.piecewise_linear import PiecewiseLinear, figure_one


def random_function(seed):
    generator = torch.Generator().manual_seed(seed)
    breaks = torch.randn(4, dtype=torch.float64, generator=generator).sort().values
    slopes = torch.randn(5, dtype=torch.float64, generator=generator)
    return PiecewiseLinear(breaks.tolist(), slopes.tolist(), 0.3)


@pytest.mark.parametrize("seed", range(5))
def test_function_is_continuous_and_passes_its_value_at_zero(seed):
    f = random_function(seed)
    for at in f.breaks:
        left, right = f(torch.tensor([at - 1e-9, at + 1e-9], dtype=torch.float64))
        assert left.item() == pytest.approx(right.item(), abs=1e-7)
    assert f(torch.zeros((), dtype=torch.float64)).item() == pytest.approx(0.3, abs=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_autograd_reports_the_slope_of_each_piece(seed):
    f = random_function(seed)
    inside = [f.breaks[0] - 1, *((a + b) / 2 for a, b in zip(f.breaks, f.breaks[1:])), f.breaks[-1] + 1]
    x = torch.tensor(inside, dtype=torch.float64, requires_grad=True)
    (slopes,) = torch.autograd.grad(f(x).sum(), x)
    assert tuple(slopes.tolist()) == f.slopes
    torch.testing.assert_close(central_gradient(lambda x: f(x).sum(), x), slopes, rtol=1e-6, atol=1e-6)


def test_torch_func_maps_the_slope_over_points():
    x = torch.tensor([-2, -0.5, 1], dtype=torch.float64)
    assert torch.func.vmap(torch.func.grad(figure_one()))(x).tolist() == [1, -1, 1]


def test_autograd_at_a_break_reports_the_slope_on_the_right():
    x = torch.tensor([-1.0, 0.0], requires_grad=True)
    (slopes,) = torch.autograd.grad(figure_one()(x).sum(), x)
    assert slopes.tolist() == [-1, 1]


def test_figure_one_has_the_values_of_the_source():
    x = torch.tensor([-2, -1.5, -1, -0.5, 0, 1], dtype=torch.float64)
    assert figure_one()(x).tolist() == [-2, -1.5, -1, -1.5, -2, -1]
    grid = torch.linspace(-5, 5, 101, dtype=torch.float64)
    torch.testing.assert_close(figure_one()(grid), torch.minimum(grid, grid.abs() - 2))


def test_no_breaks_make_an_affine_function():
    assert PiecewiseLinear((), (2,), 1)(torch.tensor([0.0, 3.0])).tolist() == [1, 7]


@pytest.mark.parametrize("shape", [(), (3,), (2, 1, 4)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shape_and_dtype_of_x_are_kept(shape, dtype):
    value = figure_one()(torch.zeros(shape, dtype=dtype))
    assert value.shape == shape and value.dtype == dtype


def test_equal_data_make_equal_functions():
    f = PiecewiseLinear([0], [0, 1])
    assert f == PiecewiseLinear((0.0,), (0.0, 1.0), 0) != PiecewiseLinear((0.0,), (0.0, 1.0), 1)
    assert repr(f) == "PiecewiseLinear(breaks=(0.0,), slopes=(0.0, 1.0), value_at_zero=0.0)"
    assert eval(repr(f)) == f


@pytest.mark.parametrize(
    "arguments, message",
    [
        (((1, 0), (0, 1, 2)), "increase"),
        (((0, 0), (0, 1, 2)), "increase"),
        (((0,), (1,)), "2 pieces"),
        (((), (1, 2)), "1 pieces"),
        (((math.inf,), (0, 1)), "finite"),
        (((0,), (0, math.nan)), "finite"),
        (((0,), (0, 1), math.inf), "finite"),
    ],
)
def test_contradictory_data_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        PiecewiseLinear(*arguments)


@pytest.mark.parametrize("x", [0.5, torch.tensor(1)])
def test_anything_but_a_floating_point_tensor_is_refused(x):
    with pytest.raises(ValueError, match="floating-point tensor"):
        figure_one()(x)
