from gradlab.explore import choice, slider, toggle
from gradlab.explore.record import LIMIT, Record, recorded_positions
from gradlab.explore.svg import Picture


def test_few_positions_are_all_recorded():
    controls = [slider(0, 9, step=1, label="n"), toggle(label="t"), choice(["a", "b", "c"], label="c")]
    positions = recorded_positions(controls)
    assert len(positions) == len(set(positions)) == 10 * 2 * 3


def test_the_start_is_recorded_first():
    controls = [slider(0, 9, step=1, start=4, label="n"), toggle(start=True, label="t")]
    assert recorded_positions(controls)[0] == (4, 1)


def test_many_positions_are_recorded_one_slider_at_a_time_under_each_choice():
    controls = [slider(0, 19, step=1, start=3, label="a"), slider(0, 19, step=1, start=5, label="b")]
    controls += [choice(["x", "y"], label="c")]
    positions = set(recorded_positions(controls))
    assert positions == {(a, 5, c) for a in range(20) for c in range(2)} | {
        (3, b, c) for b in range(20) for c in range(2)
    }


def test_too_many_choices_are_recorded_at_the_start_only():
    controls = [slider(0, 40, step=1, start=0, label="a"), slider(0, 40, step=1, start=0, label="b")]
    controls += [choice(list("abcdefghi"), label="c")]
    positions = recorded_positions(controls)
    assert len(positions) <= LIMIT
    assert all(sum(index != control.start for index, control in zip(p, controls)) <= 1 for p in positions)


def test_what_two_positions_share_is_kept_once():
    record = Record()
    first = record.add((0,), Picture("s", {"a": "still", "b": "one"}, {}), "alt")
    second = record.add((1,), Picture("s", {"a": "still", "b": "two"}, {}), "alt")
    assert first[:3] == second[:3] and first[3] != second[3]
    assert sorted(record.strings) == ["alt", "one", "still", "two"]


def test_an_addition_holds_what_the_page_has_not():
    record = Record()
    record.add((0,), Picture("s", {"a": "still", "b": "one"}, {"x": "X"}), "alt")
    mark = record.mark()
    frame = record.add((1,), Picture("s", {"a": "still", "b": "two"}, {"x": "X", "y": "Y"}), "other")
    addition = record.addition(frame, mark)
    assert sorted(addition["strings"].values()) == ["other", "two"]
    assert addition["skeletons"] == {} and addition["defs"] == {"y": "Y"}
