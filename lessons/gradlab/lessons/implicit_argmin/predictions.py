"""What lesson 4 asks its reader to predict."""

from gradlab.predictions import Choice, Number, Numbers

minimisations_of_nine = Number("the number of minimisations", truth=18)
ten_times_smaller = Numbers("how many times smaller the error gets", {"forward": 10, "central": 100})
distance_left = Number("the distance to the minimum at step 20", truth=1.1)
newton_step_outside = Choice("what the Newton step does further out", ("shrink", "stay", "grow"), truth="stay")
u_without_minimum = Choice("what becomes of the U", ("U", "flat", "falls", "rises"), truth="falls")
rank_of_hessian = Number("the rank of the Hessian", truth=2)
gap_at_twice_delta = Number("the factor by which the gap grows", truth=4)
curves_meet_the_line = Choice("whether the two curves reach the dotted line", ("yes", "no"), truth="no")
rows_convicted = Number("how many of the four rows are convicted", truth=3)
stable_for = Choice("what the differences measure", ("minimum", "search", "rounding"), truth="search")
digits_as_expected = Number("the digits that the two have in common", truth=3, axis=(0, 16))
solves_of_54 = Numbers("what 54 parameters need", {"minimisations": 108, "linear solves": 1})
torchopt_complains = Choice(
    "what TorchOpt's default complains about", ("chain", "network", "both", "neither"), truth="neither"
)
way_of_the_bias = Choice("what the first step is towards", ("more", "less"), truth="more")
