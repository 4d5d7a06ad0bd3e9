"""What JupyterLab is told of a course, so that the Formgrader opens it and marks as `gradlab grade` does."""

from autograder.desk.course.folder import Course

SETTINGS = """c = get_config()
from autograder.marking.configuration import marking

c.merge(marking())
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = {db_url!r}
"""


def settings_of(course: Course) -> str:
    """The text of an `nbgrader_config.py` that names the course; what the course's own settings say goes before it."""
    return SETTINGS.format(root=str(course.root), db_url=course.db_url)
