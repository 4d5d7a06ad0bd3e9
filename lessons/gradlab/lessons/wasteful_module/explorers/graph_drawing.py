"""The graph of φ as a row of boxes, for the figure `graph`."""

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from gradlab.explore.figures import PALETTE

MOST_DRAWN = 3  # rounds; more of them become dots
Node = tuple[str, str]  # what is written in the box, and the input that comes in from above


def nodes_of(module: str, n: int) -> list[Node]:
    """The boxes from x to φ."""
    drawn = min(n, MOST_DRAWN) if module != "efficient" else 0
    chain = [("A ·", "A"), ("A⁻¹ ·", "A")] * drawn
    if drawn and n > MOST_DRAWN:
        chain[2:-2] = [("…", "")]
    return [("x", ""), ("M ·", "M"), *chain, ("$f_T$", ""), ("M⁻¹ ·", "M"), ("g", ""), ("φ", "")]


def draw_graph(ax: Axes, module: str, n: int) -> None:
    """Draw the boxes, the arrows that a gradient follows backwards, and the cut of the published module."""
    nodes = nodes_of(module, n)
    cut = 1 + next(k for k, (text, _) in enumerate(nodes) if text == "$f_T$") if module == "published" else 0
    for k, (text, source) in enumerate(nodes):
        _box(ax, k, text, reached=k >= cut)
        if source:
            _arrow(ax, (k, 0.38), (k, 0.95), reached=k >= cut)
            ax.text(k, 1.05, source, ha="center", va="bottom", fontsize=11)
        if k:
            broken = bool(cut) and k == cut
            _arrow(ax, (k - 0.3, 0), (k - 0.7, 0), reached=k > cut or not cut, broken=broken)
    last = len(nodes) - 1
    ax.plot([last, last, 0, 0], [-0.33, -0.8, -0.8, -0.5], color=PALETTE["blue"], linestyle="-", linewidth=1.8)
    _arrow(ax, (0, -0.6), (0, -0.33), reached=True)
    ax.text(0.2, -0.9, "x stands in φ = ‖x − g‖² by itself, too: 2(x − g)", ha="left", va="top", fontsize=10)
    if cut:
        ax.text(
            cut - 1, 0.5, "cut: a new tensor,\nmade from numbers", ha="center", va="bottom", color="#b34400", fontsize=9
        )
    words = "no rounds" if module == "efficient" else f"{n:,} round{'s' * (n > 1)}".replace(",", " ")
    ax.set_title(f"Where a gradient can go: the {module} module, {words}")
    ax.set(xlim=(-0.6, 11.6), ylim=(-1.5, 1.6))
    ax.axis("off")


def _box(ax: Axes, place: int, text: str, reached: bool) -> None:
    colour = PALETTE["blue"] if reached else "#8a8a8a"
    style = "-" if reached else ":"
    ax.add_patch(
        FancyBboxPatch(
            (place - 0.27, -0.3), 0.54, 0.6, boxstyle="round,pad=0.03", fc="white", ec=colour, lw=1.8, ls=style
        )
    )
    ax.text(place, 0, text, ha="center", va="center", fontsize=11)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], reached: bool, broken: bool = False) -> None:
    if broken:
        ax.plot([start[0], end[0]], [start[1], end[1]], color=PALETTE["vermillion"], linewidth=2.5, linestyle=":")
        ax.plot((start[0] + end[0]) / 2, start[1], "x", color=PALETTE["vermillion"], markersize=13, markeredgewidth=3)
        return
    ax.annotate("", end, start, arrowprops=_style(reached))


def _style(reached: bool) -> dict:
    colour, style = (PALETTE["blue"], "-") if reached else ("#8a8a8a", ":")
    return {"arrowstyle": "->", "color": colour, "linestyle": style, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
