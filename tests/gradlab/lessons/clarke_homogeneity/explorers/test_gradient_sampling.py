import pytest
import torch

from gradlab.lessons.clarke_homogeneity.explorers.gradient_sampling import (
    IN_THE_PLANE,
    hull_outline,
    sampled_gradients,
    tell_gradients,
)


def points(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def test_hull_of_equal_points_is_one_point():
    assert hull_outline(points((1, 2), (1, 2), (1, 2))).tolist() == [[1, 2]]


@pytest.mark.parametrize("direction", [(1.0, 0.0), (0.0, 1.0), (1.0, -2.0), (0.3, 0.1)])
def test_hull_of_points_on_a_line_is_its_two_ends(direction):
    line = torch.tensor([0.5, 0.0, 1.0, 0.25], dtype=torch.float64)[:, None] * points(direction)
    assert sorted(hull_outline(line).tolist()) == sorted([[0, 0], list(direction)])


def test_hull_of_a_square_with_points_inside_has_its_four_corners():
    square = points((0, 0), (1, 0), (1, 1), (0, 1), (0.5, 0.5), (0.2, 0.7))
    assert sorted(hull_outline(square).tolist()) == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_corners_come_in_order_around_the_hull():
    outline = hull_outline(torch.randn(50, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))
    edges = outline.roll(-1, 0) - outline
    turns = edges[:, 0] * edges.roll(-1, 0)[:, 1] - edges[:, 1] * edges.roll(-1, 0)[:, 0]
    assert (turns > 0).all() or (turns < 0).all()


@pytest.mark.parametrize(
    ("program", "outside"),
    [("max(x1*x1, x1*x2) at (1, 1)", 0), ("abs(x1) + abs(x2) at 0", 0), ("relu(x1) - relu(-x1) + x2 at (0, 1)", 1)],
)
def test_autograd_is_in_the_hull_unless_kinks_cancel(program, outside):
    data = sampled_gradients(program, radius=0.01, step=0.0)
    assert data["outside"] == pytest.approx(outside, abs=1e-6)


@pytest.mark.parametrize("program", list(IN_THE_PLANE))
def test_away_from_the_kink_autograd_is_in_the_hull(program):
    data = sampled_gradients(program, radius=0.1, step=0.25)
    assert data["outside"] < 0.02
    assert tell_gradients(data).endswith("in it.") == (data["outside"] < 1e-6)
