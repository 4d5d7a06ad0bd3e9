"""A lesson's whole way over nbgrader's exchange on a real JupyterHub, as the guide says it: from the release to the page read."""

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from autograder.notebooks.cells import content_id
from autograder.notebooks.files import write_bytes
from autograder.notebooks.places import lesson_path
from autograder.release.bank import entries
from gradlab.exercises.verdict import Outcome
from tests.autograder.desk.hand_ins import solved
from tests.autograder.hub.conftest import INSTRUCTOR, LESSON, PASSWORD, Hub
from tests.autograder.hub.guide import blocks
from tests.autograder.hub.student import Student

COURSE = "gradients"
NAMED = "01-soft-thresholding"  # the lesson in the guide's commands; here it is a shorter one
NOTEBOOK = f"{LESSON}/start_here.ipynb"
PREDICTION, NO_PREDICTION = 'predict("flat_points", -1, 1)', 'predict("flat_points", ...)'
NEWS = "A sentence of the second edition."
WAIT = 180_000  # milliseconds
DUE = "2000-01-01 00:00+00:00"
HALF_RIGHT = next(each for each in entries(LESSON) if each.outcome == Outcome.HALF)


def instructs(hub: Hub, number: int) -> str:
    """The instructor does what a block of the guide says; returns what is printed."""
    lines = [line.replace(NAMED, LESSON) for line in blocks("sh")[number]]
    return "".join(hub.machine.run(INSTRUCTOR, "bash", "-c", line) for line in lines)


@pytest.fixture(scope="module")
def released(hub):
    """The lesson lies in the exchange."""
    course = f"{hub.machine.home(INSTRUCTOR)}/course"
    settings = "\n".join(blocks("python")[1])
    hub.machine.run(
        INSTRUCTOR, "bash", "-c", f"mkdir {course} && cat > {course}/nbgrader_config.py <<'END'\n{settings}\nEND"
    )
    instructs(hub, 1)
    return hub


@pytest.fixture(scope="module")
def ada(released) -> Student:
    return released.student("ada")


@pytest.fixture(scope="module")
def bob(released) -> Student:
    return released.student("bob")


def work_on(student: Student, sources: dict[str, str]) -> None:
    """She writes answers and a prediction into her notebook and saves it."""
    notebook = student.reads(NOTEBOOK)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = PREDICTION if cell["source"] == NO_PREDICTION else sources.get(name, cell["source"])
    student.saves(NOTEBOOK, notebook)


def terminal() -> str:
    """What the student's guide has her type to get a newer lesson."""
    [line] = [line for block in blocks("sh", "student", "## Get newer lessons") for line in block if "--in" in line]
    return line.replace(NAMED, LESSON)


