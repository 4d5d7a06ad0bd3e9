"""How long a reader waits for a picture: explorers against plain figures, lessons with them and without, in one run.

    python -m tests.benchmarks.first_pictures [lesson …]

For each explorer: seconds from running its cell to its first picture, against the same figure drawn once with
`%matplotlib inline`, in one kernel that has imported all. For each solved lesson: seconds to run all cells in a cold
kernel beside a reader, against the same cells without the explorers. The reader has kept no record; those of the
lessons came with them. Asserts nothing.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from subprocess import DEVNULL
from time import perf_counter

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from rich.console import Console
from rich.table import Table

from autograder.notebooks.places import source_path
from autograder.release.source import read_source
from gradlab.course import LESSONS

SECONDS = 600
CALL = re.compile(r"explorers\.(\w+)\((.*)\)\s*", re.DOTALL)
# The same figure without the engine: what `explore` is given, drawn at its start by pyplot.
INLINE = """
%matplotlib inline
import matplotlib.pyplot as plt
from gradlab.explore.display import instead_of_page
from gradlab.explore.figures import use_style
use_style()
def draw_once(explorer):
    explorer.draw(explorer.compute(**explorer.values(explorer.start)))
    plt.show()
def plain(figure):
    def call(*given, **named):
        with instead_of_page(draw_once):
            figure(*given, **named)
    return call
"""


@contextmanager
def kernel() -> Iterator[BlockingKernelClient]:
    """A kernel beside a reader, with no record on its disk."""
    with tempfile.TemporaryDirectory() as cache:
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(
            stderr=DEVNULL, env=os.environ | {"JPY_SESSION_NAME": "lesson.ipynb", "XDG_CACHE_HOME": cache}, cwd=cache
        )
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        try:
            yield client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> tuple[float, float]:
    """Seconds to the first picture (or to the end, where there is none) and to the end of a cell."""
    start, picture = perf_counter(), 0.0
    sent = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=SECONDS)
        if message["parent_header"].get("msg_id") != sent:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise RuntimeError(f"{code}\n{content['ename']}: {content['evalue']}")
        if kind == "display_data" and not picture:
            picture = perf_counter() - start
        if kind == "status" and content["execution_state"] == "idle":
            end = perf_counter() - start
            return picture or end, end


def cells_of(lesson: str) -> list[str]:
    """The code of the solved lesson, without tests."""
    cells = [cell for cell in read_source(source_path(lesson)).cells if cell.cell_type == "code"]
    return [cell.source for cell in cells if not cell.metadata.get("nbgrader", {}).get("grade")]


def first_pictures(lesson: str) -> dict[str, tuple[float, float]]:
    """For each explorer of a lesson: seconds to its first picture, and to the plain figure."""
    cells = cells_of(lesson)
    found: dict[str, tuple[float, float]] = {}
    with kernel() as client:
        for cell in cells[: 1 + next(number for number, cell in enumerate(cells) if "explorers" in cell)]:
            run(client, cell)  # the imports
        run(client, INLINE)
        run(client, "plt.plot([0, 1]); plt.show()")  # the backend and its fonts are loaded
        run(client, "from gradlab.explore.link import link; link()")
        for call in filter(None, map(CALL.fullmatch, cells)):
            name, given = call.groups()
            plain = [run(client, f"plain(explorers.{name})({given})")[0] for _ in range(3)]
            found[name] = run(client, call[0])[0], median(plain)
    return found


def run_all(lesson: str, explorers: bool) -> float:
    """Seconds from starting a kernel to the end of the lesson's last cell."""
    cells = [cell for cell in cells_of(lesson) if explorers or not CALL.fullmatch(cell)]
    start = perf_counter()
    with kernel() as client:
        for cell in cells:
            run(client, cell)
        return perf_counter() - start


def main(lessons: list[str]) -> None:
    """Print a table of explorers and one of lessons."""
    pictures = Table("lesson", "explorer", "first picture", "plain figure", "ratio", title="Seconds to a picture")
    whole = Table("lesson", "with explorers", "without", "ratio", title="Seconds to run all, cold kernel, median of 3")
    for lesson in lessons or LESSONS:
        for name, (ours, plain) in first_pictures(lesson).items():
            pictures.add_row(lesson[:2], name, f"{ours:.2f}", f"{plain:.2f}", f"{ours / plain:.2f}")
        pairs = [(run_all(lesson, True), run_all(lesson, False)) for _ in range(3)]
        ours, plain = (median(column) for column in zip(*pairs))
        whole.add_row(lesson[:2], f"{ours:.1f}", f"{plain:.1f}", f"{ours / plain:.2f}")
    Console().print(pictures, whole)


if __name__ == "__main__":
    main(sys.argv[1:])
