"""The course's nbgrader configuration: one grading path for `nbgrader`, the Formgrader and `gradlab grade`."""

c = get_config()  # noqa: F821  (traitlets provides it)
c.CourseDirectory.root = "course"
c.ExecutePreprocessor.timeout = 120  # seconds a cell, for the button Validate, too
try:
    from autograder.marking.configuration import marking
except ModuleNotFoundError:
    # A learner's installation has what Validate needs. Marking must not go on without the sandbox: this stops it.
    c.Autograde.exporter_class = "autograder.marking.by_nbgrader.HandInExporter"
else:
    c.merge(marking())
