import gc
import json
import re

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from gradlab.explore import explore, log_slider, slider, toggle
from gradlab.explore.explorer import Explorer
from gradlab.explore.page import html, plain, unpacked
from tests.gradlab.explore.samples import alt, draw, soft_abs


def recorded(**controls) -> Explorer:
    explorer = Explorer(soft_abs, draw, alt, controls)
    for _ in explorer.recording():
        pass
    return explorer


def test_an_explorer_records_each_of_its_positions_and_leaves_no_figure_open():
    others = plt.get_fignums()
    explorer = recorded(lam=log_slider(0.01, 1, positions=5, label="λ"))
    assert sorted(explorer.record.frames) == ["0", "1", "2", "3", "4"]
    assert plt.get_fignums() == others


def test_the_alt_text_tells_the_values_and_the_figure():
    explorer = recorded(lam=log_slider(0.01, 1, positions=3, start=0.01, label="λ"))
    strings, frames = explorer.record.strings, explorer.record.frames
    assert strings[frames["0"][0]].startswith("λ = 0.01. A soft absolute value")
    assert strings[frames["2"][0]].startswith("λ = 1. A soft absolute value")


def test_a_terminal_gets_a_line():
    assert re.fullmatch(r"\[explorer\] λ = 0.1\. .*", plain(recorded(lam=log_slider(0.01, 1, positions=3, label="λ"))))


def test_a_page_holds_all_it_needs():
    page = html(recorded(lam=log_slider(0.01, 1, positions=3, label="λ")), "")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)
    assert page.count("<img alt=") == 1
    assert set(unpacked(page)["frames"]) == {"0", "1", "2"}


def test_a_page_shows_the_first_picture_before_it_unpacks_the_record():
    explorer = recorded(lam=log_slider(0.01, 1, positions=3, label="λ"))
    first = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html(explorer, ""))[1])
    alt, skeleton, *parts = first["frames"]["1"]
    assert {str(k) for k in (alt, *parts)} <= first["strings"].keys() and str(skeleton) in first["skeletons"]


def test_a_record_cannot_end_its_own_script():
    explorer = Explorer(
        soft_abs, draw, lambda data: "</script><b>", {"lam": log_slider(0.01, 1, positions=2, label="λ")}
    )
    list(explorer.recording())
    assert html(explorer, "").count("</script>") == 2  # the record's and the player's


def test_ten_explorers_stay_under_two_megabytes():
    explorer = recorded(lam=log_slider(1e-8, 1, label="λ"), shift=slider(-1.0, 1.0, label="shift"))
    assert 10 * len(html(explorer, "").encode()) < 2_000_000


def test_controls_that_compute_does_not_take_are_named():
    with pytest.raises(TypeError, match=r"parameters of compute.*'T'"):
        explore(soft_abs, draw, alt=alt, lam=log_slider(0.1, 1, label="λ"), T=slider(0, 1, label="T"))


def test_an_explorer_without_controls_is_refused():
    with pytest.raises(TypeError, match="at least one control"):
        explore(soft_abs, draw, alt=alt)


def test_a_plain_value_is_no_control():
    with pytest.raises(TypeError, match="lam= must be a slider"):
        explore(soft_abs, draw, alt=alt, lam=0.1)


def test_a_draw_that_returns_no_figure_is_refused():
    with pytest.raises(TypeError, match="must return the matplotlib Figure"):
        explore(soft_abs, lambda data: None, alt=alt, lam=log_slider(0.1, 1, label="λ"))


def test_an_empty_alt_text_is_refused():
    with pytest.raises(TypeError, match="must return a sentence"):
        explore(soft_abs, draw, alt=lambda data: " ", lam=log_slider(0.1, 1, label="λ"))


def test_a_failure_at_the_start_is_raised_with_its_place():
    def compute(lam):
        raise ArithmeticError("no minimum")

    with pytest.raises(ArithmeticError, match="no minimum") as caught:
        explore(compute, draw, alt=alt, lam=log_slider(0.01, 1, positions=3, label="λ"))
    assert "λ = 0.1" in caught.value.__notes__[0]


def test_a_failure_elsewhere_is_a_sentence_in_the_page():
    def compute(hard):
        if hard:
            raise ValueError("no minimum")
        return soft_abs(1.0)

    explorer = Explorer(compute, draw, alt, {"hard": toggle(label="hard")})
    list(explorer.recording())
    (message,) = explorer.record.frames["1"]
    assert explorer.record.strings[message] == "No picture here. ValueError: no minimum"


@pytest.mark.parametrize("problem", [KeyboardInterrupt, ValueError])
def test_a_drawing_that_is_not_finished_leaves_no_figure_open(problem):
    def half(data):
        plt.subplots()
        raise problem

    explorer = Explorer(soft_abs, half, alt, {"lam": log_slider(0.1, 1, positions=3, label="λ")})
    own = plt.figure()
    with pytest.raises(problem):
        explorer.show(explorer.start)
    assert plt.get_fignums() == [own.number]
    plt.close(own)


def figures_alive() -> int:
    return sum(type(each) is Figure for each in gc.get_objects())


def test_no_picture_waits_for_a_collection_of_all_objects():
    explorer = Explorer(soft_abs, draw, alt, {"lam": log_slider(1e-4, 1, positions=30, label="λ")})
    generations = []
    gc.collect()
    before = figures_alive()
    gc.callbacks.append(note := lambda phase, about: generations.append(about["generation"]))
    try:
        list(explorer.recording())
    finally:
        gc.callbacks.remove(note)
    assert set(generations) <= {0, 1}
    assert figures_alive() == before


def test_whoever_has_turned_collections_off_has_none():
    explorer = Explorer(soft_abs, draw, alt, {"lam": log_slider(1e-4, 1, positions=3, label="λ")})
    gc.disable()
    try:
        list(explorer.recording())
        assert not gc.isenabled()
    finally:
        gc.enable()
