import pytest

from gradlab.explore.figures import close, style
from gradlab.lessons.wasteful_module import chain_timing

ROWS = [
    {
        "n": n,
        "wasteful forward": 2e-5 * n,
        "wasteful backward": 4e-5 * n,
        "efficient forward": 1e-4,
        "efficient backward": 2e-4,
    }
    for n in (10, 100, 1000)
]


def test_measured_rows_hold_four_positive_times_for_each_number_of_rounds():
    rows = chain_timing.measure(rounds=(1, 2), repeats=1)
    assert [row["n"] for row in rows] == [1, 2]
    assert all(len(row) == 5 and min(row.values()) > 0 for row in rows)


def test_slope_of_times_proportional_to_n_is_one():
    assert chain_timing.slope(ROWS, "wasteful backward") == pytest.approx(1)
    assert chain_timing.slope(ROWS, "efficient forward") == pytest.approx(0)


def test_ratio_is_wasteful_divided_by_efficient():
    assert chain_timing.ratios(ROWS, "forward") == pytest.approx([2, 20, 200])


def test_words_tell_what_the_figure_shows():
    with style():
        figure = chain_timing.draw(ROWS)
    close(figure)
    assert [ax.get_title() for ax in figure.axes] == ["Seconds", "Wasteful : efficient"]
    assert "200 forward and 200 backward" in chain_timing.tell(ROWS)
