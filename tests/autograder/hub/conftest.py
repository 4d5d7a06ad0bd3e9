"""A real JupyterHub, set up as the instructor's guide says: hub, proxy, and servers of two students with users of their own."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from autograder.release.edition import release_learner
from tests.autograder.editions.conftest import borrow
from tests.autograder.hub.guide import blocks
from tests.autograder.hub.machine import Machine, lenders_prefix, runs_here
from tests.autograder.hub.student import SECONDS, Student, wait_for
from tests.autograder.work.servers import free_ports

LESSON = "00-start-here"
INSTRUCTOR, STUDENTS, PASSWORD = "instructor", ("ada", "bob"), "correct horse battery staple"
PROXY = ["configurable-http-proxy", "--timeout=600000", "--proxy-timeout=600000"]
HUB_SETTINGS = """
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Spawner.start_timeout = c.Spawner.http_timeout = {seconds}
c.Authenticator.allowed_users = {students!r}
c.JupyterHub.bind_url = {address!r}
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
"""


class Hub(NamedTuple):
    """A running hub, and the machine on which it runs."""

    machine: Machine
    address: str

    def student(self, name: str) -> Student:
        return Student(self.address, name, PASSWORD)


def set_up(machine: Machine, wheel: Path) -> None:
    """Root does what the guide says; what pip would bring from the network is lent in between."""
    shutil.copy(wheel, machine.srv / wheel.name)
    environment, *rest = blocks("sh")[0]
    machine.run("root", "bash", "-c", environment, cwd="/srv")
    place = environment.split()[-1]
    borrow(machine.outside(place))
    program = Path("bin", "jupyterhub-singleuser")
    lines = (lenders_prefix() / program).read_text().split("\n")
    lent = machine.outside(place) / program
    lent.write_text("\n".join([f"#!{place}/bin/python", *lines[1:]]))
    lent.chmod(0o755)
    for line in rest:
        machine.run("root", "bash", "-c", line.replace("gradlab-….whl", wheel.name), cwd="/srv")


def is_up(address: str, process: subprocess.Popen) -> bool:
    assert process.poll() is None, "the hub has ended"
    try:
        return requests.get(f"{address}/hub/health", timeout=60).ok
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    if not runs_here():
        pytest.skip("users of their own need root and bubblewrap")
    wheel = release_learner(tmp_path_factory.mktemp("edition") / "learner.whl", [LESSON], say=lambda text: None)
    machine = Machine(tmp_path_factory.mktemp("machine"), [INSTRUCTOR, *STUDENTS])
    set_up(machine, wheel)
    own = machine.srv / "hub"
    own.mkdir(mode=0o700)
    port, hub_port, proxy_port = free_ports(3)
    address = f"http://127.0.0.1:{port}"
    settings = HUB_SETTINGS.format(
        password=PASSWORD,
        seconds=SECONDS,
        students={*STUDENTS},
        address=address,
        hub_port=hub_port,
        proxy_port=proxy_port,
        proxy=PROXY,
    )
    (own / "jupyterhub_config.py").write_text("\n".join(blocks("python")[0]) + settings)
    with open(own / "log", "w") as log:
        process = subprocess.Popen(
            machine.command("root", "jupyterhub", cwd="/srv/hub", apart=True), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_for("the hub", lambda: is_up(address, process))
        yield Hub(machine, address)
    finally:
        process.kill()
        process.wait(60)
