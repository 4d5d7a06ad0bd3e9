"""Send hand-ins to the workers of a Dask cluster; a worker that is lost costs only time."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from autograder.desk.course.folder import CourseError
from autograder.marking.aside import Aside

MOST_TRIES = 3
LONGEST_SILENCE = 8  # seconds for the scheduler to answer, and for a first worker to be there
LONGEST_WITHOUT_WORKERS = 60  # seconds in the middle of a run; a worker may be started again meanwhile
LONGEST_WAIT = 0.5  # seconds for a result before `while_waiting` is called

_of_this_thread = threading.local()


def work_on_cluster(
    scheduler: str,
    function: Callable[[Any], Any],
    tasks: Iterator[Any],
    while_waiting: Callable[[], None],
) -> Iterator[tuple[Any, Any]]:
    """Each task with its result, in the order in which they are done; None for one whose worker died three times.

    As many tasks are under way as the cluster has threads, and half as many wait there. Each thread of a worker has a
    process that does its tasks and can be killed when a piece takes too long. Raises CourseError where there is no
    cluster, or no worker in it.
    """
    try:
        from distributed import Client, wait
    except ModuleNotFoundError:
        raise CourseError("A cluster needs Dask: install it with  pip install --editable '.[cluster]'") from None
    try:
        client = Client(scheduler, timeout=LONGEST_SILENCE)
    except (OSError, ValueError, TypeError) as error:  # an address of TLS without certificates is a TypeError
        raise CourseError(
            f"No Dask scheduler answers at {scheduler} ({error}). Start one with  dask scheduler"
        ) from None
    with client:
        under_way: dict[Any, Any] = {}
        seen, patience = time.monotonic(), LONGEST_SILENCE
        while True:
            threads = sum(client.nthreads().values())
            if threads:
                seen, patience = time.monotonic(), LONGEST_WITHOUT_WORKERS
            elif time.monotonic() - seen > patience:
                raise CourseError(
                    f"The Dask scheduler at {scheduler} has no workers. Start some, on each machine that shall mark, "
                    f"with  dask worker {scheduler}  and give the same command again: what is marked already is kept."
                )
            room = 3 * threads // 2 - len(under_way)
            for task in islice(tasks, max(0, room)):
                under_way[client.submit(partial(_aside, function), task, pure=False, retries=MOST_TRIES - 1)] = task
            if threads and not under_way:
                return
            try:
                done = wait(list(under_way), timeout=LONGEST_WAIT, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done = set()
            for future in done:
                task = under_way.pop(future)
                yield task, future.result() if future.status == "finished" else None
            while_waiting()


def _aside(function: Callable[[Any], Any], task: Any) -> Any:
    """What the function makes of the task, in a process beside this thread of a worker; None if it was killed each time."""
    if not hasattr(_of_this_thread, "aside"):
        _of_this_thread.aside = Aside()
    return _of_this_thread.aside.run(function, task)
