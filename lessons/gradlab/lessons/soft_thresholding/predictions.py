"""What lesson 1 asks its reader to predict."""

from gradlab.predictions import Choice, Number, Numbers

slope_with_sign = Numbers("the slope that autograd reports", {"x = 2": 1, "x = 0": 1})
jump = Number("the change of y", truth=1)
soft_spike = Choice(
    "what happens to height, width and area of the spike",
    ("all grow", "taller, thinner, larger area", "taller, thinner, same area"),
    truth="taller, thinner, same area",
)
largest_error = Number("the x of the largest error", truth=0, axis=(-3, 3))
three_limits = Numbers("the limits for λ → 0", {"S at ½": 1, "S at 0": 0, "slope of S at 0": float("inf")})
two_integrals = Numbers("the two integrals", {"of the soft slope": 3, "of autograd's slope": 2})
nan_among_six = Number("how many of the six spellings say nan at 0", truth=2)
loss_slopes = Numbers("the slope of the loss at x = −½", {"hard": 0, "soft, λ = 0.01": -0.2988, "straight through": -4})
digits_in_common = Number("the digits that the two have in common", truth=0, axis=(0, 16))
cases_that_apply = Choice("which cases apply", ("0", "y - T", "y + T"), truth=("0", "y + T"))
errors_of_four = Number("how many of the four branches end in an error", truth=2)
nine_at_the_kink = Choice("whether the nine agree at the kink", ("yes", "no"), truth="no")
right_of_nine = Number("how many of the nine say 1", truth=1)
eight_steps = Numbers("where each walk is after eight steps", {"explicit": -0.2, "implicit": 0})
