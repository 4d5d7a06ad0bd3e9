"""The learner's edition where there is no clone: it is installed, worked with, validated and updated; it holds no answer."""

import ast
import copy
import re
from datetime import date, timedelta
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from autograder.notebooks.cells import content_id, grade_id
from autograder.notebooks.files import write_bytes
from autograder.notebooks.places import source_path
from autograder.release.bank import entries
from autograder.release.recorded_checks import recording
from autograder.release.records import calls_of_explorers
from autograder.release.source import read_source, worked_answers
from autograder.work.edition import read_edition
from autograder.work.start_page import START
from gradlab.course import LESSONS as LESSONS_OF_THE_COURSE
from gradlab.exercises import recording as recordings
from gradlab.exercises import worked
from gradlab.exercises.check import verdict_on
from gradlab.exercises.registry import exercise_names, find_exercise
from tests.autograder.desk.hand_ins import solved
from tests.autograder.editions.conftest import LESSONS

LESSON = "01-soft-thresholding"
NOTEBOOK = f"{LESSON}/soft_thresholding.ipynb"
SHORT = 20  # characters of a body that says nothing: `return x.clone()`
MINE = "import gradlab\n\ngradlab.__file__"
EXECUTE = "import nbformat, sys; from nbclient import NotebookClient as C; p = sys.argv[1]; n = nbformat.read(p, 4); C(n, timeout=120, resources={'metadata': {'path': '.'}}).execute(); nbformat.write(n, p)"


def cell(notebook, name):
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def run_all(learner, path: Path) -> nbformat.NotebookNode:
    """Run a notebook in a kernel of the learner's environment."""
    learner.run("python", "-c", EXECUTE, path, cwd=path.parent)
    return nbformat.read(path, as_version=4)


def test_lesson_is_run_answered_validated_and_updated_and_nothing_is_lost(learner, wheel, tmp_path):
    work = tmp_path / "work"
    said = learner.run("gradlab", "lab", "--in", work, "--version")
    assert "2 lessons were copied" in said
    start = (work / START).read_text()
    assert "01-soft-thresholding" in start and "02-wasteful-module" not in start
    assert "gradlab/edition" in learner.run("python", "-c", "import autograder.notebooks.places as p; print(p.ROOT)")
    path = work / "lessons" / NOTEBOOK
    right = solved(LESSON)
    notebook = nbformat.read(path, as_version=4)
    for name in ("soft_abs", "soft_sign"):
        cell(notebook, name).source = right[name]
    cell(notebook, "why-kink").source = "My own words."
    notebook.cells.insert(4, nbformat.v4.new_code_cell(MINE))
    path.write_bytes(write_bytes(notebook))
    ran = run_all(learner, path)
    assert "right" in str(cell(ran, "test-soft-abs").outputs) and "not attempted" in str(
        cell(ran, "test-soft-threshold").outputs
    )
    assert str(learner.bin.parent) in str(next(each for each in ran.cells if each.source == MINE).outputs)
    explorers = [
        out for each in ran.cells for out in each.get("outputs", []) if "gradlab" in str(out.get("data", {}).keys())
    ]
    assert len(explorers) >= 3
    progress = learner.run("gradlab", "progress", "01", "--in", work)
    assert re.search(r"soft_abs\s.*right", progress) and "not attempted" in progress
    validated = learner.run("python", "-m", "nbgrader", "validate", path.name, cwd=path.parent)
    assert "test-soft-threshold" in validated or "soft_threshold: not attempted" in validated
    assert "soft_abs:" not in validated

    newer = copy.deepcopy({NOTEBOOK: read_edition(wheel).lessons[NOTEBOOK]})
    changed = {"soft_abs": "stub", "soft_threshold": "stub", "test-soft-sign": "test", "": "text"}
    for name in filter(None, changed):
        one = cell(newer[NOTEBOOK], name)
        one.source = f"# New in the second edition.\n{one.source}"
        one.metadata.nbgrader.checksum = compute_checksum(one)
    text = newer[NOTEBOOK].cells[2]
    text.source += "\n\nA sentence of the second edition."
    text.id = content_id(text.cell_type, text.source)
    second = tmp_path / "second" / "lessons" / NOTEBOOK
    second.parent.mkdir(parents=True)
    second.write_bytes(write_bytes(newer[NOTEBOOK]))
    assert "backups" in learner.run("gradlab", "update", "--in", work, "--from", tmp_path / "second")
    merged = nbformat.read(path, as_version=4)
    for name in ("soft_abs", "soft_sign"):
        assert cell(merged, name).source == right[name]
    assert cell(merged, "why-kink").source == "My own words."
    assert any(each.source == MINE and each.outputs for each in merged.cells)
    assert cell(merged, "soft_threshold").source.startswith("# New in the second edition.")
    assert cell(merged, "test-soft-sign").source.startswith("# New in the second edition.")
    assert any("A sentence of the second edition." in each.source for each in merged.cells)
    assert "nothing was changed" in learner.run("gradlab", "update", "--in", work, "--from", tmp_path / "second")


PLACES = """from gradlab.explore.display import instead_of_page
from gradlab.lessons.{package} import explorers
with instead_of_page(lambda explorer: print(explorer.places.shipped.exists(), explorer.places.shipped.name)):
    {calls}"""


@pytest.mark.parametrize("lesson", LESSONS)
def test_explorers_of_the_edition_find_the_records_that_came_with_it(learner, lesson, tmp_path):
    calls = calls_of_explorers(lesson)
    program = PLACES.format(package=LESSONS_OF_THE_COURSE[lesson], calls="; ".join(calls))
    found = learner.run("python", "-c", program, cwd=tmp_path).split()
    assert found[::2] == ["True"] * len(calls), found


