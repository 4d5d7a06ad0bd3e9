import pytest
import torch
from matplotlib.figure import Figure

from gradlab.explore.figures import close, style
from gradlab.explorers import wasteful_module as explorers
from gradlab.explorers.chain_grid import DTYPES, MODULES, ROUNDS, build, homework_data
from gradlab.explorers.graph_drawing import nodes_of
from gradlab.maths.chains import CHAINS


def drawn(draw, data):
    with style():
        figure = draw(data)
    close(figure)
    return figure


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("method", CHAINS)
def test_every_number_of_the_noise_lies_inside_the_axes(method, dtype):
    data = explorers.chain_noise(n=ROUNDS[0], method=method, dtype=dtype)
    for ax, key in zip(drawn(explorers.draw_noise, data).axes, ("error", "grad_A")):
        low, high = ax.get_ylim()
        assert all(low < row[key] < high for rows in data["rows"].values() for row in rows)


def test_slopes_tell_the_methods_apart():
    slopes = {method: explorers.chain_noise(n=1, method=method, dtype="float64")["slope"] for method in CHAINS}
    assert slopes["solve each round"] < 0.3 < 0.8 < slopes["inverse each round"] < 1.2 < 1.5 < slopes["inverse once"]


@pytest.mark.parametrize("module", MODULES)
def test_reported_gradient_agrees_with_differences_unless_the_graph_is_cut(module):
    data = explorers.module_graph(module=module, n=3)
    assert torch.allclose(data["reported"], data["measured"], rtol=1e-6, atol=1e-6) == (module != "published")
    assert ("does not agree" in explorers.tell_module_graph(data)) == (module == "published")


def test_published_bars_are_twice_x_minus_g():
    M, A, x = homework_data()
    g = build("published", M, 1)(x, A)
    assert torch.equal(explorers.module_graph(module="published", n=3)["reported"], (2 * (x - g)).detach())


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("n", [1, 3, 100])
def test_graph_is_drawn_from_x_to_phi(module, n):
    nodes = [text for text, _ in nodes_of(module, n)]
    assert nodes[0] == "x" and nodes[-1] == "φ"
    assert ("A ·" in nodes) == (module != "efficient")
    assert ("…" in nodes) == (module != "efficient" and n > 3)
    assert isinstance(drawn(explorers.draw_module_graph, explorers.module_graph(module=module, n=n)), Figure)


@pytest.mark.parametrize("T", [0.0, 1.0, 3.14, 10.0, 15.0, 28.0])
def test_jacobian_is_a_projector_whose_trace_counts_the_entries_that_pass(T):
    data = explorers.jacobian_at(T=T)
    passing = int((data["Mx"].abs() > T).sum())
    assert data["distance"] < 1e-12 and round(data["trace"]) == passing
    expected = torch.tensor([0.0] * (5 - passing) + [1.0] * passing, dtype=torch.float64)
    torch.testing.assert_close(data["eigenvalues"], expected, rtol=0, atol=1e-6)
    assert f"{passing} of them" in explorers.tell_eigenvalues(data)
    assert isinstance(drawn(explorers.draw_eigenvalues, data), Figure)


def test_jacobian_is_oblique():
    assert explorers.jacobian_at(T=3.14)["asymmetry"] > 0.1
