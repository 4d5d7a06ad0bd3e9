"""The map of the course, `python -m gradlab.lessons.lasso_path.course_map`: five topics and the identities between."""

from html import escape

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore.figures import style, svg

TOPICS = {
    "sign": ((0.21, 0.92), "Soft sign, soft abs\n$B = \\sqrt{x^2 + λ}$", "lesson 1"),
    "threshold": ((0.79, 0.92), "Soft threshold,\nwasteful module", "lessons 1, 2"),
    "argmin": ((0.79, 0.08), "Implicit argmin\n$x_θ^* = -H^{-1} f_{xθ}$", "lesson 4"),
    "clarke": ((0.21, 0.08), "Clarke differential,\nhomogeneity", "lesson 3"),
    "solve": ((0.5, -0.27), "Layers that solve\n$F(z, θ) = 0$,  $K^⊤ u = v$", "lesson 6"),
}
CENTRE = ((0.5, 0.5), "The Lasso path", "lesson 5")
IDENTITIES = {
    ("sign", "threshold"): ((0.5, 0.8), "$f_A(X + A \\odot \\mathrm{sign}\\,X) = X$"),
    ("threshold", "argmin"): ((0.83, 0.62), "$f_T(y) = \\mathrm{argmin}_x$\n$½(x-y)^2 + T|x|$"),
    ("argmin", "clarke"): ((0.5, 0.205), "$0 \\in x - y + T\\,∂|x|$\nEuler: $Σ W\\,∂x^*/∂W = -x^*$"),
    ("argmin", "solve"): ((0.75, -0.12), "$F = f_x$,\n$K = H$"),
    ("solve", "clarke"): ((0.25, -0.12), "projection:\nactive sets, kinks"),
    ("clarke", "sign"): ((0.19, 0.58), "$u^2 - v^2 = c$  ⇒\n$½(u^2 + v^2) = B$,\n$λ = c^2/4$"),
}
SPOKES = {
    "sign": ((0.35, 0.7), "slope at the\nkink → 1/3"),
    "threshold": ((0.66, 0.7), "ISTA:\nunrolled"),
    "argmin": ((0.66, 0.32), "one solve\non $D_A$"),
    "clarke": ((0.34, 0.32), "kinks of\nthe path"),
    "solve": ((0.5, -0.05), "ISTA settles:\n$x = Φ(x, λ)$"),
}
COURSE_MAP_ALT = (
    "A map of the course. Five topics stand in the corners, the Lasso path of lesson 5 in the middle. Soft sign "
    "(lesson 1) and soft threshold (lessons 1 and 2) are joined by f_A(X + A⊙sign X) = X; soft threshold and implicit "
    "argmin (lesson 4) by f_T(y) = argmin ½(x − y)² + T|x|; implicit argmin and Clarke differential (lesson 3) by the "
    "inclusion 0 ∈ x − y + T ∂|x| and by Euler's identity; Clarke differential with homogeneity and soft sign by: "
    "u² − v² = c makes ½(u² + v²) the soft absolute value with λ = c²/4. Layers that solve F(z, θ) = 0 (lesson 6) are joined "
    "to implicit argmin by F = f_x with K = H, and to the Clarke differential by projections with their active sets and "
    "kinks. The lines to the middle say: slope at the kink tends to 1/3; ISTA, unrolled; one solve on the active columns; "
    "kinks of the path; ISTA settles at x = Φ(x, λ)."
)


def course_map() -> Figure:
    """The map as a figure, in the house style wherever it is shown; `assets/map.svg` is this figure in SVG."""
    with style():
        figure, ax = plt.subplots(figsize=(5.6, 8.4))
    ax.set(xlim=(0, 1), ylim=(-0.34, 1))
    ax.axis("off")
    places = {name: place for name, (place, _, _) in TOPICS.items()}
    for (one, other), (place, words) in IDENTITIES.items():
        _line(ax, places[one], place, "-")
        _line(ax, place, places[other], "-")
        _words(ax, place, words, 11)
    for name, (place, words) in SPOKES.items():
        _line(ax, places[name], CENTRE[0], "--")
        _words(ax, place, words, 11)
    for place, words, lesson in (*TOPICS.values(), CENTRE):
        box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": "#0072b2", "linewidth": 1.6}
        ax.text(*place, f"{words}\n{lesson}", ha="center", va="center", fontsize=12, bbox=box)
    return figure


def course_map_svg() -> str:
    """The text of `assets/map.svg`: the figure with its alt text as title."""
    with style():
        opening, rest = svg(course_map()).split("<svg", 1)
    attributes, rest = rest.split(">", 1)
    return f'{opening}<svg role="img"{attributes}><title>{escape(COURSE_MAP_ALT, quote=False)}</title>{rest}'


def _line(ax: plt.Axes, one: tuple[float, float], other: tuple[float, float], style: str) -> None:
    ax.plot(*zip(one, other), color="#6b6b6b", linewidth=1.4, linestyle=style, zorder=0)


def _words(ax: plt.Axes, place: tuple[float, float], words: str, size: int) -> None:
    paper = {"boxstyle": "square,pad=0.25", "facecolor": "white", "edgecolor": "none"}
    ax.text(*place, words, ha="center", va="center", fontsize=size, bbox=paper)


if __name__ == "__main__":
    print(course_map_svg(), end="")
