import re
from itertools import combinations
from pathlib import Path

from gradlab.lessons.lasso_path import course_map


def test_map_in_assets_is_the_figure():
    kept = (Path(__file__).parents[4] / "assets" / "map.svg").read_text(encoding="utf-8")
    drawn = course_map.course_map_svg()
    assert course_map.COURSE_MAP_ALT in kept
    assert all(kept.count(mark) == drawn.count(mark) > 0 for mark in ("<use ", "<path "))


def test_map_can_be_read_on_a_dark_page():
    fills = set(re.findall(r"fill: ?([^;\"]+)", course_map.course_map_svg()))
    assert not [fill for fill in fills if fill.startswith("#")], "words there are in the page's ink"


def test_words_and_boxes_of_the_map_do_not_cover_each_other():
    figure = course_map.course_map()
    figure.canvas.draw()
    places = {text.get_text(): text.get_bbox_patch().get_window_extent() for text in figure.axes[0].texts}
    assert [pair for pair in combinations(places, 2) if places[pair[0]].overlaps(places[pair[1]])] == []
