"""What lesson 5 asks its reader to predict."""

from gradlab.predictions import Choice, Number, Numbers

kink_of_the_value = Choice("whether the value has a kink at y = T", ("yes", "no"), truth="no")
entries_not_undone = Number("for how many of the four entries it fails", truth=0)
steps_until_rest = Numbers("the steps until each stops", {"explicit": float("inf"), "implicit": 3})
smoothed_slope_at_kink = Number("the limit of the smoothed slope at y = T", truth=1 / 3)
rate_of_ista = Numbers("the rate, and the limit of a slope", {"rate": 0.7865, "slope with respect to the start": 0})
where_momentum_pays = Choice("where momentum pays", ("50", "5000", "both", "neither"), truth="5000")
jumps_of_the_slopes = Number("at how many λ the slopes jump", truth=4)
slopes_at_twelve = Number("how many different slopes autograd reports", truth=3)
same_valley = Choice("whether both end at the same λ", ("yes", "no"), truth="no")
problems_of_ten_steps = Number("the number of Lasso problems", truth=55)
problems_with_ten = Numbers("the number of Lasso problems", {"the grid": 5e20, "one step": 5})
product_with_decay = Number("the limit of uv", truth=1.86)
