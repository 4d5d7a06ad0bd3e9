"""The command `gradlab`: one module for each kind of person who uses it."""

from importlib.util import find_spec

from autograder.cli import appeals, author, deadlines, exchange, instructor, learner, progress  # noqa: F401  (each adds its commands)
from autograder.cli.shared import app

__all__ = ["app"]

LEARNERS = (learner.__name__, progress.__name__)

if find_spec("autograder.desk") is None:  # a learner's edition shows what it has
    for command in app.registered_commands:
        command.hidden = command.callback is not None and command.callback.__module__ not in LEARNERS
    for group in app.registered_groups:
        group.hidden = True
