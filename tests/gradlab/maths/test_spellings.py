import pytest
import torch

from gradlab.maths.piecewise_linear import figure_one
from gradlab.maths.spellings import FIGURE_ONE_SPELLINGS, IDENTITY_SPELLINGS, RELU_SPELLINGS

FUNCTIONS = {
    "relu": (torch.relu, RELU_SPELLINGS),
    "Figure 1": (figure_one(), FIGURE_ONE_SPELLINGS),
    "identity": (lambda x: x, IDENTITY_SPELLINGS),
}
PROGRAMS = [(name, spelling) for name, (_, spellings) in FUNCTIONS.items() for spelling in spellings]


def slope(f, x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(f(x).sum(), x)[0]


@pytest.mark.parametrize(("name", "spelling"), PROGRAMS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_spelling_is_the_same_function_with_the_same_slope_away_from_kinks(name, spelling, dtype):
    function, spellings = FUNCTIONS[name]
    x = torch.linspace(-3.03, 3.01, 401, dtype=dtype)
    torch.testing.assert_close(spellings[spelling](x), function(x), rtol=0, atol=8 * torch.finfo(dtype).eps)
    torch.testing.assert_close(slope(spellings[spelling], x), slope(function, x))


def test_every_spelling_of_relu_stays_in_its_clarke_differential():
    reported = [slope(f, torch.zeros(())).item() for f in RELU_SPELLINGS.values()]
    assert min(reported) == 0 and max(reported) == 1 and 0.5 in reported


@pytest.mark.parametrize(("spellings", "low", "high"), [(FIGURE_ONE_SPELLINGS, -1, 1), (IDENTITY_SPELLINGS, 1, 1)])
def test_some_spelling_leaves_the_clarke_differential(spellings, low, high):
    reported = [slope(f, torch.zeros(())).item() for f in spellings.values()]
    assert any(not low <= value <= high for value in reported)
