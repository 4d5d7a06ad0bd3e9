import re

import matplotlib.pyplot as plt
import pytest

from gradlab.explore.figures import close, style
from gradlab.explore.svg import Picture, Tracer


def traced(draw) -> Picture:
    with style():
        figure = draw()
        picture = Tracer().trace(figure)
    close(figure)
    return picture


def side_by_side(count=2):
    figure, axes = plt.subplots(1, count, figsize=(9, 4))
    for k, ax in enumerate(axes):
        ax.plot([0, 1], [0, k], gid=f"line {k}")
        ax.set(xlabel="x", title=f"panel {k}")
    return figure


def below():
    figure, axes = plt.subplots(2, 1, figsize=(5, 5))
    for ax in axes:
        ax.plot([0, 1])
    return figure


def twin():
    figure, ax = plt.subplots(figsize=(5, 3))
    ax.plot([0, 1])
    ax.twinx().plot([1, 0])
    ax.inset_axes((0.1, 0.1, 0.3, 0.3)).plot([0, 1])
    return figure


def one_above_two():
    figure = plt.figure(figsize=(9, 6))
    grid = figure.add_gridspec(2, 2)
    for place in (grid[0, :], grid[1, 0], grid[1, 1]):
        figure.add_subplot(place).plot([0, 1])
    return figure


def boxes(picture):
    return [tuple(map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())) for svg in picture.skeletons]


@pytest.mark.parametrize(
    ("draw", "count"), [(side_by_side, 2), (lambda: side_by_side(3), 3), (below, 1), (twin, 1), (one_above_two, 3)]
)
def test_axes_side_by_side_are_panels_and_others_stay_together(draw, count):
    assert len(traced(draw).skeletons) == count


@pytest.mark.parametrize("draw", [side_by_side, below, twin, one_above_two])
def test_every_artist_is_in_one_panel_and_the_paper_in_none(draw):
    picture = traced(draw)
    places = re.findall(r'data-part="([^"]+)"', "".join(picture.skeletons))
    assert sorted(places) == sorted(picture.parts)
    assert all("Axes" in key for key in places)


def test_panels_of_a_row_are_as_high_as_each_other_and_do_not_overlap():
    (x1, y1, w1, h1), (x2, y2, _, h2) = boxes(traced(side_by_side))
    assert (y1, h1) == (y2, h2)
    assert x1 + w1 <= x2 + 1


def test_a_panel_holds_its_axis_labels():
    figure = side_by_side()
    figure.set_dpi(72)
    figure.draw_without_rendering()
    labels = [ax.yaxis.get_tightbbox() for ax in figure.axes]
    close(figure)
    for (x, _, width, _), label in zip(boxes(traced(side_by_side)), labels):
        assert x <= label.x0 and label.x1 <= x + width


def test_a_figure_that_is_drawn_whole_keeps_its_paper_in_one_piece():
    with style():
        figure = side_by_side()
        picture = Tracer().trace(figure, whole=True)
    close(figure)
    assert len(picture.svgs()) == 1
    assert "Rectangle1" in picture.parts
