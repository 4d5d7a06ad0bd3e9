"""Lesson 3."""

from gradlab.checks.clarke_sets import check_clarke, check_subdifferential
from gradlab.checks.impostor import check_impostor

CHECKS = {"subdifferential": check_subdifferential, "clarke": check_clarke, "impostor": check_impostor}
