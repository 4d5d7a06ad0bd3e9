"""What every figure with sliders keeps, whatever it shows."""

import math
import re

import pytest
from matplotlib.colors import to_rgba_array
from matplotlib.text import Text

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


def test_where_a_click_sets_a_control_stays_when_other_controls_move(explorer):
    """The page knows the place of each value from the first picture."""
    panels = [control.panel for control in explorer.controls if control.panel is not None]
    places = set()
    for share in (0.0, 0.5, 1.0):
        position = tuple(round(share * (len(control) - 1)) for control in explorer.controls)
        with style():
            figure = explorer.draw(explorer.compute(**explorer.values(position)))
            figure.canvas.draw()
        close(figure)
        axes = [figure.axes[panel] for panel in panels]
        places.add(str([(ax.bbox.bounds[0::2], ax.get_xlim(), ax.get_xscale()) for ax in axes]))
    assert len(places) == 1


def drawn_at(explorer, *shares):
    """The figure at these shares of the way of all controls."""
    for share in shares:
        position = tuple(round(share * (len(control) - 1)) for control in explorer.controls)
        data = explorer.compute(**explorer.values(position))
        with style():
            figure = explorer.draw(data)
        close(figure)
        yield data, figure


HYPHEN_FOR_MINUS = re.compile(r"-\d")
FORMULA = re.compile(r"\$[^$]*\$")  # matplotlib draws a true minus in it


def test_a_minus_is_a_true_minus_in_pictures_and_in_words(explorer):
    last = tuple(len(control) - 1 for control in explorer.controls)
    for position in {explorer.start, (0,) * len(last), last}:
        data = explorer.compute(**explorer.values(position))
        with style():
            figure = explorer.draw(data)
            figure.canvas.draw()
        close(figure)
        seen = [FORMULA.sub("", text.get_text()) for text in figure.findobj(Text) if text.get_visible()]
        texts = [explorer.description(position, data), *seen]
        assert not [text for text in texts if HYPHEN_FOR_MINUS.search(text)]


def is_pale(colour):
    """An opaque colour, not white itself, on which light letters cannot be read."""
    *light, opacity = colour
    red, green, blue = (each**2.2 for each in light)
    return 0.5 < 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.99 and opacity > 0.5


def test_no_area_is_pale_on_a_dark_page(explorer):
    """There black turns light, and white dark; any other colour stays. Let the paper through, by an alpha."""
    for _, figure in drawn_at(explorer, 0.0, 1.0):
        areas = [area for ax in figure.axes for area in (*ax.patches, *ax.collections)]
        colours = [tuple(colour) for area in areas for colour in to_rgba_array(area.get_facecolor())]
        assert not [each for each in colours if is_pale(each)]


def test_every_panel_has_its_own_numbers_and_can_stand_alone_on_a_narrow_page(explorer):
    for _, figure in drawn_at(explorer, 0.0):
        for ax in figure.axes:
            x, y = ax.xaxis.get_tick_params(), ax.yaxis.get_tick_params()
            assert x.get("labelbottom", True) and y.get("labelleft", True), ax.get_title()
