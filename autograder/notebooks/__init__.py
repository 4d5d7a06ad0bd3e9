"""What every room knows of notebooks: where lessons lie, what nbgrader calls their cells, how they are written to disk."""