def test_command_that_the_edition_lacks_is_one_sentence(learner):
    shown = learner.run("gradlab", "--help")
    assert "lab" in shown and "update" in shown and "grade" not in shown
    for command in (["grade", "01"], ["collect", "01", "."], ["report"], ["build"], ["doctor"], ["site"]):
        said = learner.run("gradlab", *command, ok=False)
        assert "learner's edition" in said and "Traceback" not in said, (command, said)


# What an answer is: its text, and what it computes, whatever its names are called.


def shape_of(text: str) -> set[str]:
    """The bodies of the functions in a text with the names that are theirs numbered, without documentation."""
    found = set()
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, (ast.FunctionDef, ast.Lambda)):
            found.add(_numbered(function))
    return found


def _numbered(function: ast.FunctionDef | ast.Lambda) -> str:
    own = {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
    own |= {e.id for e in ast.walk(function) if isinstance(e, ast.Name) and isinstance(e.ctx, ast.Store)}
    body = [ast.Return(function.body)] if isinstance(function, ast.Lambda) else function.body
    body = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    body = [s for s in body if "not_for(" not in ast.unparse(s) and "only_for(" not in ast.unparse(s)]
    numbers: dict[str, str] = {each.arg: f"v{k}" for k, each in enumerate(function.args.args)}
    copied = ast.parse(ast.unparse(ast.fix_missing_locations(ast.Module(body, []))))
    for each in ast.walk(copied):
        if isinstance(each, ast.Name) and each.id in own:
            each.id = numbers.setdefault(each.id, f"v{len(numbers)}")
    return ast.unparse(copied)


def programs(folder: Path) -> dict[str, str]:
    """Every text in an edition that Python could run: modules, cells, and text within data."""
    found = {str(path): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    for path in folder.rglob("*.ipynb"):
        for number, each in enumerate(nbformat.read(path, as_version=4).cells):
            found[f"{path}:{number}"] = each.source if each.cell_type == "code" else ""
    return found


def test_no_answer_of_the_bank_and_no_solution_is_in_the_edition(unpacked):
    shapes = {}
    for place, text in programs(unpacked).items():
        try:
            shapes |= dict.fromkeys(shape_of(text), place)
        except SyntaxError:
            continue
    everything = "\n".join(
        path.read_text(encoding="utf-8", errors="replace") for path in unpacked.rglob("*") if path.is_file()
    )
    answers = [(e.exercise, e.source) for lesson in LESSONS for e in entries(lesson) if e.right]
    answers += [pair for lesson in LESSONS for pair in worked_answers(read_source(source_path(lesson))).items()]
    assert len(answers) > 60
    for exercise, source in answers:
        if len(source.strip().splitlines()) > 1:
            body = source.strip().split("\n", 1)[1].strip()
            assert len(body) < SHORT or body not in everything, (exercise, body)
        try:
            written = shape_of(source)
        except SyntaxError:  # a text answer
            continue
        for shape in written:
            assert len(shape) < SHORT or shape not in shapes, (exercise, shape, shapes.get(shape))


def test_no_reference_no_wrong_answer_that_runs_no_exam_and_no_source_is_in_the_edition(unpacked):
    names = [str(path.relative_to(unpacked)) for path in unpacked.rglob("*")]
    assert not [name for name in names if ".mistakes." in name or name.endswith(".b64")]
    parts = {part for name in names for part in Path(name).parts}
    assert not parts & {"solutions", "worked", "marking", "desk", "sandbox", "release", "tests"}
    modules = [path for path in unpacked.glob("gradlab/lessons/*/exercises/*.py") if path.stem != "__init__"]
    assert {path.stem for path in modules} >= set(exercise_names(LESSON))
    for path in modules:
        text = path.read_text(encoding="utf-8")
        assert ".reference" not in text and "right_answer" not in text, path
    references = [find_exercise(name) for lesson in LESSONS for name in exercise_names(lesson)]
    stripped = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    for exercise in references:
        function = exercise.right_answer
        if function.__module__.startswith("gradlab.lessons"):
            assert f"def {function.__name__}(" not in stripped, (exercise.name, function)


@pytest.mark.parametrize("name", ["gradient", "soft_sign_slope", "soft_threshold"])
def test_recorded_check_says_what_the_check_says(name, tmp_path, monkeypatch):
    """Each answer of the bank earns the very same card."""
    bank = [entry for lesson in LESSONS for entry in entries(lesson) if entry.exercise == name]
    expected = [verdict_on(name, entry.namespace()) for entry in bank]
    exercise = find_exercise(name)
    (tmp_path / f"{name}.json").write_bytes(recording(exercise))
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    before = exercise.steps, exercise.mistakes, exercise.right_answer
    try:
        exercise.right_answer = None
        assert [verdict_on(name, entry.namespace()) for entry in bank] == expected
    finally:
        exercise.steps, exercise.mistakes, exercise.right_answer = before


def test_worked_answers_unfold_from_a_day_on(tmp_path, monkeypatch):
    day = tmp_path / "from.txt"
    monkeypatch.setattr(worked, "FROM", day)
    assert worked.worked_answer("soft_abs")
    day.write_text((date.today() + timedelta(days=1)).isoformat())
    assert worked.worked_answer("soft_abs") == ""
    day.write_text(date.today().isoformat())
    assert worked.worked_answer("soft_abs")
