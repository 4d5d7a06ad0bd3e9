"""An edition's container file and badges: what the file says works where it is said, and each badge names what is there.

No container is built here: its commands are run in a fresh environment, but for those that make the user."""

import json
import re
import shlex

import pytest

from autograder.release.badges import Repository, binder_badge, colab_badge, readme_lines
from autograder.release.edition import ReleaseError, release_learner
from tests.autograder.editions.conftest import Environment
from tests.autograder.work.servers import fetched, free_ports, running

LESSON = "00-start-here"
ADDRESS = "https://github.com/someone/my-course/tree/spring-2099"
PLACE = "/opt/edition"


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """An edition of lesson 0 as a folder, which knows where it will lie."""
    target = tmp_path_factory.mktemp("container") / "edition"
    return release_learner(target, [LESSON], address=ADDRESS, say=lambda text: None)


def steps(edition, name: str) -> list[str]:
    """What stands behind an instruction of the container file, once for each."""
    return re.findall(rf"^{name} (.*)$", (edition / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE)


def test_container_file_installs_the_edition_and_opens_the_lessons(edition, tmp_path):
    assert steps(edition, "COPY") == [f". {PLACE}"]
    environment = Environment(tmp_path / "venv")
    environment.environment |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    install, make_user = steps(edition, "RUN")
    environment.run(*shlex.split(install.replace(PLACE, str(edition))), cwd=tmp_path)
    home = steps(edition, "WORKDIR")[0]
    assert f"{home}/work" in make_user and steps(edition, "USER")[0] in make_user
    program, *arguments = json.loads(steps(edition, "CMD")[0])
    port = str(*free_ports(1))
    (exposed,) = steps(edition, "EXPOSE")
    arguments = [port if argument == exposed else argument for argument in arguments]
    assert port in arguments
    command = [environment.bin / program, *arguments, "--IdentityProvider.token=t"]
    with running(command, tmp_path, environment.environment) as server:
        assert LESSON in fetched(f"http://127.0.0.1:{port}/api/contents/lessons?token=t", server)
    assert (tmp_path / "work" / "lessons" / LESSON / "start_here.ipynb").exists()


def test_badges_lead_to_what_the_edition_holds(edition):
    text = (edition / "README.md").read_text(encoding="utf-8")
    (binder,) = re.findall(
        r"\(https://mybinder\.org/v2/gh/someone/my-course/spring-2099\?urlpath=lab/tree/(.+?)\)", text
    )
    assert (edition / binder).exists() and (edition / "environment.yml").exists()
    (colab,) = re.findall(r"\(https://colab\.\S+/github/someone/my-course/blob/spring-2099/(.+?)\)", text)
    assert (edition / colab).exists()
    assert "%pip install git+https://github.com/someone/my-course@spring-2099" in text


@pytest.mark.parametrize(
    "address, place",
    [
        ("https://github.com/a/b", "gh/a/b/main"),
        ("https://github.com/a/b.git", "gh/a/b/main"),
        ("https://github.com/a/b/", "gh/a/b/main"),
        ("https://github.com/a/b/tree/x/y", "gh/a/b/x%2Fy"),
        ("https://git.example.org/~ada/group/b", "git/https%3A%2F%2Fgit.example.org%2F~ada%2Fgroup%2Fb/main"),
    ],
)
def test_address_of_a_repository_gives_its_place_in_binder(address, place):
    at = Repository.at(address)
    assert f"/v2/{place}?urlpath=" in binder_badge(at)
    assert bool(colab_badge(at, LESSON)) == ("github.com" in address)


@pytest.mark.parametrize(
    "address", ["my-course", "http://github.com/a/b", "https://github.com", "https://a/b c", "x](y"]
)
def test_what_is_no_address_is_said_before_anything_is_made(address, tmp_path):
    with pytest.raises(ReleaseError, match="no address of a repository"):
        release_learner(tmp_path / "edition", [LESSON], address=address)
    assert not any(tmp_path.iterdir())


def test_without_an_address_there_is_no_badge():
    assert readme_lines("", {LESSON: "Start"}) == "- Start"
