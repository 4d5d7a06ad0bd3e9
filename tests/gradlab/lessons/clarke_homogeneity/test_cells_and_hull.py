import torch

from gradlab.lessons.clarke_homogeneity.cells_and_hull import INNER, OUTER, cells, figure
from gradlab.maths.clarke import clarke_vertices, distance_to_hull


def test_gradients_on_the_cells_are_those_around_the_kink():
    _, gradients = cells()
    around = clarke_vertices([INNER, OUTER[None]], torch.zeros(2, dtype=torch.float64))
    assert sorted(map(tuple, gradients.tolist())) == sorted(map(tuple, around.tolist()))


def test_autograd_at_the_kink_lies_outside_their_hull():
    x = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    reported = torch.autograd.grad(OUTER @ torch.relu(INNER @ x), x)[0]
    assert distance_to_hull(reported, cells()[1]) > 0.1
    cross = figure().axes[1].lines[-1]
    assert [*cross.get_xdata(), *cross.get_ydata()] == reported.tolist()
