"""The course folder in nbgrader's own layout, its files, its lessons and their due dates."""
