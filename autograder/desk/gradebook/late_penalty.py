"""What lateness costs: nbgrader's plugin for a percentage a day, and the setting that chooses it."""

import json
import math
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float
from traitlets.config import Config

from autograder.desk.course.folder import Course, CourseError
from autograder.notebooks.files import write_whole

FILE = "nbgrader_config.json"
PLUGIN = f"{__name__}.PercentageADay"
SECONDS_A_DAY = 86_400


class PercentageADay(BasePlugin):
    """A share of the marks is lost for each day that has begun since the due date, and never more than the marks."""

    percent = Float(10.0, help="What a day costs, in percent of the marks.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """The marks that are lost."""
        days = math.ceil(total_seconds_late / SECONDS_A_DAY)
        return score * min(1.0, days * self.percent / 100)


def renew_penalties(gradebook: Gradebook, settings: Config, lesson: str, student: str | None = None) -> None:
    """Compute anew what lateness costs one student, or all of them.

    Marks by hand, due dates, extensions and the plugin may have changed since the hand-in was marked.
    """
    assigner = AssignLatePenalties(config=settings)
    assigner.init_plugin()
    gradebook.db.expire_all()
    try:
        found = [gradebook.find_submission(lesson, student)] if student else gradebook.assignment_submissions(lesson)
    except MissingEntry:
        return
    for submitted in found:
        late = submitted.total_seconds_late
        for notebook in submitted.notebooks:
            cost = _cost(assigner.plugin_inst, submitted.student.id, notebook.score, late) if late > 0 else None
            notebook.late_submission_penalty = None if cost is None else min(max(cost, 0.0), notebook.score)
    gradebook.db.commit()


def _cost(plugin: BasePlugin, student: str, score: float, seconds_late: float) -> float | None:
    try:
        return plugin.late_submission_penalty(student, score, seconds_late)
    except Exception as error:  # a plugin of the course's own may raise anything
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(f"The late plugin of nbgrader_config fails ({reason}). Mend it, then try again.") from None


def set_penalty(course: Course, percent: float) -> Path:
    """Write into the course's `nbgrader_config.json` what a day costs; 0 percent takes the penalty away.

    nbgrader reads the file too, so that all its ways of marking take the same off. Raises CourseError where the course
    has a late plugin of its own.
    """
    path = course.root / FILE
    try:
        settings = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        settings.get("AssignLatePenalties")
    except (ValueError, AttributeError):
        raise CourseError(f"{path} holds no settings of nbgrader. Mend or remove it, then try again.") from None
    own = course.settings().AssignLatePenalties.get("plugin_class", PLUGIN)
    if own != PLUGIN:
        raise CourseError(
            f"nbgrader_config names the late plugin {own!r}. Take it out there first, or set its options."
        )
    settings.pop("AssignLatePenalties", None)
    settings.pop("PercentageADay", None)
    if percent:
        settings |= {"AssignLatePenalties": {"plugin_class": PLUGIN}, "PercentageADay": {"percent": percent}}
    write_whole(path, json.dumps(settings, indent=1).encode())
    return path
