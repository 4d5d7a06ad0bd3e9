"""`gradlab lab` lays copies once, `gradlab update` brings newer lessons into them, wherever they lie."""

import copy
import json
import os
import re
import shutil
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.notebooks.cells import grade_id
from autograder.notebooks.files import write_bytes
from autograder.work.copies import BACKUPS, HANDED_OUT, lay_copies, lay_pages
from autograder.work.edition import EditionError, installed, read_edition
from autograder.work.start_page import START
from autograder.work.update import is_behind, update
from tests.autograder.work.lessons import first_edition, sealed
from tests.autograder.work.servers import fetched, free_ports, running

NAME = "01-soft-thresholding/soft_thresholding.ipynb"
LINK = re.compile(r"\]\((\.\.?/[^)#]+)")
OTHER = "00-start-here/start_here.ipynb"
LESSONS = "lessons"
NOW = datetime(2026, 3, 1, 12)


@pytest.fixture
def old():
    """An edition of two lessons."""
    second = first_edition()
    for cell in second.cells:
        cell.source = cell.source.replace("soft", "gradient").replace("hard", "chain").replace("part", "piece")
        name = grade_id(cell)
        if name:
            cell.metadata.nbgrader.grade_id = cell.id = name.replace("soft", "gradient").replace("hard", "chain")
        sealed(cell)
    return {OTHER: second, NAME: first_edition()}


@pytest.fixture
def new(old):
    """The same lessons; in one of them a text is new."""
    newer = copy.deepcopy(old)
    newer[NAME].cells[0].source += "\n\nNewer words."
    sealed(newer[NAME].cells[0])
    return newer


def write_answer(path: Path, name: str = "soft", source: str = "def soft(x):\n    return x") -> None:
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if grade_id(cell) == name).source = source
    path.write_bytes(write_bytes(notebook))


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pack(path: Path, lessons, inside: str) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name, notebook in lessons.items():
            packed.writestr(f"{inside}{name}", write_bytes(notebook))
    return path


def test_copies_are_laid_once_and_not_touched_again(tmp_path, old):
    assert len(lay_copies(tmp_path, old)) == 2
    write_answer(tmp_path / LESSONS / NAME)
    before = everything(tmp_path)
    assert lay_copies(tmp_path, old) == [] and everything(tmp_path) == before


def test_update_merges_backs_up_under_the_date_and_does_nothing_the_second_time(tmp_path, old, new):
    lay_copies(tmp_path, old)
    write_answer(tmp_path / LESSONS / NAME)
    before = (tmp_path / LESSONS / NAME).read_bytes()
    assert is_behind(tmp_path, new)
    done = update(tmp_path, new, old, NOW)
    assert list(done.merged) == [tmp_path / LESSONS / NAME] and done.unchanged == [tmp_path / LESSONS / OTHER]
    assert (done.backup / LESSONS / NAME).read_bytes() == before and "2026-03-01" in str(done.backup)
    text = (tmp_path / LESSONS / NAME).read_text()
    assert "Newer words." in text and "return x" in text
    after = everything(tmp_path)
    again = update(tmp_path, new, old, NOW)
    assert not again.merged and not again.backup and everything(tmp_path) == after and not is_behind(tmp_path, new)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_work_in_any_encoding_is_updated(tmp_path, old, new, encoding):
    lay_copies(tmp_path, old)
    path = tmp_path / LESSONS / NAME
    write_answer(path)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    path.chmod(0o600)
    assert list(update(tmp_path, new, old, NOW).merged) == [path]
    text = path.read_text(encoding="utf-8")
    assert "Newer words." in text and "return x" in text and path.stat().st_mode & 0o777 == 0o600
    assert not update(tmp_path, new, old, NOW).merged


def test_copy_by_hand_under_another_name_is_found_and_notes_of_ones_own_are_not(tmp_path, old, new):
    mine = tmp_path / "semester" / "first homework.ipynb"
    mine.parent.mkdir()
    mine.write_bytes(write_bytes(old[NAME]))
    write_answer(mine)
    scratch = tmp_path / "scratch.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import torch")]), scratch)
    before = scratch.read_bytes()
    done = update(tmp_path, new, old, NOW)
    assert list(done.merged) == [mine] and "return x" in mine.read_text() and "Newer words." in mine.read_text()
    assert scratch.read_bytes() == before
    assert done.laid == [tmp_path / LESSONS / OTHER] and not (tmp_path / LESSONS / NAME).exists(), (
        "the renamed lesson is there already"
    )


