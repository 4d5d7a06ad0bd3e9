"""Lesson 4: the derivative of an argmin, and of the solver that found it."""

FOLDER = "04-implicit-argmin"
