"""Lesson 3: its exercises are in `gradlab.lessons.clarke_homogeneity.exercises`."""

CHECKS = {}
