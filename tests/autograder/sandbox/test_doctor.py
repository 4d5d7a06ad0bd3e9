"""Every promise of the sandbox holds, as root and as an ordinary user."""

import json
import os
import subprocess
import sys
from pathlib import Path

from autograder.sandbox.doctor import run_self_test

TELL = """
import json
from autograder.sandbox.doctor import run_self_test
print(json.dumps([(finding.promise, finding.holds, finding.seen) for finding in run_self_test()]))
"""


def as_ordinary_user(command: list[str]) -> list[str]:
    """Root becomes user 12345, in a view where the folders above the interpreter let that user through."""
    if os.geteuid() != 0:
        return command
    bwrap = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"]
    home, interpreter = Path.home(), Path(sys.base_prefix)
    if interpreter.is_relative_to(home):
        bwrap += ["--tmpfs", str(home), "--chmod", "0755", str(home)]
        for parent in reversed(interpreter.parents):
            if parent.is_relative_to(home) and parent != home:
                bwrap += ["--dir", str(parent)]
        bwrap += ["--ro-bind", str(interpreter), str(interpreter)]
    user = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", "--inh-caps=-all"]
    return [*bwrap, "--cap-add", "ALL", *user, "env", "HOME=/nonexistent", *command]


def test_each_promise_holds():
    broken = [finding for finding in run_self_test() if not finding.holds]
    assert not broken


def test_each_promise_holds_for_an_ordinary_user():
    told = subprocess.run(
        as_ordinary_user([sys.executable, "-c", TELL]),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    findings = json.loads(told.stdout)
    assert len(findings) > 10
    assert [finding for finding in findings if not finding[1]] == []


def test_where_namespaces_are_forbidden_the_doctor_says_what_to_do():
    here = [
        "bwrap",
        "--unshare-user",
        "--disable-userns",
        "--bind",
        "/",
        "/",
        "--dev-bind",
        "/dev",
        "/dev",
        "--bind",
        "/proc",
        "/proc",
    ]
    told = subprocess.run([*here, sys.executable, "-c", TELL], capture_output=True, text=True, timeout=60, check=False)
    [(_, holds, seen)] = json.loads(told.stdout)
    assert not holds
    assert "user namespaces" in seen and "--no-sandbox" in seen
