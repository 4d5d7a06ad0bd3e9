"""How work is built, marked and reported: the command `gradlab` and nbgrader's extension points stand on this package."""
