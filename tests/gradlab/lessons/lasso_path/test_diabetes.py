import numpy as np
import torch

from gradlab.lessons.lasso_path import diabetes, held_out_curve


def test_loss_is_that_of_scikit_learns_grid():
    alphas, losses, _ = diabetes.grid()
    for place in (30, 50, 70):
        loss, _ = diabetes.held_out(torch.full((10,), alphas[place], dtype=torch.float64))
        assert np.isclose(loss, losses[place], rtol=1e-6)


def test_slopes_are_differences_of_the_loss():
    weights = torch.linspace(0.5, 2.0, 10, dtype=torch.float64)
    _, slopes = diabetes.held_out(weights)
    for j in range(10):
        step = torch.zeros(10, dtype=torch.float64)
        step[j] = 1e-5
        ahead, behind = (diabetes.held_out(weights * torch.exp(side * step))[0] for side in (1, -1))
        assert np.isclose((ahead - behind) / 2e-5, slopes[j], rtol=1e-4, atol=1e-4)


def test_ten_weights_reach_what_no_single_one_does():
    grid = diabetes.grid()
    one, ten = diabetes.descend(5.0, 6, 0.04), diabetes.descend(1.0, 8, 0.05, one=False)
    assert one[-1][1] < one[0][1] and all(len(set(weights.tolist())) == 1 for weights, _ in one)
    assert ten[-1][1] < grid[1].min()
    steps = np.array([weights.log().tolist() for weights, _ in ten])
    assert np.abs(np.diff(steps, axis=0)).max() <= 0.5 + 1e-12
    right = held_out_curve.figure(grid, one, ten).axes[1]
    assert [list(line.get_ydata()) for line in right.lines[:2]] == [[loss for _, loss in row] for row in (one, ten)]
