import re
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from nbclient import NotebookClient

from gradlab.explore.figures import LINE_STYLES, PALETTE, show, style, svg
from tests.browser.lab import notebook


def figure() -> plt.Figure:
    made, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="line")
    ax.legend()
    return made


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_two_lines_share_colour_or_line_style():
    with style():
        lines = [plt.plot([0, 1], [k, k])[0] for k in range(len(PALETTE))]
        plt.close()
    assert len({line.get_color() for line in lines}) == len(PALETTE)
    assert len({str(dashes) for dashes in LINE_STYLES}) == len(PALETTE)


def test_the_first_colours_stand_out_from_white_and_from_dark():
    for name in ("blue", "vermillion", "green"):
        light = luminance(PALETTE[name])
        assert (1.05 / (light + 0.05)) >= 3 and (light + 0.05) / (luminance("#111") + 0.05) >= 3


def test_the_style_ends_with_its_block():
    before = mpl.rcParams["axes.grid"], mpl.rcParams["figure.figsize"]
    with style():
        assert mpl.rcParams["axes.grid"]
    assert (mpl.rcParams["axes.grid"], mpl.rcParams["figure.figsize"]) == before


def test_the_same_figure_gives_the_same_svg():
    first, second = svg(figure()), svg(figure())
    assert first == second
    ElementTree.fromstring(first)
    plt.close("all")


def test_a_shown_figure_is_closed_and_told(capsys):
    show(figure(), alt="A line that rises.")
    assert not plt.get_fignums()
    assert capsys.readouterr().out == "[figure] A line that rises.\n"


def test_a_notebook_gets_an_image_with_its_alt_text():
    cell = """
import matplotlib.pyplot as plt
from gradlab.explore.figures import show
made, ax = plt.subplots()
ax.plot([0, 1])
show(made, alt='A "line" & more.')
"""
    (output,) = NotebookClient(notebook([cell]), timeout=60).execute().cells[0].outputs
    assert re.search(r'<img alt="A &quot;line&quot; &amp; more\." src="data:image/svg\+xml,', output.data["text/html"])
    assert output.data["text/plain"] == '[figure] A "line" & more.'


@pytest.mark.parametrize(("made", "alt", "error"), [(None, "text", TypeError), ("figure", "  ", ValueError)])
def test_a_figure_without_a_picture_or_words_is_refused(made, alt, error):
    with pytest.raises(error):
        show(figure() if made else None, alt=alt)
    plt.close("all")
