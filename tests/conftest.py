"""What several rooms of tests share."""

from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.build.build import written_lessons
from autograder.pages.lesson_page import executed


class SolvedLessons:
    """Every solved lesson, executed once in a session, when first asked for."""

    def __init__(self, folder: Path):
        self.folder, self.done = folder, {}

    def __call__(self, lesson: str) -> NotebookNode:
        if lesson not in self.done:
            work = self.folder / lesson
            work.mkdir(exist_ok=True)
            self.done[lesson] = executed(lesson, work)
        return self.done[lesson]

    def all(self) -> dict[str, NotebookNode]:
        return {lesson: self(lesson) for lesson in written_lessons()}


@pytest.fixture(scope="session")
def solved_lessons(tmp_path_factory: pytest.TempPathFactory) -> SolvedLessons:
    return SolvedLessons(tmp_path_factory.mktemp("solved"))
