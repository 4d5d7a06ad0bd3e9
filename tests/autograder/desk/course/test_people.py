"""The list of students is read, changed and written by one process at a time."""

import threading
from contextlib import ExitStack

import pytest
from filelock import Timeout

from autograder.desk.collect.collect import collect
from autograder.desk.course import people as people_module
from autograder.desk.course.people import People, changing
from autograder.desk.course.person import Person
from autograder.desk.course.troubles import sentence_for
from autograder.desk.gradebook.due_dates import collected
from tests.autograder.desk.collect.archives import LESSON, notebook, zipped
from tests.autograder.desk.conftest import gradlab


def test_two_collections_at_once_lose_nobody(course, tmp_path):
    names = [f"s{number}" for number in range(4)]
    sources = [zipped(tmp_path / f"{name}.zip", {f"{name}_{k}_1{k}_start_here.ipynb": notebook(name)})
               for k, name in enumerate(names, 1)]  # fmt: skip
    with ExitStack() as ours:
        people = ours.enter_context(changing(course))
        waiting = [
            threading.Thread(target=gradlab, args=(course.root, "collect", LESSON, str(source))) for source in sources
        ]
        for thread in waiting:
            thread.start()
        people.by_id["ours"] = Person("ours", "Ours")
        people.save()
    for thread in waiting:
        thread.join()
    assert {"ours", *(f"{name}-{k}" for k, name in enumerate(names, 1))} == set(People.of(course).by_id)
    assert len(collected(course)[LESSON]) == len(names)


def test_who_waits_too_long_is_told_in_a_sentence(course, tmp_path, monkeypatch):
    monkeypatch.setattr(people_module, "PATIENCE", 0.1)
    source = zipped(tmp_path / "a.zip", {"ana_1_2_start_here.ipynb": notebook()})
    with changing(course), pytest.raises(Timeout) as late:
        collect(course, LESSON, [source])
    assert "Wait until it has ended" in sentence_for(late.value)
    assert not course.submitted(LESSON)
