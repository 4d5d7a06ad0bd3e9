"""The graph of three modules, its size, its cut, and the ∇x that autograd reports."""

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import choice, explore
from gradlab.explore.figures import PALETTE
from gradlab.lessons.wasteful_module.chain_grid import MODULES, ROUNDS, build, homework_data, load_grid
from gradlab.lessons.wasteful_module.explorers.graph_drawing import draw_graph
from gradlab.lessons.wasteful_module.explorers.rounds import rounds_slider, set_rounds_axes
from gradlab.maths.finite_differences import central_gradient


def graph(module: str = "wasteful", n: int = 3) -> None:
    """The graph of φ for three modules, its size, its cut, and the ∇x that it reports. Starts at `module` and `n`."""
    explore(
        module_graph,
        draw_module_graph,
        alt=tell_module_graph,
        module=choice(MODULES, start=module, label="module"),
        n=rounds_slider(n, (1, 3, 100, 10000)),
    )


def module_graph(module: str, n: int) -> dict:
    """What the grid knows of the graph's size; ∇x as reported, and as finite differences measure it."""
    M, A, x = homework_data()
    built = build(module, M, 1)  # ∇x does not depend on the number of rounds

    def phi(t: torch.Tensor) -> torch.Tensor:
        return ((t - built(t, A)) ** 2).sum()

    efficient = build("efficient", M, 1)
    costs = load_grid()["cost"]
    return {
        "module": module,
        "n": n,
        "cost": costs[module][ROUNDS.index(n)],
        "costs": costs,
        "reported": torch.autograd.grad(phi(x), x)[0],
        "measured": central_gradient(lambda t: ((t - efficient(t, A)) ** 2).sum(), x),
    }


def draw_module_graph(data: dict) -> Figure:
    """Above: the graph as a row of boxes, the cut in it. Below: nodes against n, and ∇x against the truth."""
    figure = plt.figure(figsize=(9.4, 6.0), layout="none")
    places = {"left": 0.07, "right": 0.98, "bottom": 0.09, "top": 0.94, "wspace": 0.16, "hspace": 0.2}
    grid = figure.add_gridspec(2, 2, height_ratios=(1, 1.6), **places)
    draw_graph(figure.add_subplot(grid[0, :]), data["module"], data["n"])
    _draw_nodes(figure.add_subplot(grid[1, 0]), data)
    _draw_gradients(figure.add_subplot(grid[1, 1]), data)
    return figure


def _draw_nodes(ax: Axes, data: dict) -> None:
    cost, styles = (
        data["cost"],
        {"wasteful": ("-", "blue"), "efficient": ("--", "green"), "published": (":", "vermillion")},
    )
    for kind, rows in data["costs"].items():
        style, colour = styles[kind]
        ax.loglog(ROUNDS, [row["bytes"] for row in rows], linestyle=style, color=PALETTE[colour], label=kind)
    ax.plot(
        data["n"], cost["bytes"], "D", color="black", markersize=11, fillstyle="none", markeredgewidth=2.2, gid="here"
    )
    ax.set(title="Bytes kept for the backward pass")
    set_rounds_axes(ax, (1e2, 1e8))
    ax.legend(loc="upper left")
    ax.text(
        0.97,
        0.93,
        f"{cost['nodes']:,} nodes, {cost['bytes']:,} bytes".replace(",", " "),
        ha="right",
        transform=ax.transAxes,
        gid="reading",
    )


def _draw_gradients(ax: Axes, data: dict) -> None:
    ax.bar(
        [k - 0.2 for k in range(5)],
        data["measured"].tolist(),
        0.38,
        color="none",
        edgecolor="black",
        linewidth=1.6,
        label="measured by differences",
    )
    ax.bar(
        [k + 0.2 for k in range(5)],
        data["reported"].tolist(),
        0.38,
        color=PALETTE["vermillion"],
        hatch="//",
        edgecolor="white",
        label="reported by autograd",
        gid="reported",
    )
    ax.axhline(0, color="black", linewidth=0.8, linestyle="-")
    ax.set(ylim=(-9, 30), xlabel="entry", title="∇x of φ = ‖x − g‖²", xticks=range(5))
    ax.legend(loc="upper right")


def tell_module_graph(data: dict) -> str:
    """What the picture shows, in words."""
    cost, reported = data["cost"], data["reported"].tolist()
    same = torch.allclose(data["reported"], data["measured"], rtol=1e-5, atol=1e-5)
    cut = "A red cross behind the threshold marks where the graph is cut. " if data["module"] == "published" else ""
    return (
        f"The graph of the {data['module']} module as a row of boxes from x to φ. {cut}Below, the bytes kept for the backward "
        f"pass against the number of rounds: a straight line for the wasteful module, flat for the others; here {cost['nodes']} "
        f"nodes and {cost['bytes']} bytes. Beside it the gradient in x as bars: autograd reports "
        f"{', '.join(f'{value:.2f}' for value in reported)}, which {'agrees' if same else 'does not agree'} with finite differences."
    )
