"""From an author's percent script to a learner's notebook."""
