"""One learner's edition of lessons 0 and 1 for all tests of this room, and an environment without a clone that has it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbconvert
import pytest

from autograder.release.edition import release_learner

LESSONS = ["00-start-here", "01-soft-thresholding"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The learner's edition as a wheel."""
    return release_learner(tmp_path_factory.mktemp("edition") / "learner.whl", LESSONS, say=lambda text: None)


@pytest.fixture(scope="session")
def unpacked(wheel, tmp_path_factory) -> Path:
    """What is in it."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def borrow(folder: Path) -> None:
    """Let a virtual environment use the packages of this one, and the files of Jupyter that they have put beside them."""
    borrowed = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})["purelib"]
    Path(borrowed, "borrowed.pth").write_text("\n".join(path for path in sys.path if "packages" in path))
    prefix = Path(nbconvert.__file__).parents[4]
    shutil.copytree(prefix / "etc" / "jupyter", folder / "etc" / "jupyter")
    (folder / "share").mkdir(exist_ok=True)
    (folder / "share" / "jupyter").symlink_to(prefix / "share" / "jupyter")


class Environment:
    """A fresh virtual environment whose packages are borrowed, but for gradlab, which pip installs from a wheel."""

    def __init__(self, folder: Path):
        self.bin = folder / "bin"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        borrow(folder)
        # So are programs.
        path = os.pathsep.join([str(self.bin), str(Path(sys.executable).parent), os.environ["PATH"]])
        self.environment = os.environ | {"PATH": path}

    def install(self, wheel: Path) -> None:
        self.run("python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--upgrade", wheel)

    def run(self, program: str, *arguments: object, ok: bool = True, cwd: Path | None = None) -> str:
        """What a program of the environment prints; it must end well unless `ok` is False."""
        command = [self.bin / program, *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=300, cwd=cwd or self.bin, env=self.environment
        )
        assert not ok or done.returncode == 0, done.stdout + done.stderr
        assert ok or done.returncode == 1
        return done.stdout + done.stderr


@pytest.fixture(scope="session")
def learner(wheel, tmp_path_factory) -> Environment:
    """The learner's edition, installed."""
    environment = Environment(tmp_path_factory.mktemp("learner") / "venv")
    environment.install(wheel)
    return environment
