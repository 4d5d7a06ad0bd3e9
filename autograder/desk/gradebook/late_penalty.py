"""What lateness costs: nbgrader's plugin for a percentage a day, and the setting that chooses it."""

import json
import math
from pathlib import Path

from nbgrader.plugins import BasePlugin
from traitlets import Float

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
