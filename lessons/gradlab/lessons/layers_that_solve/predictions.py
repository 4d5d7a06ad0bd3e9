"""What lesson 6 asks its reader to predict."""

from gradlab.predictions import Choice, Number, Numbers

transpose_forgotten = Choice("whether the two solves give the same", ("yes", "no"), truth="no")
weight_of_the_fold = Number("the w above which the curve folds", truth=1)
steps_for_a_digit = Number("the steps that a digit costs", truth=22)
left_in_the_graph = Choice("what the layer leaves in the graph", ("search", "solve", "nothing"), truth="nothing")
equilibrium_reads = Choice(
    "how many the equilibrium reads, beside the plain layer", ("more", "fewer", "as many"), truth="as many"
)
bytes_that_grow = Choice("the bytes that grow", ("unrolled", "settled", "both", "neither"), truth="unrolled")
faster_of_the_two = Choice("the error that falls faster", ("walk", "sums", "neither"), truth="neither")
one_term_and_two = Numbers("the derivative of the loss", {"one term": 1, "two terms": -0.8, "true": -0.8})
entries_far_outside = Choice(
    "how many entries are positive", ("always one", "one or two", "always two"), truth="one or two"
)
trace_on_the_simplex = Numbers("two numbers of J", {"largest entry of J² − J": 0, "trace of J": 2})
jacobian_at_the_corner = Numbers("the first entry of the Jacobian", {"above": 0.5, "there": 0, "below": 0})
sum_along_the_constraint = Number("the sum over the entries of x", truth=0)
slope_of_moreau = Numbers("the slope of the envelope", {"at y = ½": 0.5, "at y = 2": 1})
failures_told = Number("how many of the four say so", truth=3)
