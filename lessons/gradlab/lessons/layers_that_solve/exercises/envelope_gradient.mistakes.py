from gradlab.lessons.implicit_argmin.exercises._derivatives import derivatives, formula

# %% mistake: place
# This is dx*/dθ, how the *place* of the minimum moves: lesson 4. The question is how its *value* changes, and that needs
# no solve.
envelope_gradient = formula(lambda at: at.jacobian)
envelope_gradient = formula(lambda at: at.jacobian.sum(0))

# %% mistake: in-x
# This is f_x, which is zero at a minimum. Differentiate in θ, with x held fixed.
envelope_gradient = lambda f, x, theta: derivatives(f, x, theta).gradient

# %% mistake: sign
# This is minus the right answer: the value changes by f_θ, with its own sign.
envelope_gradient = formula(lambda at: -at.value_slope)

# %% mistake: mixed
# This is f_xθ, the push of lesson 4. The value needs one derivative in θ and none in x.
envelope_gradient = formula(lambda at: at.mixed)
envelope_gradient = formula(lambda at: at.mixed.sum(0))

# %% mistake: zero
# This is zero. At a minimum f_x vanishes, and with it the part that goes through x; f_θ does not.
envelope_gradient = lambda f, x, theta: torch.zeros_like(theta)

# %% mistake: value
# This is the value f(x, θ). The task asks for its gradient in θ.
envelope_gradient = lambda f, x, theta: f(x, theta).detach()

# %% mistake: place-added
# You added the part through x, dx*/dθ, which counts for nothing: it is multiplied by f_x = 0.
envelope_gradient = formula(lambda at: at.value_slope + at.jacobian.sum(0))
envelope_gradient = formula(lambda at: at.value_slope + at.gradient.sum())
