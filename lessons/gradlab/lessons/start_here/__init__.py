"""Lesson 0: what a graph is, and what None, zero and a missing graph mean."""

FOLDER = "00-start-here"
