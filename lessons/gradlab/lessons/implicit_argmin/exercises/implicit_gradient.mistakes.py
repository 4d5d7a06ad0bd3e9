# %% mistake: sign
# This is minus the right answer. Where the push f_xθ·δθ points up, the bottom of the bowl moves down.
implicit_gradient = formula(lambda at: -at.jacobian[0])

# %% mistake: push-only
# This is the push f_xθ alone. How far it moves the minimum depends on the resistance: H is missing.
implicit_gradient = formula(lambda at: -at.mixed[0])
implicit_gradient = formula(lambda at: at.mixed[0])

# %% mistake: reciprocal
# This is the reciprocal: resistance over push. A stiffer bowl moves less, so f_xx belongs below.
implicit_gradient = formula(lambda at: -at.hessian[0, 0] / at.mixed[0])

# %% mistake: multiplied
# This is push times resistance. Halve the curvature, and the minimum must move twice as far: divide.
implicit_gradient = formula(lambda at: -at.hessian[0, 0] * at.mixed[0])
implicit_gradient = formula(lambda at: at.hessian[0, 0] * at.mixed[0])

# %% mistake: value-slope
# This is f_θ, how the *value* of f changes with θ. The question is how the *place* of the minimum moves.
implicit_gradient = formula(lambda at: at.value_slope)

# %% mistake: value-slope-divided
# This divides f_θ by f_xx. The push is f_xθ: differentiate f_x with respect to θ, not f.
implicit_gradient = formula(lambda at: -at.value_slope / at.hessian[0, 0])

# %% mistake: extra-axis
# The numbers are right, but the shape has the axis of x in it. The result is shaped like theta.
implicit_gradient = formula(lambda at: at.jacobian)
implicit_gradient = formula(lambda at: at.jacobian.flatten())
