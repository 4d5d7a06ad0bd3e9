"""Lesson 5: its exercises are in `gradlab.lessons.lasso_path.exercises`."""

EXAMS = {}
