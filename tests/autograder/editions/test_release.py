"""What a release refuses before it computes anything, and the version that each one has."""

import re
from dataclasses import replace

import pytest
from packaging.version import Version
from typer.testing import CliRunner

from autograder.cli import app
from autograder.release import edition
from autograder.release.build import build_lesson
from autograder.release.edition import ReleaseError, release_learner

LESSON = "00-start-here"


def said_by(*command: object) -> str:
    done = CliRunner().invoke(app, [*map(str, command)])
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.output
    return done.output


@pytest.mark.parametrize("before", ["0.1.0", "0.1.0+20260301.120000", "0.1.0+20260301.120000.000001", "1.2"])
def test_each_release_has_a_version_of_its_own_and_a_later_one_a_higher(before):
    projects = [f'[project]\nname = "gradlab"\nversion = "{before}"\n']
    for _ in range(3):
        projects.append(edition._dated(projects[-1]))
    versions = [Version(re.search(r'^version = "(.+)"$', text, re.MULTILINE)[1]) for text in projects]
    assert versions == sorted(set(versions)) and {each.public for each in versions} == {versions[0].public}


@pytest.mark.parametrize("name", ["q.tar.gz", "q.tgz", "q.7z", "q.ZIP", "q.WHL"])
def test_ending_of_an_archive_that_cannot_be_made_is_refused(name, tmp_path):
    assert ".whl or .zip" in said_by("release", "learner", "--to", tmp_path / name)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("day", ["2099-13-45", "tomorrow", "06.03.2099"])
def test_day_that_is_none_is_said_with_one_that_is(day, tmp_path):
    said = said_by("release", "learner", "--to", tmp_path / "x.zip", "--with-answers", "--from", day)
    assert day in said and "2099-03-06" in said


def test_bank_that_is_not_here_and_course_that_is_none_are_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.notebooks.places.bank_path", lambda lesson: tmp_path / "answers")
    assert "There is no bank of answers" in said_by("bank", LESSON)
    assert "There is no course folder" in said_by("teach", "--course", tmp_path / "nope")
    assert not any(tmp_path.iterdir())


def test_lesson_that_is_not_what_its_source_says_is_not_released(tmp_path, monkeypatch):
    built = build_lesson(LESSON)
    changed = replace(built, files={path: data + b"\n" for path, data in built.files.items()})
    monkeypatch.setattr(edition, "build_lesson", lambda lesson: changed)
    with pytest.raises(ReleaseError, match="is stale; run `gradlab build`"):
        release_learner(tmp_path / "edition", [LESSON])
    assert not any(tmp_path.iterdir())
