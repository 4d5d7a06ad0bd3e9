"""Functions that checks and exams hand to an answer, by name: one module a lesson, one builder a function.

A builder takes plain data (numbers, tensors, tuples) and returns the function; what the function closes over it may
list in its attribute `leaves` (name → tensor), so that a probe sees whether the answer touched it.
"""
