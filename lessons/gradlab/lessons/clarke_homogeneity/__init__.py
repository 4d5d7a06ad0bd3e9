"""Lesson 3: Clarke sets of functions, and what homogeneity conserves."""

FOLDER = "03-clarke-homogeneity"
