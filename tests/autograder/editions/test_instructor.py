"""The instructor's edition where there is no clone: a hand-in is collected, marked, given back and reported from anywhere."""

from pathlib import Path

import nbformat
import pytest

from autograder.release.edition import ReleaseError, release_instructor, release_learner
from tests.autograder.desk.hand_ins import filled, solved
from tests.autograder.editions.conftest import Environment
from tests.autograder.work.servers import fetched, free_ports, running

LESSON = "00-start-here"


@pytest.fixture(scope="session")
def instructor(tmp_path_factory) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("instructor") / "venv")
    environment.install(release_instructor(tmp_path_factory.mktemp("edition") / "instructor.whl"))
    return environment


def test_hand_in_goes_from_the_platform_to_the_report(instructor, tmp_path):
    handed_in = tmp_path / "handed in" / "ada"
    handed_in.mkdir(parents=True)
    nbformat.write(filled(LESSON, solved(LESSON)), handed_in / "start_here.ipynb")

    def run(*arguments: str) -> str:
        return instructor.run("gradlab", *arguments, cwd=tmp_path)

    run("assign", "00")
    assert "1 collected" in run("collect", "00", "handed in")
    assert "1 marked" in run("grade", "00")
    run("feedback", "00")
    run("report", "00")
    assert list(Path(tmp_path, "course", "feedback").rglob("*.html"))
    assert "a clone" in instructor.run("gradlab", "build", ok=False)


def test_teach_opens_the_formgrader_on_the_course_that_is_named(instructor, tmp_path):
    instructor.run("gradlab", "assign", "00", "--course", "my course", cwd=tmp_path)
    (port,) = free_ports(1)
    options = ["--no-browser", "--ip", "127.0.0.1", "--port", str(port), "--IdentityProvider.token=t"]
    command = [instructor.bin / "gradlab", "teach", "--course", "my course", *options]
    with running(command, tmp_path, instructor.environment) as server:
        assert LESSON in fetched(f"http://127.0.0.1:{port}/formgrader/api/assignments?token=t", server)


def test_edition_overwrites_nothing_and_says_what_goes_together(tmp_path):
    with pytest.raises(ReleaseError, match="wheel"):
        release_instructor(tmp_path / "edition.zip")
    (tmp_path / "edition").mkdir()
    with pytest.raises(ReleaseError, match="exists already"):
        release_learner(tmp_path / "edition", [LESSON])
