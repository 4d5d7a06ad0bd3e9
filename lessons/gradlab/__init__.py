"""gradlab: the helper package behind every lesson.

Lessons import what they need from its modules (`gradlab.checks`, `gradlab.lessons`, `gradlab.explore.figures`,
`gradlab.maths.prox`, …); nothing heavy is imported here, so `import gradlab` costs no more than torch itself.
"""

__version__ = "0.1.0"
