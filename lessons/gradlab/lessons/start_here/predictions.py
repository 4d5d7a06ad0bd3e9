"""What lesson 0 asks its reader to predict."""

import math

from gradlab.predictions import Choice, Numbers

flat_points = Numbers("where the tangent is flat", {"the left point": -1, "the right point": 1})
container = Choice("the container of the gradient", ("tensor", "list", "tuple"), truth="tuple")
second_backward = Numbers("the entries of x.grad after a second run", {"first": 4, "second": 8, "third": 12})
unused_input = Choice("what autograd says", ("0", "None", "error"), truth="None")
adjoints_at_2 = Numbers(
    "the adjoint of a, and the two numbers that come back to x = 2",
    {"adjoint of a": math.sin(2), "by way of a": 4 * math.sin(2), "by way of b": 4 * math.cos(2)},
)
chain_cost = Numbers(
    "the number of multiplications",
    {"backwards": 110_100, "forwards": 110_100_000, "multiplied out": 10_100_000},
)
