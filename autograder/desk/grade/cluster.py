"""Send hand-ins to the workers of a Dask cluster; a worker that is lost costs only time."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from autograder.desk.course.folder import CourseError

TRIES = 3
LONGEST_WAIT = 15  # seconds for the scheduler to answer
TICK = 0.5


def work_on_cluster(
    scheduler: str, function: Callable[[Any], Any], tasks: Iterator[Any], tick: Callable[[], None]
) -> Iterator[tuple[Any, Any]]:
    """Each task with its result, in the order in which they are done; None for one whose worker died three times.

    As many tasks are under way as the cluster has threads, and half as many wait there. Raises CourseError where there
    is no cluster.
    """
    try:
        from distributed import Client, wait
    except ModuleNotFoundError:
        raise CourseError("A cluster needs Dask: install it with  pip install --editable '.[cluster]'") from None
    try:
        client = Client(scheduler, timeout=LONGEST_WAIT)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {scheduler} ({error}). Start one with  dask scheduler"
        ) from None
    with client:
        under_way = {}
        while True:
            room = max(1, 3 * sum(client.nthreads().values()) // 2) - len(under_way)
            for task in islice(tasks, max(0, room)):
                under_way[client.submit(function, task, pure=False, retries=TRIES - 1)] = task
            if not under_way:
                return
            try:
                done = wait(list(under_way), timeout=TICK, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done = set()
            for future in done:
                task = under_way.pop(future)
                yield task, future.result() if future.status == "finished" else None
            tick()
