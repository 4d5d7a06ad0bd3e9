"""The instructor's desk: a course folder in nbgrader's layout, marking, feedback, export, reports."""
