"""The graph of three modules, its size, its cut, and the ∇x that autograd reports."""

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import choice, explore
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.wasteful_module.chain_grid import MODULES, ROUNDS, build, homework_data, load_grid
from gradlab.lessons.wasteful_module.explorers.graph_drawing import draw_graph
from gradlab.lessons.wasteful_module.explorers.rounds import rounds_slider, set_rounds_axes
from gradlab.maths.finite_differences import central_gradient

# Two of the lines of nodes are one: the wide one is seen on both sides of the narrow one.
STYLES = {"wasteful": ("-", "sky", 5.0), "efficient": ("--", "green", 2.0), "published": (":", "vermillion", 2.2)}


def graph(module: str = "wasteful", n: int = 3) -> None:
    """The graph of φ for three modules, its size, its cut, and the ∇x that it reports. Starts at `module` and `n`."""
    explore(
        module_graph,
        draw_module_graph,
        alt=tell_module_graph,
        module=choice(MODULES, start=module, label="module"),
        n=rounds_slider(n, (1, 3, 100, 10000), panel=2),
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
    """Above: the graph as boxes, the cut in it, and ∇x against the truth. Below: how nodes and bytes grow with n."""
    figure, ((graph, gradients), (nodes, kept)) = plt.subplots(2, 2, figsize=(9.4, 6.4), layout="none")
    figure.subplots_adjust(left=0.08, right=0.98, bottom=0.09, top=0.94, wspace=0.2, hspace=0.36)
    draw_graph(graph, data["module"], data["n"])
    _draw_gradients(gradients, data)
    _draw_growth(nodes, data, "nodes", (1e0, 1e6))
    _draw_growth(kept, data, "bytes", (1e2, 1e8))
    return figure


def _draw_growth(ax: Axes, data: dict, what: str, ylim: tuple[float, float]) -> None:
    for kind, rows in data["costs"].items():
        line, colour, width = STYLES[kind]
        label = "published, on the same line" if (kind, what) == ("published", "nodes") else kind
        look = {"linestyle": line, "color": PALETTE[colour], "linewidth": width, "label": label}
        ax.loglog(ROUNDS, [row[what] for row in rows], **look)
    here = data["cost"][what]
    ring = {"color": "black", "markersize": 11, "fillstyle": "none", "markeredgewidth": 2.2}
    ax.plot(data["n"], here, "D", gid=f"{what} here", **ring)
    name = {"nodes": "Nodes made, cut off or not", "bytes": "Bytes kept for backward"}[what]
    number = f"{here:,}".replace(",", " ")
    ax.set_title(f"{name}: {number}", gid=f"{what} in words")
    set_rounds_axes(ax, ylim)
    ax.legend(loc="upper left")


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
    cost, reported = data["cost"], ", ".join(format_number(value, ".2f") for value in data["reported"].tolist())
    same = torch.allclose(data["reported"], data["measured"], rtol=1e-5, atol=1e-5)
    cut = "A red cross behind the threshold marks where the graph is cut. " if data["module"] == "published" else ""
    return (
        f"The graph of the {data['module']} module as boxes from x to φ. {cut}Beside it ∇x as bars: "
        f"autograd reports {reported}, which {'agrees' if same else 'does not agree'} with finite differences. Below, "
        "against the number of rounds: the nodes that the forward pass makes, those that a cut leaves out counted too, "
        "rise in one line for the wasteful and the published module, and stay the same for the efficient one; the bytes "
        "kept for the backward pass rise for the wasteful module, and stay the same for the two others. "
        f"Here {cost['nodes']} nodes and {cost['bytes']} bytes."
    )
