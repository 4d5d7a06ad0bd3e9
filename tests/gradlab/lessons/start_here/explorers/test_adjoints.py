import math

import pytest
import torch

from gradlab.lessons.start_here.explorers.adjoints import EDGES, STEPS, draw_walk, tell_walk, walk


@pytest.mark.parametrize("x", [-3.0, -1.0, 0.0, 2.0])
def test_adjoints_are_the_gradients_that_autograd_keeps_for_every_box(x):
    boxes = {"x": torch.tensor(x, dtype=torch.float64, requires_grad=True)}
    boxes["a"], boxes["b"] = boxes["x"] ** 2, torch.sin(boxes["x"])
    boxes["y"] = boxes["a"] * boxes["b"]
    gradients = dict(zip(boxes, torch.autograd.grad(boxes["y"], list(boxes.values()))))
    data = walk(x, len(STEPS) - 1)
    for name in boxes:
        assert data.values[name] == pytest.approx(boxes[name].item())
        assert data.adjoints[name] == pytest.approx(gradients[name].item())


def test_what_comes_back_to_x_adds_up_to_its_adjoint():
    data = walk(1.7, 6)
    assert sum(data.sent(edge) for edge in EDGES[:2]) == pytest.approx(data.adjoints["x"])
    assert data.adjoints["x"] == pytest.approx(2 * 1.7 * math.sin(1.7) + 1.7**2 * math.cos(1.7))


def test_nothing_is_shown_before_its_step():
    written = [{text.get_gid() for text in draw_walk(walk(2.0, step)).axes[0].texts} for step in range(len(STEPS))]
    assert "adjoint x" not in written[5] and "adjoint x" in written[6]
    assert all(earlier - {None} <= later for earlier, later in zip(written, written[1:]))
    assert "Adjoints" not in tell_walk(walk(2.0, 2)) and "of x 1.97" in tell_walk(walk(2.0, 6))
