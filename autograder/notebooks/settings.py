"""nbgrader's settings that release and marking share."""

from traitlets.config import Config

STUB = 'raise NotImplementedError("replace this line by your answer")'
TEXT_STUB = "*Write your answer here, in place of this line.*"


def shared_settings() -> Config:
    """Which files of an assignment are left out, what the course is called, and how answers are taken out."""
    c = Config()
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", "*.py", "*.ipynb.bak"]
    c.CourseDirectory.course_id = (
        "default_course"  # nbgrader's own default, "", is refused by PostgreSQL's foreign keys
    )
    c.ClearSolutions.code_stub = {"python": STUB}
    c.ClearSolutions.text_stub = TEXT_STUB
    return c
