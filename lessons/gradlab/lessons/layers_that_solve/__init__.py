"""Lesson 6: layers that solve equations, and what it costs to differentiate them."""

FOLDER = "06-layers-that-solve"
