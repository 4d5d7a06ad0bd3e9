"""Lesson 1: its exercises are in `gradlab.lessons.soft_thresholding.exercises`."""

CHECKS = {}
