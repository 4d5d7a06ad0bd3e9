"""The command `gradlab`: one module for each kind of person who uses it."""

from autograder.cli import appeals, author, deadlines, exchange, instructor, learner, progress  # noqa: F401  (each adds its commands)
from autograder.cli.shared import app

__all__ = ["app"]
