"""Settings of learners' servers on a JupyterHub: nothing is overwritten, and what cannot be used is a sentence."""

import sys
from pathlib import Path

import pytest
from nbgrader.exchange.default import ExchangeSubmit
from traitlets.config import PyFileConfigLoader
from typer.testing import CliRunner

from autograder.cli import app
from autograder.work.copies import BACKUPS, HANDED_OUT
from autograder.work.hub import HubError, write_hub_settings


@pytest.fixture
def exchange(tmp_path):
    folder = tmp_path / "it's the exchange"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


@pytest.mark.parametrize("hub_user", ["ada", None])
def test_settings_name_the_course_its_exchange_and_the_hubs_user(tmp_path, exchange, monkeypatch, hub_user):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    if hub_user:
        monkeypatch.setenv("JUPYTERHUB_USER", hub_user)
    path = write_hub_settings(tmp_path / "etc" / "jupyter", "gradients-2099", exchange)
    config = PyFileConfigLoader(path.name, str(path.parent)).load_config()
    assert config.CourseDirectory.course_id == "gradients-2099"
    assert config.CourseDirectory.student_id == (hub_user or "*")
    assert {BACKUPS, HANDED_OUT, "feedback"} <= {*config.CourseDirectory.ignore}
    assert ExchangeSubmit(config=config).root == str(exchange)


def test_settings_that_are_there_stay(tmp_path, exchange):
    own = tmp_path / "nbgrader_config.py"
    own.write_text("c = get_config()")
    with pytest.raises(HubError, match="is there already"):
        write_hub_settings(tmp_path, "gradients", exchange)
    assert own.read_text() == "c = get_config()" and {*tmp_path.iterdir()} == {own, exchange}


@pytest.mark.parametrize("course", ["", "a/b", "..", "a b", "a+b"])
def test_name_that_is_no_folders_is_refused(tmp_path, exchange, course):
    with pytest.raises(HubError, match="cannot be the name of a course"):
        write_hub_settings(tmp_path / "etc", course, exchange)
    assert not (tmp_path / "etc").exists()


@pytest.mark.parametrize("mode", [None, 0o755])
def test_exchange_that_not_everybody_may_write_to_is_refused(tmp_path, mode):
    folder = tmp_path / "exchange"
    if mode:
        folder.mkdir(mode=mode)
    with pytest.raises(HubError, match="--mode 777"):
        write_hub_settings(tmp_path / "etc", "gradients", folder)


def test_instructors_edition_is_not_set_up_for_learners(exchange, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    done = CliRunner().invoke(app, ["hub", "gradients", str(exchange)])
    assert done.exit_code == 1 and "learner's edition" in done.output and not Path(tmp_path, "etc").exists()
