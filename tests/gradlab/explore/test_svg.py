"""Whatever an artist is, a picture traced after others equals the one traced alone."""

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from matplotlib.ticker import MultipleLocator

from gradlab.explore.figures import close, style
from gradlab.explore.svg import Picture, Tracer

X = np.linspace(0.1, 2, 300)


def line(ax, t):
    ax.plot(X, np.sin(X * t))


def markers(ax, t):
    ax.plot(X[::30], np.sin(X[::30] * t), "o", color=f"C{int(t)}")


def colour_and_dashes(ax, t):
    ax.plot(X, X, color=(t / 4, 0, 0), linestyle=["-", "--", ":"][int(t) % 3], alpha=t / 5)


def scatter(ax, t):
    ax.scatter(X[::20], np.cos(X[::20] * t), c=X[::20] * t, s=20 * t)


def fill(ax, t):
    ax.fill_between(X, -np.sin(X * t), np.sin(X * t), alpha=0.3, hatch="//" if t > 2 else None)


def bars(ax, t):
    ax.bar([0.5, 1, 1.5], [t / 4, 0.5, -t / 4], width=0.3)


def errorbars(ax, t):
    ax.errorbar(X[::50], X[::50] / t, yerr=0.1 * t, capsize=3)


def patches(ax, t):
    ax.add_patch(Rectangle((0.2, 0), t / 4, 0.5))
    ax.add_patch(Circle((1, 0), t / 10, fill=False))
    ax.add_patch(FancyArrowPatch((0, 0), (t / 3, 0.5), arrowstyle="->", mutation_scale=15))


def texts(ax, t):
    ax.text(t / 3, 0, rf"$\lambda^{{{int(t)}}}$ and {t}", rotation=10 * t)
    ax.set_title(f"title {t}")


def annotation(ax, t):
    ax.annotate(f"here {t}", (t / 3, 0), (1, 0.5), arrowprops={"arrowstyle": "->"})


def legend(ax, t):
    ax.plot(X, X / t, label=f"slope 1/{t}")
    ax.legend(loc="upper right")


def image(ax, t):
    ax.imshow(np.outer(X[::30], X[::30] * t), extent=(0.1, 2, -1, 1), aspect="auto", vmin=0, vmax=10)


def clipped_image(ax, t):
    shown = ax.imshow(np.outer(X[::30], X[::30]), extent=(0.1, 2, -1, 1), aspect="auto")
    shown.set_clip_path(Circle((1, 0), t / 10, transform=ax.transData))


def contour(ax, t):
    ax.contourf(X[::10], X[::10], np.outer(X[::10], np.sin(X[::10] * t)), levels=[-1, 0, 0.5, 1])


def inset(ax, t):
    zoom = ax.inset_axes([0.6, 0.6, 0.3, 0.3], xlim=(0, 1), ylim=(0, 1))
    zoom.plot(X, X * t)
    ax.indicate_inset_zoom(zoom)


def hidden_at_times(ax, t):
    ax.plot(X, X, visible=t > 2)


def spans(ax, t):
    ax.axvline(t / 2)
    ax.axhspan(0, t / 5, alpha=0.2)


CHANGES = [
    line,
    markers,
    colour_and_dashes,
    scatter,
    fill,
    bars,
    errorbars,
    patches,
    texts,
    annotation,
    legend,
]
CHANGES += [image, clipped_image, contour, inset, hidden_at_times, spans]


def one_gid_for_two(ax, t):
    ax.plot(X, X * t, gid="curve")
    ax.plot(X, X / t, gid="curve")


CHANGES.append(one_gid_for_two)


def limits(ax, t):
    ax.set_xlim(0, t)


def log_scale(ax, t):
    ax.plot(X, X**t)
    ax.set(xscale="log", yscale="log", ylim=(1e-4, 10**t))


def ticks(ax, t):
    ax.xaxis.set_major_locator(MultipleLocator(t / 4))


def axis_label(ax, t):
    ax.set_xlabel(f"x in units of {t}")


def fewer_artists(ax, t):
    for k in range(int(t)):
        ax.plot(X, X * k)


