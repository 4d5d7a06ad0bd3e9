import torch

from gradlab.lessons.clarke_homogeneity.wiggle import figure


def test_slopes_of_the_right_panel_are_those_of_the_curve_on_the_left():
    left, right = figure().axes
    x, value = (torch.as_tensor(data) for data in left.lines[2].get_data())
    assert torch.allclose(x**2 * torch.sin(1 / x), value)
    for line in right.lines[:2]:
        x = torch.as_tensor(line.get_xdata()).clone().requires_grad_()
        slopes = torch.autograd.grad((x**2 * torch.sin(1 / x)).sum(), x)[0]
        assert torch.allclose(slopes, torch.as_tensor(line.get_ydata()))
        assert slopes.min() < -0.99 and slopes.max() > 0.99
