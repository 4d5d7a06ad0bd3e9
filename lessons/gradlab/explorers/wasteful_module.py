"""Explorers of lesson 2: round-off along the chain, the graph and its cut, the eigenvalues of a projector."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gradlab.explore import choice, explore, slider
from gradlab.explore.controls import Control
from gradlab.explore.figures import LINE_STYLES, PALETTE
from gradlab.explorers.chain_grid import DTYPES, MODULES, ROUNDS, build, homework_data, load_grid
from gradlab.explorers.graph_drawing import draw_graph
from gradlab.maths.chains import CHAINS
from gradlab.maths.finite_differences import central_gradient

COLOURS = dict(zip(CHAINS, ("blue", "vermillion", "green", "purple")))


def noise(n: int = 100, method: str = "inverse each round", dtype: str = "float64") -> None:
    """W2b: error of the chain and noise in ∇A against the number of rounds. Starts at `n`, `method`, `dtype`."""
    explore(
        chain_noise,
        draw_noise,
        alt=tell_noise,
        n=_rounds(n, (1, 10, 100, 1000, 10000)),
        method=choice(list(CHAINS), start=method, label="method"),
        dtype=choice(list(DTYPES), start=dtype, label="dtype"),
    )


def _rounds(start: int, values: tuple[int, ...]) -> Control:
    texts = tuple(f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") for n in values)
    return Control("slider", "rounds n", values, texts, values.index(start))


def chain_noise(n: int, method: str, dtype: str) -> dict:
    """The rows of the grid for one dtype, and where the reader stands in it."""
    rows = load_grid()["noise"][dtype]
    k = ROUNDS.index(n)
    return {
        "n": n,
        "method": method,
        "dtype": dtype,
        "rows": rows,
        "here": rows[method][k],
        "slope": _slope(rows[method]),
    }


def _slope(rows: list[dict]) -> float:
    """By which power of n the noise in ∇A grows from n = 100 to 10 000: least squares in the logarithms."""
    n = torch.tensor(ROUNDS, dtype=torch.float64).log()
    noise = torch.tensor([row["grad_A"] for row in rows], dtype=torch.float64).log()
    n, noise = n[4:] - n[4:].mean(), noise[4:] - noise[4:].mean()
    return ((n @ noise) / (n @ n)).item()


def draw_noise(data: dict) -> Figure:
    """Left: relative error of the value. Right: the largest entry of ∇A, whose true value is 0."""
    figure, axes = plt.subplots(1, 2, figsize=(9.4, 4.3), layout="none")
    figure.subplots_adjust(left=0.07, right=0.98, bottom=0.13, top=0.91, wspace=0.2)
    single = data["dtype"] == "float32"
    limits = ((1e-7, 1e4) if single else (1e-16, 1e-5), (1e-5, 1e5) if single else (1e-13, 1e-4))
    titles = ("Relative error of the chain", "Largest entry of ∇A (should be 0)")
    for ax, key, ylim, title in zip(axes, ("error", "grad_A"), limits, titles):
        for style, (method, rows) in zip(LINE_STYLES, data["rows"].items()):
            chosen = method == data["method"]
            ax.loglog(
                ROUNDS,
                [row[key] for row in rows],
                linestyle=style,
                color=PALETTE[COLOURS[method]],
                linewidth=3.2 if chosen else 1.6,
                alpha=1.0 if chosen else 0.75,
                label=method,
                gid=f"{key} {method}",
            )
        ax.plot(
            data["n"],
            data["here"][key],
            "D",
            color="black",
            markersize=11,
            fillstyle="none",
            markeredgewidth=2.2,
            gid=f"{key} here",
        )
        ax.set(title=title)
        _decades(ax, ylim)
    axes[0].legend(loc="upper left", handlelength=3.2)
    _draw_guides(axes[1], data)
    return figure


def _decades(ax: Axes, ylim: tuple[float, float]) -> None:
    """Rounds against something, one tick for each factor of ten or hundred: ticks are what costs time to draw."""
    low, high = (round(math.log10(end)) for end in ylim)
    ax.set(xlim=(0.8, 1.3e4), ylim=ylim, xlabel="rounds n")
    ax.set_xticks([10**k for k in range(5)])
    ax.set_yticks([10.0**k for k in range(low, high + 1, 2)])
    ax.minorticks_off()


def _draw_guides(ax: Axes, data: dict) -> None:
    """Slopes 1 and 2, the size of ∇x, and what stands at the marker."""
    start = 2e-2 if data["dtype"] == "float32" else 8e-12
    for power in (1, 2):
        ax.plot([30, 3000], [start, start * 100**power], color="black", linestyle=":", linewidth=1.2)
        ax.annotate("n²" if power > 1 else "n", (3000, start * 100**power), (4, -2), textcoords="offset points")
    if data["dtype"] == "float32":
        ax.axhline(20.2, color="black", linestyle=(0, (8, 2)), linewidth=1.2)
        ax.annotate("largest entry of the true ∇x", (0.9, 20.2), (0, 4), textcoords="offset points", fontsize=10)
    ax.text(
        0.03,
        0.9,
        f"|∇A| = {data['here']['grad_A']:.1e}, slope {data['slope']:.1f}",
        transform=ax.transAxes,
        gid="reading",
    )


def tell_noise(data: dict) -> str:
    """What the picture shows, in words."""
    here = data["here"]
    return (
        f"Two log-log plots against the number of rounds, four methods each. At the marker the chain has a relative error "
        f"of {here['error']:.1e}, and the largest entry of the gradient in A is {here['grad_A']:.1e}, where 0 is right and "
        f"the largest entry of the gradient in x comes out as {here['grad_x']:.3g}. From 100 to 10 000 rounds the noise of "
        f"this method grows like n to the power {data['slope']:.1f}."
    )


def graph(module: str = "wasteful", n: int = 3) -> None:
    """W2c: the graph of φ for three modules, its size, its cut, and the ∇x that it reports. Starts at `module` and `n`."""
    explore(
        module_graph,
        draw_module_graph,
        alt=tell_module_graph,
        module=choice(MODULES, start=module, label="module"),
        n=_rounds(n, (1, 3, 100, 10000)),
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
    _decades(ax, (1e2, 1e8))
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


def eigenvalues(T: float = 3.14) -> None:
    """The T slider: which entries of M x pass the threshold, and the eigenvalues of J = ∂g/∂x. Starts at `T`."""
    explore(jacobian_at, draw_eigenvalues, alt=tell_eigenvalues, T=slider(0.0, 28.0, step=2.0, start=T, label="T"))


def jacobian_at(T: float) -> dict:
    """M x, the eigenvalues of J = M⁻¹DM, its trace and its distance from J²."""
    M, A, x = homework_data()
    module = build("efficient", M, 1)
    module.T = T
    J = torch.autograd.functional.jacobian(lambda t: module(t, A), x.detach())
    return {
        "T": T,
        "Mx": (M @ x).detach(),
        "eigenvalues": torch.linalg.eigvals(J).real.sort().values,
        "trace": J.trace().item(),
        "distance": (J @ J - J).abs().max().item(),
        "asymmetry": (J - J.T).abs().max().item(),
    }


def draw_eigenvalues(data: dict) -> Figure:
    """Left: the entries of M x against ±T. Right: the five eigenvalues of J."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.0), layout="none")
    figure.subplots_adjust(left=0.06, right=0.98, bottom=0.13, top=0.91, wspace=0.12)
    T, y = data["T"], data["Mx"]
    left.fill_between([-0.6, 4.6], -T, T, color=PALETTE["sky"], alpha=0.35, label="[−T, T]", gid="dead zone")
    left.axhline(0, color="black", linewidth=0.8, linestyle="-")
    for passes, marker, colour, words in ((True, "o", "blue", "passes"), (False, "X", "vermillion", "becomes 0")):
        chosen = [k for k in range(5) if (abs(y[k]) > T) == passes]
        left.plot(
            chosen, y[chosen], marker, color=PALETTE[colour], markersize=11, linestyle="none", label=words, gid=words
        )
    left.set(xlim=(-0.6, 4.6), ylim=(-32, 32), xticks=range(5), xlabel="entry", title="M x, and the dead zone")
    left.legend(loc="upper right")
    right.axhline(0, color="black", linewidth=0.8, linestyle="-")
    right.plot(
        range(5), data["eigenvalues"], "D", color=PALETTE["green"], markersize=11, linestyle="none", gid="eigenvalues"
    )
    right.set(
        xlim=(-0.6, 4.6), ylim=(-0.3, 1.5), xticks=[], yticks=(0, 0.5, 1), title="Eigenvalues of J = ∂g/∂x, sorted"
    )
    words = f"trace {data['trace']:.0f}, largest |J² − J|: {data['distance']:.0e}"
    right.text(0.03, 0.92, words, transform=right.transAxes, gid="reading")
    return figure


def tell_eigenvalues(data: dict) -> str:
    """What the picture shows, in words."""
    passing = int((data["Mx"].abs() > data["T"]).sum())
    values = ", ".join(f"{abs(value):.0f}" for value in data["eigenvalues"].tolist())
    return (
        f"Left, five entries of M x and the band from −T to T: {passing} of them lie outside and pass. Right, the five "
        f"eigenvalues of the Jacobian: {values}. Its trace is {data['trace']:.0f}, and J² differs from J by at most "
        f"{data['distance']:.0e}."
    )
