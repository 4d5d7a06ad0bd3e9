"""environment.yml and pyproject.toml name the same packages and versions."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}


def split(requirement: str) -> tuple[str, str]:
    name, version = re.fullmatch(r"([A-Za-z0-9-]+)\s*(.*)", requirement).groups()
    return CONDA_NAMES.get(name, name), version


def test_conda_environment_says_what_pyproject_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(entry for entry in conda if isinstance(entry, dict))["pip"]
    named = [entry for entry in conda if isinstance(entry, str)] + pip
    found = dict(split(entry) for entry in named if not entry.startswith("--"))
    assert found.pop("python") == project["requires-python"]
    found.pop("pip")
    assert found == dict(split(entry) for entry in project["dependencies"])


def test_torch_is_pinned_to_the_cpu_build_that_was_measured():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "torch==2.13.0" in project["dependencies"]
