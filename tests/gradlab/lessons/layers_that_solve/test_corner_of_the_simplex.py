import torch
from scipy.spatial import ConvexHull

from gradlab.lessons.layers_that_solve.corner_of_the_simplex import CORNER, DIRECTION, REGIONS, figure, jacobians, moved
from gradlab.lessons.layers_that_solve.explorers.simplex_projection import FRAME
from gradlab.maths.clarke import distance_to_hull
from gradlab.maths.simplex import project_onto_simplex, simplex_jacobian


def test_jacobians_of_the_regions_are_all_those_around_the_corner():
    draw = torch.Generator().manual_seed(0)
    around = [CORNER + 1e-3 * torch.randn(3, dtype=torch.float64, generator=draw) for _ in range(200)]
    seen = torch.unique(torch.stack([simplex_jacobian(y) for y in around]).round(decimals=9), dim=0)
    assert torch.equal(seen, torch.unique(jacobians().round(decimals=9), dim=0)) and len(seen) == len(REGIONS)


def test_difference_quotients_into_any_direction_lie_in_the_hull_that_is_drawn():
    """A step from y to y + t h may cross the regions: its quotient is a mean of their Jacobians times h."""
    points, h = moved(jacobians()), DIRECTION @ FRAME
    draw = torch.Generator().manual_seed(0)
    for _ in range(50):
        y = CORNER + 1e-2 * torch.randn(3, dtype=torch.float64, generator=draw)
        quotient = (project_onto_simplex(y + 1e-2 * h) - project_onto_simplex(y)) / 1e-2
        assert distance_to_hull(quotient @ FRAME.T, points) < 1e-9


def test_points_are_drawn_as_the_corners_of_their_hull_in_order():
    hull = ConvexHull(moved(jacobians()).numpy()).vertices.tolist()
    start = hull.index(0)
    assert hull[start:] + hull[:start] in ([0, 1, 2, 3], [0, 3, 2, 1])
    (outline,) = figure().axes[1].patches
    assert torch.allclose(torch.tensor(outline.get_xy()[:4]), moved(jacobians()))


def test_cross_is_autograd_at_the_corner():
    cross = figure().axes[1].lines[-1]
    reported = moved(torch.autograd.functional.jacobian(project_onto_simplex, CORNER))
    assert [*cross.get_xdata(), *cross.get_ydata()] == reported.tolist()
