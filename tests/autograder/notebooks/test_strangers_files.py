"""A stranger's folder is read without following, waiting, or descending without end."""

import os

import pytest

from autograder.notebooks import strangers_files
from autograder.notebooks.strangers_files import DEEPEST, regular_files


def test_links_pipes_and_devices_are_passed_over(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "folder").symlink_to(tmp_path)
    assert regular_files(tmp_path, []) == {"a.txt": b"a"}


def test_folders_within_folders_without_end_are_not_followed_to_it(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a")
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1500):  # deeper than Python may recurse, and than a process may open files
            os.mkdir("d")
            os.chdir("d")
        open("x", "w").close()
    finally:
        os.chdir(here)
    assert set(regular_files(tmp_path, [])) == {"a.txt"}
    os.system(f"rm -rf '{tmp_path}/d'")


def test_depth_that_is_read_is_bounded_and_ordinary_depths_are_read(tmp_path):
    for depth in (3, DEEPEST, DEEPEST + 1):
        folder = tmp_path.joinpath(*["d"] * depth)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "x").write_bytes(b"x")
    assert {name.count("/") for name in regular_files(tmp_path, [])} == {3, DEEPEST}


def test_too_many_files_or_bytes_are_refused(tmp_path, monkeypatch):
    for number in range(5):
        (tmp_path / str(number)).write_bytes(b"12")
    for limit, value in (("MOST_FILES", 4), ("MOST_BYTES", 9)):
        with monkeypatch.context() as patch, pytest.raises(ValueError):
            patch.setattr(strangers_files, limit, value)
            regular_files(tmp_path, [])
