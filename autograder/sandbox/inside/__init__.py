"""What runs within the sandbox before a hand-in does; knows nothing of the rest of autograder.

The grader binds this folder alone into the zygote, where it is the top-level package ``inside``.
"""
