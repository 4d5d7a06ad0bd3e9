"""What lesson 2 asks its reader to predict."""

from gradlab.predictions import Choice, Number, Numbers

zeros_by_threshold = Numbers("how many entries are zero", {"of f_T(Mx)": 1, "of g": 0})
numbers_of_its_own = Choice("whether the Parameter has numbers of its own", ("yes", "no"), truth="no")
telling_column = Choice("the column that shows the difference", ("error", "residual"), truth="residual")
slower_pass = Choice("the slower pass of the wasteful module", ("forward", "backward"), truth="backward")
bytes_in_segments = Number("what 30 segments keep", truth=1400, units=("B", "bytes"))
entries_that_agree = Number("in how many of the five entries the two agree", truth=0)
fits_the_published = Choice(
    "the gradient that fits the published module", ("published", "efficient"), truth="efficient"
)
star_in_place_of_matmul = Choice("what the last line makes", ("number", "vector", "matrix"), truth="matrix")
unsuspicious_row = Number("the row in which nobody would notice", truth=0)
modules_that_say_none = Number("how many of the three modules report None", truth=2)
equal_noise = Choice("whether the noise of the two is equal", ("yes", "no"), truth="no")
order_matters = Choice("whether the order matters to the error", ("yes", "no"), truth="yes")
error_by_condition = Choice("the factor by which the error grows", ("1", "10", "100", "10000"), truth="100")
where_order_costs = Choice(
    "where the times differ by more than a factor of three", ("5", "400", "both", "neither"), "400"
)
trace_of_projector = Number("the trace of J", truth=4)
euler_passed = Choice(
    "the identities that the published module passes", ("first", "second", "both", "neither"), "neither"
)
