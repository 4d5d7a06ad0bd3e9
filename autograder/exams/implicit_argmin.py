"""The exercises of lesson 4 are in `gradlab.lessons.implicit_argmin.exercises`."""

EXAMS: dict = {}
