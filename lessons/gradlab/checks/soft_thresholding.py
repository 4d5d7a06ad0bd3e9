"""Lesson 1: the checks of all its exercises."""

from gradlab.checks.noisy_sign import check_missing_jump, check_noisy_sign_jacobian
from gradlab.checks.soft_sign import check_lam_for_error, check_soft_abs, check_soft_sign
from gradlab.checks.soft_sign_slope import check_soft_sign_slope
from gradlab.checks.soft_threshold import check_soft_threshold
from gradlab.checks.soft_threshold_slope import check_soft_threshold_slope

CHECKS = {
    "soft_abs": check_soft_abs,
    "soft_sign": check_soft_sign,
    "soft_sign_slope": check_soft_sign_slope,
    "noisy_sign_jacobian": check_noisy_sign_jacobian,
    "lam_for_error": check_lam_for_error,
    "soft_threshold": check_soft_threshold,
    "soft_threshold_slope": check_soft_threshold_slope,
    "missing_jump": check_missing_jump,
}
