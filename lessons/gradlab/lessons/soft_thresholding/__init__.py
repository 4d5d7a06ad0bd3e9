"""Lesson 1: a kink, a jump, and nine spellings of one function."""

FOLDER = "01-soft-thresholding"
