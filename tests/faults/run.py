"""What a run with faults does to a course, and the state that it is compared by."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from autograder.desk.course.folder import Course
from tests.autograder.desk.hand_ins import hand_in, solved
from tests.warm.client import run_gradlab

LESSON, EXERCISE = "00-start-here", "gradient"
ANSWERS = ("right", "def gradient(f, x):\n    return 2 * x\n", None, "import os\nos._exit(1)\n")
LONGEST_RUN = 3600
STATE = """
SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score, comment.manual_comment,
       submitted_notebook.late_submission_penalty, submitted_assignment.timestamp
FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
LEFT JOIN comment ON comment.notebook_id = submitted_notebook.id
ORDER BY 1, 2
"""


@dataclass
class Faults:
    """How many faults of each kind there are to be, and what has happened."""

    kills: int
    full: int
    seed: int
    say: Callable[[str], None] = lambda line: None
    happened: Counter = field(default_factory=Counter)

    def note(self, fault: str) -> None:
        """One more has happened."""
        self.happened[fault] += 1
        self.say(f"{sum(self.happened.values())}: {fault}")


def quiet_and_disturbed(folder: Path, number: int, faults: Faults) -> tuple[dict, dict]:
    """The final states of the same course marked in peace, and marked while faults happen.

    Before the faults begin, a person has marked and commented every fifth hand-in, in both.
    """
    quiet = new_course(folder / "quiet", number)
    grade(quiet)
    marked_by_hand(quiet)
    disturbed = Path(shutil.copytree(quiet, folder / "disturbed"))
    for student in students(number)[::2]:  # new work for both
        hand_in(quiet, student, LESSON, {EXERCISE: "def gradient(f, x):\n    return 0 * x\n"})
        hand_in(disturbed, student, LESSON, {EXERCISE: "def gradient(f, x):\n    return 0 * x\n"})
    grade(quiet)
    disturb(disturbed, faults)
    return state_of(quiet), state_of(disturbed)


def students(number: int) -> list[str]:
    """The ids of the class."""
    return [f"student-{n:04d}" for n in range(number)]


def new_course(root: Path, number: int) -> Path:
    """A class with right, wrong, untouched and crashing answers; every third hand-in is late, which costs a tenth."""
    root.mkdir(parents=True)
    right = solved(LESSON)[EXERCISE]
    for place, student in enumerate(students(number)):
        answer = ANSWERS[place % len(ANSWERS)]
        texts = {} if answer is None else {EXERCISE: right if answer == "right" else answer}
        path = hand_in(root, student, LESSON, texts)
        path.with_name("timestamp.txt").write_text(f"2026-03-0{1 + 2 * (place % 3 == 0)} 12:00:00 UTC\n")
    command(root, "due", LESSON, "2026-03-02 12:00+00:00")
    command(root, "penalty", "10")
    return root


def command(course: Path, *words: str) -> subprocess.CompletedProcess:
    """Run gradlab on the course; it must never end with a traceback."""
    done = run_gradlab([*words, "--course", str(course)], timeout=LONGEST_RUN)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def grade(course: Path) -> None:
    """Mark all hand-ins, to the end."""
    done = command(course, "grade", LESSON)
    assert done.returncode == 0, done.stdout + done.stderr


def marked_by_hand(course: Path) -> None:
    """A person marks and comments every fifth hand-in; a command follows, as in the week of a deadline."""
    with Course.at(course).gradebook() as gradebook:
        for place, submitted in enumerate(sorted(gradebook.assignment_submissions(LESSON), key=lambda s: s.student.id)):
            if place % 5 == 0:
                [notebook] = submitted.notebooks
                notebook.grades[0].manual_score, notebook.grades[0].needs_manual_grade = 1.25, False
                notebook.comments[0].manual_comment = f"Read {submitted.student.id}'s answer."
        gradebook.db.commit()
    command(course, "export", LESSON)


def disturb(course: Path, faults: Faults) -> None:
    """Mark the course while the grader is killed, the disk fills up, the gradebook is lost; then in peace."""
    luck, book = random.Random(faults.seed), course / "gradebook.db"
    older = course.parent / "older.db"
    shutil.copy(book, older)
    lose = {
        "gradebook truncated": lambda: book.write_bytes(beginning(book, luck)),
        "gradebook emptied": lambda: book.write_bytes(b""),
        "gradebook removed": lambda: book.unlink(missing_ok=True),
        "gradebook replaced by an older one": lambda: shutil.copy(older, book),
    }
    plan = ["kill"] * faults.kills + ["full"] * faults.full + list(lose)
    luck.shuffle(plan)
    for fault in plan:
        if fault == "kill":
            killed(course, luck.uniform(0.5, 20), faults)
        elif fault == "full":
            on_a_full_disk(course, luck.randrange(0, 200_000), faults)
        else:
            lose[fault]()
            faults.note(fault)
    grade(course)


def beginning(file: Path, luck: random.Random) -> bytes:
    """What is left of a file that was cut off; nothing of one that an earlier fault has removed."""
    data = file.read_bytes() if file.exists() else b""
    return data[: luck.randrange(len(data) + 1)]


def killed(course: Path, seconds: float, faults: Faults) -> None:
    """Start marking and kill the grader after so long; where it has ended by then, again with more work, sooner."""
    line = [sys.executable, "-m", "autograder.cli", "grade", LESSON, "--course", str(course)]
    grader = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + seconds
    while grader.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    if grader.poll() is None:
        os.kill(grader.pid, signal.SIGKILL)
        grader.wait()
        return faults.note("grader killed")
    for path in sorted((course / "autograded").iterdir())[::3]:
        shutil.rmtree(path)
    return killed(course, 0.8 * seconds, faults)


def on_a_full_disk(course: Path, free: int, faults: Faults) -> None:
    """Mark on a small file system with so many bytes left, in a mount namespace of its own."""
    script = (
        "mkdir -p $PLACE && mount -t tmpfs -o size=$SIZE tmpfs $PLACE && cp -a $COURSE/. $PLACE && "
        "cat /dev/zero > $PLACE/full 2> /dev/null; truncate -s -$FREE $PLACE/full; "
        "$PYTHON -m autograder.cli grade $LESSON --course $PLACE; "
        "rm -rf $PLACE/full $COURSE.new && cp -a $PLACE $COURSE.new"
    )
    size = 2 * sum(path.stat().st_size + 4096 for path in course.rglob("*"))
    for path in sorted((course / "autograded").iterdir())[1::3]:
        shutil.rmtree(path)
    words = {
        "PLACE": f"{course}.small",
        "SIZE": str(size),
        "COURSE": str(course),
        "PYTHON": sys.executable,
        "LESSON": LESSON,
    }
    root = ["unshare", "--mount", "--map-root-user"] if os.geteuid() else ["unshare", "--mount"]
    done = subprocess.run([*root, "sh", "-c", script], env=os.environ | words, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    new = Path(f"{course}.new")
    assert (new / "submitted").is_dir(), done.stderr
    shutil.rmtree(course)
    new.rename(course)
    faults.note("disk full" if "Make room" in done.stderr + done.stdout else "disk nearly full")


def state_of(course: Path) -> dict[tuple, tuple]:
    """(student, cell) → marks, comments, penalty and time, as the gradebook has them."""
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        return {(student, cell): tuple(rest) for student, cell, *rest in book.execute(STATE)}


def lost(quiet: dict, disturbed: dict) -> list[str]:
    """What differs from the quiet run."""
    return [
        f"{key}: {quiet.get(key)} in peace, {disturbed.get(key)} after the faults"
        for key in sorted(quiet.keys() | disturbed.keys())
        if quiet.get(key) != disturbed.get(key)
    ]
