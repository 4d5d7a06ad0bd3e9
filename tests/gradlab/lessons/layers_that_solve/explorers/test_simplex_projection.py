import pytest
import torch

from gradlab.lessons.layers_that_solve.explorers.simplex_projection import FRAME, in_plane, projection


@pytest.mark.parametrize("angle", range(0, 360, 30))
@pytest.mark.parametrize("distance", [0.3, 0.8, 1.4])
def test_projection_is_the_nearest_point_of_the_triangle(angle, distance):
    data = projection(angle, distance)
    weights = torch.distributions.Dirichlet(torch.full((3,), 0.5, dtype=torch.float64)).sample((2000,))
    nearest = (weights - data["y"]).norm(dim=1).min()
    assert (data["x"] - data["y"]).norm() <= nearest + 1e-12
    assert data["y"].sum().item() == pytest.approx(1)


def test_frame_keeps_distances():
    torch.testing.assert_close(FRAME @ FRAME.T, torch.eye(2, dtype=torch.float64))
    points = torch.eye(3, dtype=torch.float64)
    torch.testing.assert_close(torch.pdist(in_plane(points)), torch.pdist(points))


def test_all_kinds_of_active_sets_are_met():
    active = {tuple(projection(angle, distance)["active"]) for angle in range(0, 360, 10) for distance in (0.3, 1.4)}
    assert len(active) == 7
