"""Lesson 5: where the four sources meet."""

FOLDER = "05-lasso-path"
