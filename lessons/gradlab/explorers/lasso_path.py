"""Explorers of lesson 5, one module each."""

from gradlab.explorers.course_map import COURSE_MAP_ALT, course_map
from gradlab.explorers.descent import descent
from gradlab.explorers.hyperbola import hyperbola
from gradlab.explorers.path import path
from gradlab.explorers.smoothed_kink import smoothed_kink

__all__ = ["COURSE_MAP_ALT", "course_map", "descent", "hyperbola", "path", "smoothed_kink"]
