import sys
from dataclasses import replace
from math import nextafter

import pytest

from gradlab.explore import log_slider, record_store, slider
from gradlab.explore.explorer import Explorer
from gradlab.explore.page import html
from tests.gradlab.explore.samples import alt, draw, soft_abs


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(record_store, "FOLDER", tmp_path / "records")
    return tmp_path / "records"


@pytest.fixture
def places(tmp_path, folder):
    return record_store.Places(tmp_path / "lesson" / "records" / "name.json.gz", folder / "name.json.gz")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Writes a package `figures` and returns the key of its explorer, each time as a new process would."""

    def key(**files):
        home = tmp_path / "figures"
        home.mkdir(exist_ok=True)
        for name, text in ({"__init__": "", "shared": "K = 1\n"} | files).items():
            (home / f"{name}.py").write_text(text)
        for name in [name for name in sys.modules if name.startswith("figures")]:
            del sys.modules[name]
        for kept in (record_store._files_behind, record_store._imports, record_store._digest):
            kept.cache_clear()
        module = __import__("figures.one", fromlist=["compute"])
        return record_store.places_of((module.compute,), [])

    monkeypatch.syspath_prepend(tmp_path)
    return key


ONE = "from figures import shared\n\ndef compute(n): return n + shared.K\n"


def explorer():
    return Explorer(soft_abs, draw, alt, {"lam": log_slider(0.01, 1, positions=4, label="λ")})


@pytest.mark.parametrize("kind", record_store.Places._fields)
def test_a_record_comes_back_whole(places, kind):
    made = explorer()
    list(made.recording())
    record_store.save(getattr(places, kind), made.record.tables())
    again = explorer()
    again.take(record_store.load(places))
    again.id = made.id
    assert again.complete
    assert html(again, "") == html(made, "")


def test_a_record_that_came_back_goes_on_where_it_stopped(places):
    made, whole = explorer(), explorer()
    made.show(made.start)
    record_store.save(places.own, made.record.tables())
    again = explorer()
    again.take(record_store.load(places))
    for each in (again, whole):
        list(each.recording())
        each.id = ""
    assert {name: frame[0] for name, frame in again.record.frames.items()}.keys() == whole.record.frames.keys()
    for name, frame in whole.record.frames.items():
        assert [again.record.strings[k] for k in again.record.frames[name][2:]] == [
            whole.record.strings[k] for k in frame[2:]
        ]


def test_the_same_code_has_the_same_name(package):
    assert package(one=ONE) == package(one=ONE)


@pytest.mark.parametrize(
    "edit",
    [
        {"one": ONE + "# a comment\n"},
        {"one": ONE, "shared": "K = 2\n"},
        {"one": ONE, "shared": "from figures.deep import K\n", "deep": "K = 3\n"},
    ],
)
def test_an_edit_of_the_code_or_of_what_it_imports_is_another_name(package, edit):
    assert package(one=ONE) != package(**edit)


def test_an_edit_of_a_module_that_is_not_imported_keeps_the_name(package):
    assert package(one=ONE) == package(one=ONE, other="K = 9\n")


def test_other_controls_have_another_name():
    controls = [[slider(0, 1, label="T")], [slider(0, 2, label="T")], [slider(0, 1, label="S")]]
    assert len({record_store.places_of((soft_abs, draw), each) for each in controls}) == 3


def test_the_last_digit_of_a_value_is_no_other_name():
    one, other = slider(1, 2, label="T"), slider(1, 2, label="T")
    other = replace(other, values=tuple(nextafter(value, 3) for value in other.values))
    assert record_store.places_of((soft_abs,), [one]) == record_store.places_of((soft_abs,), [other])


def test_other_versions_have_another_place_for_the_readers_own_record_and_none_for_that_of_the_lesson(monkeypatch):
    here = record_store.places_of((soft_abs,), [])
    monkeypatch.setattr(record_store, "_versions", lambda: "others")
    there = record_store.places_of((soft_abs,), [])
    assert here.shipped == there.shipped and here.own != there.own


def test_what_a_notebook_defines_is_not_kept():
    names = {"__name__": "__main__notebook"}
    exec("def compute(n): return n", names)
    assert record_store.places_of((names["compute"],), []) is None


def test_a_record_with_a_failure_is_not_kept(folder):
    def compute(lam):
        if lam > 0.5:
            raise MemoryError
        return soft_abs(lam)

    made = Explorer(compute, draw, alt, {"lam": log_slider(0.01, 1, positions=4, label="λ")})
    list(made.recording())
    assert not folder.exists()


@pytest.mark.parametrize("content", [b"", b"no gzip", b"\x1f\x8b\x08cut off"])
def test_a_broken_file_is_no_record(places, content):
    places.shipped.parent.mkdir(parents=True)
    places.shipped.write_bytes(content)
    assert record_store.load(places) is None
    record_store.keep(places.own, {"strings": []})
    assert record_store.load(places) == {"strings": []}


def test_a_folder_that_cannot_be_written_costs_the_memory_only(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    record_store.keep(blocked / "records" / "name.json.gz", {})
    assert blocked.read_text() == "in the way"


def test_old_records_make_room(folder, monkeypatch):
    monkeypatch.setattr(record_store, "MOST_FILES", 3)
    for number in range(6):
        record_store.keep(folder / f"name-{number}.json.gz", {})
    assert len(list(folder.glob("*.json.gz"))) == 3
    assert (folder / "name-5.json.gz").exists()
