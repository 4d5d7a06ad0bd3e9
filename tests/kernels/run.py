"""`make test-kernels`: the whole answer bank under every kind of arithmetic, each in processes of its own.

Further arguments are pytest's: `python -m tests.kernels.run -k soft_abs`. Exit code 1: a verdict depends on the machine.
"""

import os
import subprocess
import sys

from tests.kernels.settings import BANK, KERNELS


def main(arguments: list[str]) -> int:
    """Run the bank once for each setting and say which of them failed."""
    failed = []
    for name, setting in KERNELS.items():
        print(f"\n{name}: {' '.join(f'{key}={value}' for key, value in setting.items())}", flush=True)
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", BANK, *arguments]
        if subprocess.run(command, env=os.environ | setting, check=False).returncode:
            failed.append(name)
    print(f"\n{len(KERNELS) - len(failed)} passed, {len(failed)} failed", *failed)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
