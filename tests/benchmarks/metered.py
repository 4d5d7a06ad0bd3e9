"""`gradlab` with meters: what each hand-in costs in processor time and memory, written as lines of JSON.

Run: python -m tests.benchmarks.metered FILE grade LESSON --course COURSE. A sandbox's processes are reaped inside it, so
that nobody outside is told what they used: the meters look just before it is ended.
"""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import autograder.desk.grade.run as desk
from autograder.cli import app
from autograder.sandbox.provisioner import SandboxProvisioner

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from family(int(child))


def processor_seconds(pid: int) -> float:
    """User and system time of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


def own_megabytes(pid: int) -> float:
    """Memory that would be free if the process were gone."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except PermissionError:  # the guard hides its memory from ordinary users
        return 0.0
    return sum(int(kilobytes) for kilobytes in re.findall(r"^Private_\w+:\s+(\d+)", rollup, re.M)) / 1e3


def meter(file: Path) -> None:
    """Have the grader note what its parts use."""
    kill, examine, finish = SandboxProvisioner.kill, desk.examine_hand_in, desk._Desk.finish

    def note(**costs: float) -> None:
        with file.open("a") as lines:
            lines.write(json.dumps(costs) + "\n")

    async def metered_kill(self: SandboxProvisioner, restart: bool = False) -> None:
        if self.has_process:
            info = Path(f"/proc/self/fdinfo/{self._pidfd}").read_text()
            guard = int(re.search(r"^Pid:\s*(-?\d+)", info, re.M)[1])
            if guard > 0:  # not dead
                inside = list(family(guard))
                note(
                    sandbox=sum(map(processor_seconds, inside)),
                    megabytes=sum(map(own_megabytes, [*inside, os.getpid()])),
                )
        await kill(self, restart)

    def metered(part: str, function):
        def measured(*arguments):
            started = time.process_time()
            result = function(*arguments)
            note(**{part: time.process_time() - started})
            return result

        return measured

    SandboxProvisioner.kill = metered_kill
    desk.examine_hand_in = metered("worker", examine)
    desk._Desk.finish = metered("writer", finish)


def main() -> None:
    file = Path(sys.argv.pop(1))
    meter(file)
    try:
        app()
    finally:
        with file.open("a") as lines:
            peaks = [
                resource.getrusage(who).ru_maxrss / 1e3 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            ]
            lines.write(json.dumps({"grader": peaks[0], "largest": max(peaks)}) + "\n")


if __name__ == "__main__":
    main()
