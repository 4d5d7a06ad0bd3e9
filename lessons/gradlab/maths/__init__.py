"""The mathematics of the course: what the lessons derive, then import."""
