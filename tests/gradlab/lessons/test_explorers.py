"""What every figure with sliders keeps, whatever it shows."""

import math

import pytest

from gradlab.course import LESSONS
from gradlab.explore.figures import close, style
from gradlab.explore.record import LIMIT
from tests.gradlab.lessons.figures import FIGURES, explorer_of, figures_of


@pytest.fixture(params=FIGURES, scope="module")
def explorer(request):
    return explorer_of(FIGURES[request.param])


def test_every_position_can_be_computed_and_its_words_tell_it_apart(explorer):
    told = {explorer.description(p, explorer.compute(**explorer.values(p))) for p in explorer.positions}
    assert len(told) == len(explorer.positions)


def test_the_extreme_positions_can_be_drawn_and_look_different(explorer):
    last = tuple(len(control) - 1 for control in explorer.controls)
    first = (0,) * len(last)
    pictures = []
    for position in (explorer.start, first, last):
        frame = explorer.show(position)
        assert len(frame) > 1, explorer.record.strings[frame[0]]
        pictures.append(frame[2:])
    assert pictures[1] != pictures[2]


def test_all_positions_that_are_few_are_recorded(explorer):
    count = math.prod(len(control) for control in explorer.controls)
    assert len(explorer.positions) == count or count > LIMIT


@pytest.mark.parametrize("lesson", LESSONS.values())
def test_a_lesson_calls_its_figures_by_the_names_of_their_modules(lesson):
    figures = figures_of(lesson)
    assert figures
    assert all(figure.__module__ == f"gradlab.lessons.{lesson}.explorers.{name}" for name, figure in figures.items())


def test_what_moves_stays_inside_its_axes(explorer):
    """Points drawn alone or as a path, which tell where the reader is, at the ends of all controls and in between."""
    for share in (0.0, 0.3, 0.7, 1.0):
        position = tuple(round(share * (len(control) - 1)) for control in explorer.controls)
        with style():
            figure = explorer.draw(explorer.compute(**explorer.values(position)))
            figure.canvas.draw()
        close(figure)
        for line in (line for ax in figure.axes for line in ax.lines if line.get_gid() and len(line.get_xdata()) == 1):
            x, y = line.axes.transAxes.inverted().transform(line.get_transform().transform(line.get_xydata()[0]))
            assert -1e-6 <= x <= 1 + 1e-6 and -1e-6 <= y <= 1 + 1e-6, (
                f"{line.get_gid()} at {explorer.setting(position)}"
            )


def test_axes_have_numbers_of_their_own_where_a_narrow_page_puts_them_below_others(explorer):
    with style():
        figure = explorer.draw(explorer.compute(**explorer.values(explorer.start)))
    close(figure)
    assert [ax for ax in figure.axes if ax.get_yticks().size and not ax.yaxis.get_tick_params()["labelleft"]] == []
