"""What a lesson's exercises must keep: each has points, a test, a module that judges it, and a bank."""

import re
from collections.abc import Iterator
from contextlib import suppress

from nbformat import NotebookNode

from autograder.notebooks.cells import TEST, grade_id, nbgrader_metadata, test_cell_name
from autograder.notebooks.places import bank_path
from autograder.release.source import TEST_CELL, worked_answers
from gradlab.course import LESSONS
from gradlab.exercises.exercise import Exercise
from gradlab.exercises.outline import outline_of
from gradlab.exercises.passage import NUMBER, PASSAGE
from gradlab.exercises.registry import exercise_names, find_exercise, lesson_with
from gradlab.predictions.registry import predictions_of

Complaint = tuple[str, str]
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
EXERCISE_POINTS = re.compile(r"·\s*(\d+) points?\b")
RUBRIC_POINTS = re.compile(r"^- (\d+) points?: ", re.MULTILINE)
LESSON_POINTS = re.compile(r"^\*\*.*?(\d+) points\b", re.MULTILINE)


def _find(name: str) -> Exercise | None:
    try:
        return find_exercise(name)
    except KeyError:
        return None


def _coded_answers(source: NotebookNode) -> list[str]:
    """The names of the answers that are code, in the source's order."""
    named = {grade_id(cell): cell.cell_type for cell in source.cells}
    return [name for name in worked_answers(source) if named[name] == "code"]


def complete_exercises(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """Names are unique; every answer has a test, by a module of the lesson or by the author's own cell."""
    names = [name for cell in source.cells if (name := grade_id(cell))]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield name, "stands there twice; a grade_id must be unique"
    own_tests = {name for name in names if name.startswith(TEST)}
    for exercise in _coded_answers(source):
        if test_cell_name(exercise) not in own_tests:
            yield (
                exercise,
                f'has no test; write points=… in its header, or a cell with grade_id="{test_cell_name(exercise)}"',
            )


def own_tests(source: NotebookNode) -> tuple[str, ...]:
    """The names of the test cells that the author wrote: plain asserts, which nothing protects."""
    written = {test_cell_name(name): TEST_CELL.format(exercise=name) for name in _coded_answers(source)}
    tests = {name: cell.source for cell in source.cells if (name := grade_id(cell) or "").startswith(TEST)}
    return tuple(name for name, text in tests.items() if written.get(name) != text)


def judged_exercises(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """An answer with points has a module that judges it, and a bank of right and wrong answers."""
    tests = {grade_id(cell): cell.source for cell in source.cells}
    for name in _coded_answers(source):
        if tests.get(test_cell_name(name)) != TEST_CELL.format(exercise=name):
            continue  # a test of the author's own
        if _find(name) is None:
            yield (
                name,
                f"is judged by nothing; write exercises/{name}.py in the lesson's package (`gradlab new exercise`)",
            )
        elif (bank := bank_path(lesson_with(name))).parent.is_dir() and not (bank / f"{name}.py").exists():
            yield name, f"has no bank; write right and wrong answers into tests/answers/{bank.name}/{name}.py"


def names_of_others(source: NotebookNode, lesson: str) -> Iterator[Complaint]:
    """A name says which exercise, question or prediction is meant, in the whole course: no other lesson has it."""
    asked = set(worked_answers(source)) | set(exercise_names(lesson)) | set(predictions_of(lesson))
    for other in (each for each in LESSONS if each != lesson):
        built = outline_of(other)
        names = {task.name for task in built.tasks} if built else set()
        with suppress(Exception):  # what is wrong with another lesson is said when that one is built
            names |= set(exercise_names(other)) | set(predictions_of(other))
        for name in sorted(asked & names):
            yield name, f"is a name of {other} too; choose another one"


def rubrics(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """A text answer is followed by a rubric whose points are those of the answer, and by its model answer."""
    for cell, rubric, model in zip(source.cells, source.cells[1:], source.cells[2:]):
        known = nbgrader_metadata(cell)
        if not (known.get("solution") and known.get("grade")):
            continue
        name = grade_id(cell) or ""
        if sum(map(int, RUBRIC_POINTS.findall(rubric.source))) != known.get("points"):
            yield name, f"wants a rubric below it: lines “- 1 point: …” that add up to {known.get('points'):g} points"
        if model.source != f'model_answer("{name}")':
            yield name, f'wants a cell  model_answer("{name}")  below its rubric'


def told_points(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """The points that the text names are those of the cells."""
    graded = [cell for cell in source.cells if nbgrader_metadata(cell).get("grade")]
    total = sum(cell.metadata.nbgrader.points for cell in graded)
    text, told = "", None
    for position, cell in enumerate(source.cells, 1):
        if cell.cell_type == "markdown" and (found := LESSON_POINTS.search(cell.source)) and told is None:
            told = int(found[1])
            if told != total:
                yield f"cell {position}", f"promises {told} points; the lesson has {total:g}"
        if cell in graded:
            found = EXERCISE_POINTS.findall(text)
            if found and float(found[-1]) != cell.metadata.nbgrader.points:
                yield (
                    grade_id(cell) or "",
                    f"is worth {cell.metadata.nbgrader.points:g} points; its text says {found[-1]}",
                )
            text = ""
        text += cell.source if cell.cell_type == "markdown" else ""


def passages(source: NotebookNode, lesson: NotebookNode) -> Iterator[Complaint]:
    """Every passage that a message sends the learner to is a heading of the lesson."""
    headings = {
        title for cell in source.cells if cell.cell_type == "markdown" for title in HEADING.findall(cell.source)
    }
    for name in _coded_answers(source):
        if (exercise := _find(name)) is None:
            continue
        looks = {exercise.look} | {each.look for each in (*exercise.mistakes, *exercise.symptoms)}
        told = {found for look in looks for found in PASSAGE.findall(look)}
        for passage in sorted(told - headings - {NUMBER.sub("", heading) for heading in headings}):
            yield name, f"sends the learner to “{passage}”, which is no heading of the lesson"
