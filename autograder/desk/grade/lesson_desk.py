"""One lesson of a course while it is marked: which hand-ins are to be run, and what comes of each."""

import hashlib
import stat
from collections.abc import Callable, Iterator

from nbgrader.api import Gradebook
from sqlalchemy.exc import InterfaceError, OperationalError
from traitlets.config import Config

from autograder.desk.course.folder import Course
from autograder.desk.course.troubles import sentence_for
from autograder.desk.grade.claims import ManyGraders, OneGrader
from autograder.desk.grade.code_version import code_version
from autograder.desk.grade.hand_in_files import hand_in_files, source_files
from autograder.desk.grade.marks import (
    FINGERPRINT,
    LESSON_SOURCE,
    NOT_THE_ANSWER,
    Mark,
    digest_of,
    failed,
    in_gradebook,
    marked_notebook,
    read_mark,
)
from autograder.desk.grade.save_mark import note_time, save_mark, write_log
from autograder.desk.gradebook.late_penalty import renew_penalties
from autograder.marking.hand_in import LIMITS, Examined, HandIn, for_workers
from autograder.marking.source_cell import source_cells
from autograder.notebooks.system_errors import sentence_of
from gradlab.course import LESSONS


class LessonDesk:
    """Reads each hand-in once and fingerprints it once; what is unchanged is not run again."""

    def __init__(
        self,
        course: Course,
        lesson: str,
        gradebook: Gradebook,
        settings: Config,
        ours: OneGrader | ManyGraders,
        before_the_first: Callable[[], None],
    ):
        self.course, self.lesson, self.gradebook, self.settings, self.ours = course, lesson, gradebook, settings, ours
        self.cells = tuple(source_cells(gradebook, LESSONS[lesson], lesson))
        self.source_files = source_files(course, lesson, settings.CourseDirectory.ignore)
        self.for_workers = for_workers(settings)
        self._source_digest = digest_of(self.source_files)
        self._before_the_first = before_the_first
        self._fingerprints: dict[str, str] = {}
        self._unchanged: list[Mark] = []

    def to_run(
        self, students: list[str], elsewhere: list[str], *, force: bool, tick: Callable[[], None]
    ) -> Iterator[HandIn]:
        """Hand-ins to run, claimed one by one; students whom another grader has claimed are added to `elsewhere`."""
        started = False
        for student in students:
            tick()
            if not self.ours.claim(self.lesson, student):
                elsewhere.append(student)
                continue
            found = self._look_at(student, force)
            if isinstance(found, Mark):
                self._unchanged.append(found)
                self.ours.release(self.lesson, student)
                continue
            if not started:
                self._before_the_first()
                started = True
            yield found

    def unchanged_so_far(self) -> Iterator[Mark]:
        """The marks that were found without running anything, each once."""
        while self._unchanged:
            yield self._unchanged.pop(0)

    def finish(self, hand_in: HandIn, examined: Examined | None) -> Mark:
        """Write what came of a hand-in; what failed is not written, so that the next run tries it again."""
        if examined is None:
            reason = "The grader's own process died twice over it. Its log has more."
            examined = Examined(hand_in.student, failure=reason)
        try:
            write_log(self.course, self.lesson, examined)
            if examined.failure:
                return failed(hand_in.student, examined.failure)
            against = {
                FINGERPRINT: self._fingerprints.pop(hand_in.student),
                LESSON_SOURCE: self._source_digest,
            }
            save_mark(self.course, self.gradebook, self.settings, hand_in, examined, against)
            return read_mark(self.course, self.gradebook, self.lesson, hand_in.student)
        except (OperationalError, InterfaceError):  # the gradebook is gone, for everybody
            raise
        except Exception as error:
            self.gradebook.db.rollback()
            reason = (sentence_for(error) or str(error)).rstrip(".")
            return failed(hand_in.student, f"Its mark could not be written: {reason}. The next run tries again.")
        finally:
            self.ours.release(self.lesson, hand_in.student)

    def _look_at(self, student: str, force: bool) -> Mark | HandIn:
        """The mark of a hand-in that needs no run, or the hand-in as plain data."""
        try:
            files = hand_in_files(
                self.course, self.lesson, student, self.source_files, self.settings.CourseDirectory.ignore
            )
            if f"{LESSONS[self.lesson]}.ipynb" not in files:
                return failed(student, self._why_missing(student))
        except ValueError:
            return failed(student, "The hand-in is too large. Remove what the notebook does not need.")
        except OSError as error:  # nobody else's hand-in waits for it
            return failed(student, f"The hand-in cannot be read. {sentence_of(error) or error}")
        self._fingerprints[student] = self._fingerprint(files)
        if not force and self._is_done(student):
            try:
                note_time(self.gradebook, self.lesson, student, files)
            except ValueError as error:
                return failed(student, f"It could not be marked again: {error}")
            renew_penalties(self.gradebook, self.settings, self.lesson, student)
            return read_mark(self.course, self.gradebook, self.lesson, student, fresh=False)
        return HandIn(student, self.lesson, LESSONS[self.lesson], files, self.cells, self.for_workers)

    def _why_missing(self, student: str) -> str:
        """Why the notebook is not among the files of a hand-in. Raises OSError where nobody may look."""
        handed_in = self.course.hand_in(student, self.lesson)
        for path, what, remedy in (
            (handed_in.parent, "folder", "Hand in the folder itself."),
            (handed_in, "file", "Hand in the notebook itself."),
        ):
            try:
                kind = path.lstat().st_mode
            except FileNotFoundError:
                return f"There is no {path.name} in the hand-in."
            if stat.S_ISLNK(kind):
                return f"{path.name} is a link to another {what}. {remedy}"
        if not stat.S_ISREG(kind):
            return f"{handed_in.name} is no file that can be read. Hand in the notebook itself."
        return f"{handed_in.name} cannot be read. Its owner must allow that, or hand it in again."

    def _fingerprint(self, files: dict[str, bytes]) -> str:
        """What decides a mark: the hand-in, the source, the code that examines it, and how long it may run."""
        digest = hashlib.sha256(code_version(self.lesson).encode())
        for section in LIMITS:
            limits = {name: value for name, value in self.settings[section].items() if name != "sandbox"}
            digest.update(f"{section} {sorted(limits.items())!r}".encode())
        for named in (files, self.source_files):
            for name, data in sorted(named.items()):
                if name not in NOT_THE_ANSWER:
                    digest.update(f"{name}\0{len(data)}\0".encode(errors="replace") + data)
        return digest.hexdigest()

    def _is_done(self, student: str) -> bool:
        """Whether these very files were marked against this source with these exams, and the gradebook has it."""
        notebook = marked_notebook(self.course, self.lesson, student)
        known = notebook["metadata"].get("gradlab") if notebook else None
        same = isinstance(known, dict) and known.get(FINGERPRINT) == self._fingerprints[student]
        return same and in_gradebook(self.gradebook, self.lesson, student, notebook)
