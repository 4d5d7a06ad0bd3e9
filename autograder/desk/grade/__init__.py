"""Hand-ins of a lesson are marked: many at once, none twice."""
