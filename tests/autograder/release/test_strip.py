"""What a learner's edition keeps of the exercises of all lessons: nothing of it answers one."""

import ast
from collections.abc import Iterator
from copy import deepcopy

import pytest

from autograder.notebooks.places import GRADLAB
from autograder.release.bank import entries
from autograder.release.strip import stripped
from gradlab.course import LESSONS
from gradlab.exercises.registry import exercise_names

LIBRARIES = ("torch", "F", "np", "math", "nn")
SHORT = 30  # characters that say nothing: `torch.linalg.solve(v0, v1)`


@pytest.fixture(scope="module")
def left() -> tuple[dict[str, str], list[str]]:
    root = GRADLAB.parent
    paths = [path for path in root.glob("gradlab/lessons/*/exercises/*.py") if path.stem != "__init__"]
    modules = {
        ".".join(path.relative_to(root).with_suffix("").parts): path for path in paths if ".mistakes" not in path.name
    }
    asked = {
        f"gradlab.lessons.{LESSONS[lesson]}.exercises.{name}" for lesson in LESSONS for name in exercise_names(lesson)
    }
    return stripped({name: path.read_text(encoding="utf-8") for name, path in modules.items()}, asked)


def numbered(expression: ast.expr) -> str:
    """An expression with its names numbered, whatever they are called."""
    copied, names = deepcopy(expression), dict.fromkeys(LIBRARIES, "")
    for each in ast.walk(copied):
        if isinstance(each, ast.Name) and each.id not in LIBRARIES:
            each.id = names.setdefault(each.id, f"v{len(names)}")
    return ast.unparse(copied)


def returned(text: str) -> Iterator[str]:
    """What the functions and lambdas of a program return."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Return) and node.value is not None:
            yield numbered(node.value)
        elif isinstance(node, ast.Lambda):
            yield numbered(node.body)


def programs(lesson: str) -> Iterator[tuple[str, str]]:
    """The right answers of the lesson's bank that are programs."""
    for entry in entries(lesson):
        try:
            ast.parse(entry.source)
        except SyntaxError:
            continue
        if entry.right:
            yield entry.exercise, entry.source


def test_no_function_stays_that_a_reference_calls(left):
    assert left[1] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_stays_that_a_right_answer_of_the_bank_returns(left, lesson):
    stays = {
        numbered(node): name
        for name, text in left[0].items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.expr)
    }
    answers = [(exercise, each) for exercise, source in programs(lesson) for each in returned(source)]
    assert answers
    found = [(exercise, each, stays[each]) for exercise, each in answers if len(each) > SHORT and each in stays]
    assert found == []
