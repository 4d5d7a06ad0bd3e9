"""The command `gradlab`: one module for each kind of person who uses it."""

from importlib.util import find_spec

from autograder.cli import appeals, author, deadlines, exchange, instructor, learner  # noqa: F401  (each adds its commands)
from autograder.cli.shared import app

__all__ = ["app"]

if find_spec("autograder.desk") is None:  # a learner's edition shows what it has
    for command in app.registered_commands:
        command.hidden = command.callback is not None and command.callback.__module__ != learner.__name__
    for group in app.registered_groups:
        group.hidden = True
