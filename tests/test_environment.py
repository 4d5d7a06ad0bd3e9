"""What pyproject.toml promises of each installation is so: a learner's is enough to learn, and others follow it."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.main import get_command

from autograder.cli import app
from autograder.cli.shared import EXTRAS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}
OURS = {"autograder", "gradlab", "inside", "tests"}
RUNS_THERE = {"lab", "progress", "hub", "update", "doctor", "new"}  # commands that a learner's installation has

# Calls of `gradlab` by a Python that has the packages of a learner's installation alone.
LEARNERS_PYTHON = """
import contextlib, io, json, sys
absent, calls = json.loads(sys.argv[1])

class Absent:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent)
from autograder.cli import app

ends = {}
for command, *arguments in calls:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            app([command, *arguments])
        except SystemExit as end:
            ends[command] = [end.code, said.getvalue()]
print(json.dumps(ends))
"""


def split(requirement: str) -> tuple[str, str]:
    """Name and version of a requirement as a conda file writes it."""
    name, version = re.fullmatch(r"([A-Za-z0-9_-]+)\s*(.*)", requirement).groups()
    return CONDA_NAMES.get(name, name), version


@cache
def closure(*named: str) -> frozenset[str]:
    """The distributions that these requirements install, with all that they need in turn."""
    found, waiting = set(), [Requirement(one) for one in named]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if one.marker and not one.marker.evaluate({"extra": ""}):
            continue
        if name in found:
            continue
        found.add(name)
        try:
            for needed in map(Requirement, requires(name) or ()):
                if not needed.marker or any(needed.marker.evaluate({"extra": extra}) for extra in (*one.extras, "")):
                    needed.marker = None
                    waiting.append(needed)
        except PackageNotFoundError:
            pass
    return frozenset(found)


def learners_packages() -> frozenset[str]:
    return closure(*PROJECT["dependencies"])


def imported(folder: str) -> dict[str, str]:
    """Packages of others that the modules of a folder import, and one of the files that do."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            found |= {name.partition(".")[0]: str(path.relative_to(ROOT)) for name in names}
    return {name: file for name, file in found.items() if name not in OURS | sys.stdlib_module_names}


@cache
def distributions(package: str) -> frozenset[str]:
    return frozenset(canonicalize_name(name) for name in installed().get(package, [package]))


@cache
def installed() -> Mapping[str, list[str]]:
    return packages_distributions()


def test_what_a_learner_imports_is_in_a_learners_installation():
    lacking = {
        name: file
        for name, file in imported("lessons/gradlab").items()
        if not distributions(name) & learners_packages()
    }
    assert not lacking


def test_what_others_import_is_in_an_extra_whose_name_a_command_can_tell():
    teachers = closure(*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["teach"])
    for name, file in imported("autograder").items():
        if not distributions(name) & learners_packages():
            assert name in EXTRAS, f"{file} imports {name}: add it to EXTRAS of autograder.cli.shared"
        if not distributions(name) & teachers:
            assert EXTRAS[name] != "teach", f"{file} imports {name}, which is not in the extra teach"


def least_arguments(command: Any) -> list[str]:
    """Arguments with which a command begins its work; those that a learner has are only asked for help."""
    if command.name in RUNS_THERE or hasattr(command, "commands"):
        return ["--help"] if command.name != "progress" else []
    needed = [one for one in command.params if one.required]
    given = {"lesson": "00", "exercise": "gradient", "percent": "1"}
    words = [[] if one.param_type_name == "argument" else [one.opts[0]] for one in needed]
    words = [[*option, given.get(one.name, ".")] for option, one in zip(words, needed, strict=True)]
    return [word for each in words for word in each]


def test_commands_in_a_learners_installation_run_or_say_which_extra_they_need(tmp_path):
    absent = sorted(name for name in EXTRAS if not distributions(name) & learners_packages())
    assert "nh3" in absent and "nbconvert" not in absent
    calls = [[name, *least_arguments(command)] for name, command in get_command(app).commands.items()]
    done = subprocess.run(
        [sys.executable, "-c", LEARNERS_PYTHON, json.dumps([absent, calls])],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        cwd=tmp_path,
    )
    for command, (code, said) in json.loads(done.stdout).items():
        if command in RUNS_THERE or [command, "--help"] in calls:
            assert not code, (command, said)
        else:
            assert code == 1 and 'pip install "gradlab[' in said, (command, said)


def test_conda_environment_says_what_pyproject_says():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(entry for entry in conda if isinstance(entry, dict))["pip"]
    named = [entry for entry in conda if isinstance(entry, str)] + pip
    found = dict(split(entry) for entry in named if not entry.startswith("--"))
    assert found.pop("python") == PROJECT["requires-python"]
    found.pop("pip")
    assert found == dict(split(entry) for entry in PROJECT["dependencies"])


def test_constraints_pin_what_is_required_and_name_no_place():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    pinned = dict(line.split("==") for line in lines)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9a-z.]+", line) for line in lines)
    names = {canonicalize_name(name): version for name, version in pinned.items()}
    for text in [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    ]:
        one = Requirement(text)
        if one.name != "gradlab":
            assert one.specifier.contains(names[canonicalize_name(one.name)]), text


def test_torch_is_pinned_to_the_build_that_was_measured():
    assert "torch==2.13.0" in PROJECT["dependencies"]
