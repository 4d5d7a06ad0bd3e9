import pytest
import torch
from matplotlib.figure import Figure

from gradlab.explore.figures import close, style
from gradlab.lessons.wasteful_module.chain_grid import MODULES, build, homework_data
from gradlab.lessons.wasteful_module.explorers.graph import draw_module_graph, module_graph, tell_module_graph
from gradlab.lessons.wasteful_module.explorers.graph_drawing import nodes_of


def drawn(draw, data):
    with style():
        figure = draw(data)
    close(figure)
    return figure


@pytest.mark.parametrize("module", MODULES)
def test_reported_gradient_agrees_with_differences_unless_the_graph_is_cut(module):
    data = module_graph(module=module, n=3)
    assert torch.allclose(data["reported"], data["measured"], rtol=1e-6, atol=1e-6) == (module != "published")
    assert ("does not agree" in tell_module_graph(data)) == (module == "published")


def test_published_bars_are_twice_x_minus_g():
    M, A, x = homework_data()
    g = build("published", M, 1)(x, A)
    assert torch.equal(module_graph(module="published", n=3)["reported"], (2 * (x - g)).detach())


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("n", [1, 3, 100])
def test_graph_is_drawn_from_x_to_phi(module, n):
    nodes = [text for text, _ in nodes_of(module, n)]
    assert nodes[0] == "x" and nodes[-1] == "φ"
    assert ("A ·" in nodes) == (module != "efficient")
    assert ("…" in nodes) == (module != "efficient" and n > 2)
    assert len(nodes) % 2 == 0
    assert isinstance(drawn(draw_module_graph, module_graph(module=module, n=n)), Figure)
