"""Hand-ins on a Dask cluster of this machine, a worker of it killed in the middle."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import LocalCluster

from autograder.desk.course.folder import Course, CourseError
from autograder.desk.grade import cluster as dask
from autograder.desk.grade.run import grade
from tests.autograder.desk.grade.test_workers import MEMORY_MB, hoard, in_pieces, square
from tests.autograder.desk.hand_ins import hand_in, solved

LESSON = "00-start-here"


@pytest.fixture(scope="module")
def cluster():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[4]))
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
            yield started


def test_workers_keep_the_bounds_of_the_other_paths(cluster):
    def done(function, *tasks):
        return dict(dask.work_on_cluster(cluster.scheduler_address, function, iter(tasks), lambda: None))

    endless = tuple(f"for ever {n}" for n in range(4))
    assert done(in_pieces, ("a", "for ever", "b"), endless) == {
        ("a", "for ever", "b"): ["a", "given up", "b"],
        endless: None,
    }
    assert done(square, "die", 3) == {"die": None, 3: 9}
    assert done(hoard, 2 * MEMORY_MB) == {2 * MEMORY_MB: "too much"}


def test_worker_killed_in_the_middle_costs_no_mark(cluster, tmp_path, empty_gradebook):
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course" / "gradebook.db")
    course = Course.at(tmp_path / "course")
    for number in range(5):
        hand_in(course.root, f"s{number}", LESSON, solved(LESSON) if number else {})
    marks = grade(course, LESSON, scheduler=cluster.scheduler_address)
    first = next(marks)
    os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
    found = {mark.student: mark for mark in [first, *marks]}
    assert not any(mark.failure for mark in found.values()), found
    assert found["s0"].score == 0 and len({found[f"s{n}"].score for n in range(1, 5)}) == 1 and found["s1"].score > 0


def test_where_no_scheduler_answers_that_is_said(monkeypatch):
    monkeypatch.setattr(dask, "LONGEST_SILENCE", 1)
    with pytest.raises(CourseError, match="No Dask scheduler answers"):
        list(dask.work_on_cluster("tcp://127.0.0.1:9", len, iter([]), lambda: None))


def test_scheduler_without_workers_says_so_and_does_not_wait_for_ever():
    with LocalCluster(n_workers=0, dashboard_address=None) as empty:
        started = time.monotonic()
        with pytest.raises(CourseError, match="has no workers"):
            list(dask.work_on_cluster(empty.scheduler_address, len, iter(["task"]), lambda: None))
    assert time.monotonic() - started < 10 * dask.LONGEST_SILENCE, "it waited for something else"


TWO_MACHINES = """
ip link set lo up
unshare --net sleep 600 & OTHER=$!
sleep 1
ip link add here type veth peer name there
ip link set there netns $OTHER
ip address add 10.77.0.1/24 dev here && ip link set here up
nsenter --target $OTHER --net sh -c 'ip link set lo up; ip address add 10.77.0.2/24 dev there; ip link set there up'
$PYTHON -m distributed.cli.dask_scheduler --host 10.77.0.1 --port 8786 --no-dashboard > $LOGS/scheduler 2>&1 &
SCHEDULER=$!
for n in 1 2; do
  nsenter --target $OTHER --net $PYTHON -m distributed.cli.dask_worker tcp://10.77.0.1:8786 --no-nanny --nthreads 1 \
    --no-dashboard --local-directory $LOGS/$n > $LOGS/worker-$n 2>&1 & LAST=$!
done
$PYTHON -m autograder.cli grade $LESSON --course $COURSE --scheduler tcp://10.77.0.1:8786 --json $MARKS & GRADER=$!
while kill -0 $GRADER 2> /dev/null && ! ls $COURSE/autograded > /dev/null 2>&1; do sleep 0.1; done
kill -9 $LAST
wait $GRADER; CODE=$?
kill $SCHEDULER $OTHER
exit $CODE
"""


def test_workers_on_another_network_one_of_them_lost_in_the_middle(tmp_path, empty_gradebook):
    (tmp_path / "course").mkdir()
    shutil.copy(empty_gradebook, tmp_path / "course" / "gradebook.db")
    for number in range(6):
        hand_in(tmp_path / "course", f"s{number}", LESSON, solved(LESSON) if number else {})
    words = {"PYTHON": sys.executable, "LESSON": LESSON, "COURSE": tmp_path / "course"}
    words |= {"MARKS": tmp_path / "marks.json", "LOGS": tmp_path}
    root = ["unshare", "--net", "--map-root-user"] if os.geteuid() else ["unshare", "--net"]
    done = subprocess.run(
        [*root, "sh", "-c", TWO_MACHINES],
        env=os.environ | {name: str(value) for name, value in words.items()},
        capture_output=True,
        text=True,
        timeout=500,
    )
    logs = "".join(path.read_text() for path in (tmp_path / "scheduler", tmp_path / "worker-1") if path.exists())
    assert done.returncode == 0, done.stdout + done.stderr + logs
    marks = {mark["student"]: mark for mark in json.loads((tmp_path / "marks.json").read_text())}
    assert len(marks) == 6 and not any(mark["failure"] for mark in marks.values())
    assert marks["s0"]["score"] == 0 and len({marks[f"s{n}"]["score"] for n in range(1, 6)}) == 1
