"""nbgrader's extension points: how a hand-in is read, restored, executed, examined and scored. One path for everybody."""
