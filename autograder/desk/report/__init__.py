"""What a class has learned: a page for a lesson, a page for the course."""
