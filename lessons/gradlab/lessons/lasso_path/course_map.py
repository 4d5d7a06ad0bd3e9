"""The map of the course: four topics, and on the lines between them the identities that join them."""

from html import escape

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from gradlab.explore.figures import style, svg

TOPICS = {
    "sign": ((0.13, 0.82), "Soft sign, soft abs\n$B = \\sqrt{x^2 + λ}$", "lesson 1"),
    "threshold": ((0.87, 0.82), "Soft threshold,\nwasteful module", "lessons 1, 2"),
    "argmin": ((0.87, 0.14), "Implicit argmin\n$x_θ^* = -H^{-1} f_{xθ}$", "lesson 4"),
    "clarke": ((0.13, 0.14), "Clarke differential,\nhomogeneity", "lesson 3"),
}
CENTRE = ((0.5, 0.48), "The Lasso path", "lesson 5")
IDENTITIES = {
    ("sign", "threshold"): ((0.5, 0.86), "$f_A(X + A \\odot \\mathrm{sign}\\,X) = X$"),
    ("threshold", "argmin"): ((0.87, 0.48), "$f_T(y) = \\mathrm{argmin}_x$\n$½(x-y)^2 + T|x|$"),
    ("argmin", "clarke"): ((0.5, 0.14), "$0 \\in x - y + T\\,∂|x|$\nEuler: $Σ W\\,∂x^*/∂W = -x^*$"),
    ("clarke", "sign"): ((0.13, 0.48), "$u^2 - v^2 = c$  ⇒\n$½(u^2 + v^2) = B$, $λ = c^2/4$"),
}
SPOKES = {
    "sign": ((0.315, 0.655), "slope at the kink → 1/3"),
    "threshold": ((0.685, 0.655), "ISTA: unrolled"),
    "argmin": ((0.685, 0.315), "one solve on $D_A$"),
    "clarke": ((0.315, 0.315), "kinks of the path"),
}
COURSE_MAP_ALT = (
    "A map of the course. Four topics stand in the corners, the Lasso path of lesson 5 in the middle. Soft sign (lesson 1) and soft "
    "threshold (lessons 1 and 2) are joined by f_A(X + A⊙sign X) = X; soft threshold and implicit argmin (lesson 4) by "
    "f_T(y) = argmin ½(x − y)² + T|x|; implicit argmin and Clarke differential (lesson 3) by the inclusion 0 ∈ x − y + T ∂|x| and by Euler's identity; "
    "Clarke differential with homogeneity and soft sign by: u² − v² = c makes ½(u² + v²) the soft absolute value with λ = c²/4. The "
    "lines to the middle say: slope at the kink tends to 1/3; ISTA, unrolled; one solve on the active columns; kinks of the path."
)


def course_map() -> Figure:
    """The map as a figure; `assets/map.svg` is this figure in SVG."""
    figure, ax = plt.subplots(figsize=(9.6, 5.4))
    ax.set(xlim=(0.02, 0.98), ylim=(0.02, 0.94))
    ax.axis("off")
    places = {name: place for name, (place, _, _) in TOPICS.items()}
    for (one, other), (place, words) in IDENTITIES.items():
        _line(ax, places[one], places[other], "-")
        _words(ax, place, words, 11)
    for name, (place, words) in SPOKES.items():
        _line(ax, places[name], CENTRE[0], "--")
        _words(ax, place, words, 10)
    for place, words, lesson in (*TOPICS.values(), CENTRE):
        box = {"boxstyle": "round,pad=0.6", "facecolor": "white", "edgecolor": "#0072b2", "linewidth": 1.6}
        ax.text(*place, f"{words}\n{lesson}", ha="center", va="center", fontsize=12, bbox=box)
    return figure


def course_map_svg() -> str:
    """The text of `assets/map.svg`: the figure with its alt text as title (`python -m gradlab.lessons.lasso_path.course_map`)."""
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