def test_folder_of_one_lesson_as_nbgrader_fetches_it_gets_no_other_lessons(tmp_path, old, new):
    fetched_copy = tmp_path / NAME
    fetched_copy.parent.mkdir()
    fetched_copy.write_bytes(write_bytes(old[NAME]))
    for number in range(2):
        done = update(fetched_copy.parent, new, new, NOW)
        assert list(done.merged) == [fetched_copy][number:] and done.laid == []
    assert [
        path.name
        for path in fetched_copy.parent.rglob("*.ipynb")
        if HANDED_OUT not in path.parts and BACKUPS not in path.parts
    ] == [fetched_copy.name]


def test_notebook_that_cannot_be_read_is_named_and_left(tmp_path, old, new):
    lay_copies(tmp_path, old)
    (tmp_path / LESSONS / NAME).write_text("<<<<<<< HEAD\n{}")
    done = update(tmp_path, new, old, NOW)
    assert (tmp_path / LESSONS / NAME).read_text() == "<<<<<<< HEAD\n{}"
    assert len(done.troubles) == 1 and "not a whole notebook" in done.troubles[0]


@pytest.mark.parametrize("inside", ["lessons/", "gradlab-learner/lessons/", "gradlab/edition/lessons/"])
def test_an_edition_is_a_folder_a_zip_file_or_a_wheel(tmp_path, old, inside):
    packed = pack(tmp_path / "edition.zip", old, inside)
    assert read_edition(packed).lessons == old
    shutil.unpack_archive(packed, tmp_path / "unpacked")
    assert read_edition(tmp_path / "unpacked").lessons == old


def test_what_is_no_edition_is_a_sentence(tmp_path):
    (tmp_path / "torn.zip").write_bytes(b"PK")
    (tmp_path / "empty").mkdir()
    for name in ("torn.zip", "empty", "nowhere"):
        with pytest.raises(EditionError, match=name):
            read_edition(tmp_path / name)
    with pytest.raises(EditionError, match="There is no folder"):
        update(tmp_path / "nowhere", {}, {}, NOW)


def test_commands_update_from_an_edition_and_show_progress_of_the_copies(tmp_path):
    lessons = installed()
    work = tmp_path / "work"
    lay_copies(work, lessons)
    newer = copy.deepcopy({OTHER: lessons[OTHER]})
    newer[OTHER].cells[0].source += "\n\nNewer words."
    sealed(newer[OTHER].cells[0])
    write_answer(work / LESSONS / OTHER, "gradient", "def gradient(f, x):\n    return 0")
    edition = pack(tmp_path / "edition.zip", newer, "lessons/")
    run = CliRunner()
    done = run.invoke(app, ["update", "--in", str(work), "--from", str(edition)])
    assert done.exit_code == 0 and BACKUPS in done.output and "start_here.ipynb" in done.output
    assert "nothing was changed" in run.invoke(app, ["update", "--in", str(work), "--from", str(edition)]).output
    assert "gradient" in run.invoke(app, ["progress", "00", "--in", str(work)]).output
    missing = run.invoke(app, ["update", "--in", str(tmp_path / "elsewhere")])
    assert missing.exit_code == 1 and "gradlab lab" in missing.output


def test_lab_opens_on_copies_passes_options_on_and_has_nothing_of_instructors(tmp_path):
    work, token = tmp_path / "work", "IdentityProvider.token=t"
    (port,) = free_ports(1)
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "RUNTIME", "DATA")}
    command = [sys.executable, "-m", "autograder.cli", "lab", "--in", str(work), "--no-browser", f"--{token}"]
    with running([*command, "--ip", "127.0.0.1", "--port", str(port)], Path.cwd(), os.environ | own) as server:
        page = fetched(f"http://127.0.0.1:{port}/lab?token=t", server)
        shown = json.loads(fetched(f"http://127.0.0.1:{port}/api/contents?token=t", server))
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://127.0.0.1:{port}/formgrader/api/assignments?token=t", timeout=60)
    settings = json.loads(re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert {"@jupyter/nbgrader:create-assignment", "@jupyter/nbgrader:formgrader"} <= {*settings["disabledExtensions"]}
    assert {each["name"] for each in shown["content"]} == {"lessons", "assets"}
    assert len(list(work.glob("lessons/*/*.ipynb"))) == len(installed()) and (work / HANDED_OUT).is_dir()


def test_links_of_the_copies_lead_to_files_beside_them(tmp_path):
    lay_copies(tmp_path, installed())
    lay_pages(tmp_path)
    pages = [*tmp_path.glob("lessons/**/*.ipynb"), *tmp_path.rglob("*.md")]
    assert tmp_path / START in pages
    linked = [(page, link) for page in pages for link in LINK.findall(page.read_text())]
    assert len(linked) > 50
    assert [(page.name, link) for page, link in linked if not (page.parent / link).resolve().is_file()] == []
