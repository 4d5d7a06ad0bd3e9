"""`python -m autograder.cli` is `gradlab`."""

from autograder.cli import app

app()
