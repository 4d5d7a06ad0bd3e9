"""What learners' servers of a JupyterHub are told: the course, nbgrader's exchange, and that they have no tools of instructors."""

import re
from pathlib import Path

from autograder.work.jupyter import VALIDATE, turn_off_instructors_tools

SETTINGS = """import os

c = get_config()
c.CourseDirectory.course_id = {course_id!r}
c.CourseDirectory.student_id = os.environ.get("JUPYTERHUB_USER", "*")
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "backups", ".gradlab"]
c.Exchange.root = {exchange!r}
"""
"""A container's user is often the same for all; the hub's own name tells learners apart. What is ignored is not submitted."""
FOR_ALL = 0o777


class HubError(ValueError):
    """Something that the one who sets up a hub can put right; the text says how."""


def write_hub_settings(folder: Path, course_id: str, exchange: Path) -> Path:
    """Write the settings into Jupyter's folder of an environment, `PREFIX/etc/jupyter`; returns nbgrader's file.

    Raises HubError for a name that is no folder's, an exchange that not everybody may write to, and settings that are there.
    """
    if not re.fullmatch(r"\w[\w.-]*", course_id):
        raise HubError(f"{course_id!r} cannot be the name of a course: take letters, digits, - and _ .")
    if not exchange.is_dir() or exchange.stat().st_mode & FOR_ALL != FOR_ALL:
        raise HubError(
            f"{exchange} is no folder into which everybody may write, as nbgrader's exchange must be. "
            f"Make it:  install --directory --mode 777 {exchange}"
        )
    path = folder / "nbgrader_config.py"
    if path.exists():
        raise HubError(f"{path} is there already; nothing was changed. Edit it, or move it away and try again.")
    turn_off_instructors_tools(folder)
    path.write_text(SETTINGS.format(course_id=course_id, exchange=str(exchange.resolve())) + VALIDATE, encoding="utf-8")
    return path
