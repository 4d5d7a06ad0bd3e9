"""Verdicts do not depend on the machine: a sample of the answer bank under every kind of arithmetic.

`make test-kernels` runs the whole bank so.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.kernels.settings import BANK, KERNELS

ONE_IN = 40
TELL = """
import json, os, torch
print(json.dumps([torch.backends.cpu.get_cpu_capability(), torch.get_num_threads()]))
"""


def python(kernel: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=os.environ | KERNELS[kernel], capture_output=True, text=True, timeout=600)


@pytest.mark.parametrize("kernel", KERNELS)
def test_verdicts_are_those_of_every_other_machine(kernel):
    part = f"{list(KERNELS).index(kernel)}/{ONE_IN}"
    done = python(kernel, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", BANK, "--part", part)
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout[-5000:] + done.stderr[-2000:]


def test_settings_reach_torch():
    told = {kernel: json.loads(python(kernel, "-c", TELL).stdout) for kernel in KERNELS}
    assert told["plain"][0] == "DEFAULT" and told["avx2"][0] in ("AVX2", "DEFAULT")
    assert (told["one-thread"][1], told["two-threads"][1]) == (1, 2)
