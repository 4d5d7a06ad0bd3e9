"""What lesson 3 asks its reader to predict."""

from gradlab.predictions import Choice, Number, Numbers

slopes_that_support = Numbers("how many slopes support f", {"at x = −1": 0, "at x = 0": 1})
seven_steps = Numbers("where each is after seven steps", {"x − ηs": -0.125, "soft-thresholding": 0})
two_limits = Numbers("the limits of the slope at −1", {"from the left": 1, "from the right": -1})
spellings_outside = Numbers(
    "how many spellings report a slope outside of the set", {"of four of Figure 1": 1, "of three of the identity": 2}
)
crosses_outside = Number("for how many of the six spellings the cross leaves the hull", truth=3)
root_passes = Choice("whether the root passes the test that is printed", ("yes", "no"), truth="yes")
wrong_of_a_million = Numbers("how many of the million slopes are wrong", {"random": 0, "rounded to eighths": 50_137})
three_degrees = Numbers("the degrees", {"‖x‖": 1, "x₀²x₁": 3, "Σ relu(xᵢ)": 1})
layers_scaled = Numbers(
    "the value of f", {"W₁ tripled": -12, "W₁ times −2": 12, "both layers doubled": -16, "the input doubled": -8}
)
layer_that_keeps = Choice("the layer whose inner product still equals f", ("1", "2", "both", "neither"), truth="2")
column_that_changes = Choice("the column that changes", ("row", "inner product"), truth="row")
euler_at_the_tie = Number("the inner product of s and x", truth=2)
side_of_c = Choice("where c ends", ("above", "below"), truth="below")
order_of_drift = Numbers("the slope of the drift against η", {"linear": 4, "ReLU": 1, "tanh": 0})
