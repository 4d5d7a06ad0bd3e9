"""The course's nbgrader configuration: one grading path for `nbgrader`, the Formgrader and `gradlab grade`."""

from autograder.marking.configuration import marking

c = get_config()  # noqa: F821  (traitlets provides it)
c.CourseDirectory.root = "course"
c.merge(marking())