def other_order(ax, t):
    ax.plot(X, X, zorder=t)
    ax.plot(X, -X, zorder=2.5)


def equal_aspect(ax, t):
    ax.set(xlim=(0, 2), ylim=(0, t), aspect="equal")


# A change of these moves axes too. Without a layout engine an axis is a part; with one the picture is new.
NEW_PICTURES = [limits, log_scale, ticks, axis_label, fewer_artists, other_order, equal_aspect]


def trace(tracer: Tracer, artist, t: float, layout: str, shape: tuple[int, int] = (1, 1)) -> Picture:
    with style():
        figure, axes = plt.subplots(*shape, layout=layout, squeeze=False)
        for ax in axes.flat:
            ax.set(xlim=(0.1, 2), ylim=(-1, 1))
            artist(ax, t)
        picture = tracer.trace(figure)
        close(figure)
    return picture


@pytest.mark.parametrize("layout", ["none", "constrained"])
@pytest.mark.parametrize("artist", CHANGES + NEW_PICTURES)
def test_a_picture_does_not_depend_on_those_before_it(artist, layout):
    used = Tracer()
    trace(used, artist, 1.0, layout)
    (svg,) = trace(used, artist, 3.0, layout).svgs()
    assert [svg] == trace(Tracer(), artist, 3.0, layout).svgs()
    ElementTree.fromstring(svg)
    named, needed = re.findall(r'id="([^"]+)"', svg), re.findall(r'(?:url\(|href=")#([^")]+)', svg)
    assert set(needed) <= set(named)


@pytest.mark.parametrize("artist", CHANGES)
def test_an_artist_that_moves_keeps_the_skeleton(artist):
    tracer = Tracer()
    first, second = trace(tracer, artist, 1.0, "constrained"), trace(tracer, artist, 3.0, "constrained")
    assert first.skeletons == second.skeletons
    moved = {key for key, part in first.parts.items() if part != second.parts[key]}
    assert moved and not any("Axis" in key for key in moved)


@pytest.mark.parametrize("artist", [fewer_artists, other_order])
def test_another_set_or_order_of_artists_is_a_new_skeleton(artist):
    tracer = Tracer()
    assert trace(tracer, artist, 1.0, "none").skeletons != trace(tracer, artist, 3.0, "none").skeletons


def test_several_axes_move_each_for_itself():
    used = Tracer()
    for t in (1.0, 3.0):
        after = trace(used, line, t, "constrained", (2, 2))
        assert after.svgs() == trace(Tracer(), line, t, "constrained", (2, 2)).svgs()


@pytest.mark.parametrize("projection", ["polar", "3d"])
def test_axes_of_another_projection_are_one_part(projection):
    def picture(tracer: Tracer, t: float) -> Picture:
        figure, ax = plt.subplots(subplot_kw={"projection": projection})
        ax.plot(X, X * t, *([X] if projection == "3d" else []))
        traced = tracer.trace(figure)
        close(figure)
        return traced

    used = Tracer()
    picture(used, 1.0)
    after = picture(used, 3.0)
    assert after.svgs() == picture(Tracer(), 3.0).svgs()
    assert len(after.parts) == 1  # the axes; the page has a background of its own


def test_path_data_stays_within_a_hundredth_of_a_point_of_the_artist():
    figure, ax = plt.subplots(layout="none")
    ax.set(xlim=(0, 2), ylim=(-1, 1))
    points = np.column_stack([X[::20], np.sin(X[::20] * 3)])
    ax.plot(*points.T, gid="curve")
    figure.set_dpi(72)
    expected = ax.transData.transform(points)
    expected[:, 1] = figure.get_size_inches()[1] * 72 - expected[:, 1]
    path = re.search(r' d="([^"]+)"', Tracer().trace(figure).parts["Axes1.curve"])[1]
    close(figure)
    numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", path)]
    drawn = np.cumsum(np.reshape(numbers, (-1, 2)), axis=0)  # an absolute start, then steps
    assert np.abs(drawn - expected).max() <= 0.0051


def test_the_same_figure_gives_the_same_text():
    assert trace(Tracer(), scatter, 2.0, "constrained").svgs() == trace(Tracer(), scatter, 2.0, "constrained").svgs()
