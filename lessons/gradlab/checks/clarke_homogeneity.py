"""Lesson 3: Clarke sets, a program that lies, homogeneity, and the balance of norms; one module for each idea."""

from gradlab.checks.clarke_sets import check_clarke, check_subdifferential
from gradlab.checks.homogeneity import check_degree
from gradlab.checks.impostor import check_impostor
from gradlab.checks.layer_inner_products import check_layer_inner_products
from gradlab.checks.norm_balance import check_balance_drift
from gradlab.checks.relu_layers import check_layer_gradient

CHECKS = {
    "subdifferential": check_subdifferential,
    "clarke": check_clarke,
    "impostor": check_impostor,
    "degree": check_degree,
    "layer_inner_products": check_layer_inner_products,
    "layer_gradient": check_layer_gradient,
    "balance_drift": check_balance_drift,
}