def test_students_see_students_things(ada):
    settings = json.loads(re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', ada.lab, re.DOTALL)[1])
    off = {f"@jupyter/nbgrader:{name}" for name in ("create-assignment", "formgrader", "course-list")}
    assert {*settings["disabledExtensions"]} == off
    assert "@jupyter/nbgrader" in {each["name"] for each in settings["federated_extensions"]}
    assert ada.session.get(f"{ada.home}/formgrader/api/assignments", timeout=60).status_code == 404


def test_student_finds_the_list_of_assignments_in_the_menu(released, page):
    page.goto(f"{released.address}/hub/login", timeout=WAIT)
    page.fill("#username_input", "ada")
    page.fill("#password_input", PASSWORD)
    page.click("#login_submit")
    page.get_by_role("menuitem", name="Nbgrader").click(timeout=WAIT)
    items = page.locator(".lm-Menu-itemLabel")
    items.get_by_text("Assignment List").wait_for(timeout=WAIT)
    shown = {text.strip() for text in items.all_inner_texts() if text.strip()}
    assert shown == {"Assignment List"}
    items.get_by_text("Assignment List").click()
    page.locator("#released_assignments_list").get_by_text(LESSON).wait_for(timeout=WAIT)


def as_checks_say(student: Student, shown: dict[str, str]) -> float:
    """The marks of a notebook by what its checks have shown."""
    points = {}
    for cell in student.reads(NOTEBOOK)["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade"):
            points[about["grade_id"]] = about["points"]
    earned = {"✓": 1.0, "◐": 0.5}
    return sum(points[name] * earned.get(shown[name].strip()[0], 0.0) for name in points)


def second_edition(hub: Hub) -> str:
    """An edition in which a text of the lesson is new; returns where it lies on the machine."""
    notebook = nbformat.read(lesson_path(LESSON), as_version=4)
    text = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    text.source += f"\n\n{NEWS}"
    text.id = content_id(text.cell_type, text.source)
    path = hub.machine.srv / "second" / "lessons" / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.write_bytes(write_bytes(notebook))
    return "/srv/second"


def test_lesson_goes_from_the_release_to_the_page_that_is_read(released, ada, bob):
    machine, right = released.machine, solved(LESSON)
    sources = {"ada": right, "bob": right | {HALF_RIGHT.exercise: HALF_RIGHT.source}}
    newer, expected, handed_in = second_edition(released), {}, {}
    for student in (ada, bob):
        [listed] = student.assignments(COURSE)
        assert (listed["assignment_id"], listed["status"]) == (LESSON, "released")
        [listed] = student.does("fetch", COURSE, LESSON)
        assert listed["status"] == "fetched"
        work_on(student, sources[student.name])
        update = f"/srv/gradlab/bin/{terminal()} --from {newer}"
        assert "backups" in machine.run(student.name, "bash", "-c", update)
        texts = ["".join(cell["source"]) for cell in student.reads(NOTEBOOK)["cells"]]
        assert any(NEWS in text for text in texts) and PREDICTION in texts
        assert {*sources[student.name].values()} <= {*texts}
        shown = student.runs(NOTEBOOK)
        expected[student.name] = as_checks_say(student, shown)
        if student is bob:
            validated = student.asks("POST", "assignments/validate", data={"path": NOTEBOOK}).json()
            assert [each["source"] for each in validated["value"]["failed"]] == [f'check("{HALF_RIGHT.exercise}")']
        submitted = student.does("submit", COURSE, LESSON)[-1]["submissions"]
        handed_in[student.name] = datetime.fromisoformat(submitted[-1]["timestamp"].replace(" UTC", "+00:00"))
    assert expected == {"ada": 5, "bob": 3.5}
    for closed in (f"/srv/exchange/{COURSE}/inbound", machine.home("ada"), f"{machine.home(INSTRUCTOR)}/course"):
        assert "Permission denied" in machine.run("bob", "ls", closed, ok=False)

    machine.run(INSTRUCTOR, "gradlab", "due", LESSON, DUE, "--course", "course")
    said = instructs(released, 2)
    assert "2 marked" in said and "cheating" not in said
    assert {
        path.name for path in machine.outside(f"{machine.home(INSTRUCTOR)}/course/submitted/ada/{LESSON}").iterdir()
    } == {
        Path(NOTEBOOK).name,
        "timestamp.txt",
        "submission_secret.txt",
    }
    table = machine.run(INSTRUCTOR, "gradlab", "export", LESSON, "--course", "course")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(table))}
    assert {name: float(row["marks"]) for name, row in rows.items()} == expected
    for name, time in handed_in.items():
        late = (time - datetime.fromisoformat(DUE)).total_seconds() / 86400
        assert float(rows[name]["days late"]) == pytest.approx(late, abs=0.01)

    instructs(released, 3)
    assert "Permission denied" in machine.run("bob", "ls", f"/srv/exchange/{COURSE}/feedback", ok=False)
    pages = {}
    for student in (ada, bob):
        submission = student.does("fetch_feedback", COURSE, LESSON)[-1]["submissions"][-1]
        pages[student.name] = student.reads(f"{submission['local_feedback_path']}/start_here.html")
    assert "half right" in pages["bob"] and "half right" not in pages["ada"]
    assert "An empty list is a chain of no maps" in pages["bob"]
