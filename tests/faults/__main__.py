"""Mark a class while everything goes wrong, and compare what is left with a quiet run.

Run: python -m tests.faults [hand-ins, default 500] [--kills 30] [--full 10] [--seed 1]. Exit code 1: a difference.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.run import Faults, lost, quiet_and_disturbed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hand_ins", type=int, nargs="?", default=500)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--full", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        faults = Faults(wanted.kills, wanted.full, wanted.seed, say=lambda line: print(line, flush=True))
        quiet, disturbed = quiet_and_disturbed(Path(folder), wanted.hand_ins, faults)
    differences = lost(quiet, disturbed)
    print(f"{wanted.hand_ins} hand-ins, {faults.happened}: {len(differences)} differences from the quiet run")
    for line in differences[:20]:
        print(line)
    return bool(differences)


if __name__ == "__main__":
    sys.exit(main())
