"""A learner's work: copies of the lessons in a folder of their own, and newer lessons brought into them."""
