"""The graph of φ as boxes that go to the right and come back, for the figure `graph`."""

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from gradlab.explore.figures import PALETTE

MOST_DRAWN = 2  # rounds; of more the first and the last are drawn, dots between
GREY = "#8a8a8a"
Node = tuple[str, str]  # what is written in the box, and the input that comes in from outside
Place = tuple[float, float]


def nodes_of(module: str, n: int) -> list[Node]:
    """The boxes from x to φ, an even number of them."""
    drawn = min(n, MOST_DRAWN) if module != "efficient" else 0
    chain = [("A ·", "A"), ("A⁻¹ ·", "A")] * drawn
    if drawn and n > MOST_DRAWN:
        chain[2:-2] = [("…", ""), ("…", "")]
    return [("x", ""), ("M ·", "M"), *chain, ("$f_T$", ""), ("M⁻¹ ·", "M"), ("g", ""), ("φ", "")]


def places_of(count: int) -> list[Place]:
    """Where so many boxes stand: half of them above from left to right, the others below from right to left."""
    half = count // 2
    return [(k, 0.0) for k in range(half)] + [(k, -1.7) for k in reversed(range(half))]


def draw_graph(ax: Axes, module: str, n: int) -> None:
    """Draw the boxes, the arrows that a gradient follows backwards, and the cut of the published module."""
    nodes = nodes_of(module, n)
    places = places_of(len(nodes))
    threshold = next(k for k, (text, _) in enumerate(nodes) if text == "$f_T$")
    cut = threshold + 1 if module == "published" else 0
    for k, ((text, source), (x, y)) in enumerate(zip(nodes, places)):
        colour, line = _look(k >= cut)
        box = {"boxstyle": "round,pad=0.03", "fc": "white", "ec": colour, "lw": 1.8, "ls": line}
        ax.add_patch(FancyBboxPatch((x - 0.33, y - 0.27), 0.66, 0.54, **box))
        ax.text(x, y, text, ha="center", va="center", fontsize=11)
        outwards = 1 if y == 0 else -1
        if source:
            _arrow(ax, (x, y + 0.34 * outwards), (x, y + 0.72 * outwards), k >= cut)
            ax.text(x, y + 0.9 * outwards, source, ha="center", va="center", fontsize=11)
        if k:
            _arrow(ax, *_between(places[k], places[k - 1]), k > cut or not cut, broken=bool(cut) and k == cut)
    _arrow(ax, *_between(places[-1], places[0]), True)
    ax.text(0.12, -0.85, "2(x − g)", ha="left", va="center", fontsize=11)
    if cut:
        x, y = places[threshold]
        ax.text(x - 0.5, y - 0.75, "cut", ha="center", va="center", color="#b34400", fontsize=11)
    words = "no rounds" if module == "efficient" else f"{n:,} round{'s' * (n > 1)}".replace(",", " ")
    ax.set_title(f"The {module} module, {words}")
    ax.set(xlim=(-0.5, 5.5), ylim=(-2.8, 1.1))
    ax.axis("off")


def _between(start: Place, end: Place) -> tuple[Place, Place]:
    """From the edge of one box to the edge of the next."""
    (x, y), (to_x, to_y) = start, end
    if y == to_y:
        way = 1 if to_x > x else -1
        return (x + 0.37 * way, y), (to_x - 0.37 * way, to_y)
    way = 1 if to_y > y else -1
    return (x, y + 0.31 * way), (to_x, to_y - 0.31 * way)


def _arrow(ax: Axes, start: Place, end: Place, reached: bool, broken: bool = False) -> None:
    colour, line = _look(reached)
    if broken:
        ax.plot(*zip(start, end), color=PALETTE["vermillion"], linewidth=2.5, linestyle=":")
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        ax.plot(*middle, "x", color=PALETTE["vermillion"], markersize=13, markeredgewidth=3)
        return
    look = {"arrowstyle": "->", "color": colour, "linestyle": line, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look)


def _look(reached: bool) -> tuple[str, str]:
    return (PALETTE["blue"], "-") if reached else (GREY, ":")
