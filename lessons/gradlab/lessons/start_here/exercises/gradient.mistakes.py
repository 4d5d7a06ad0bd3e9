# %% mistake: summed
# This is the sum of the gradient's entries. The gradient has one entry for each entry of x.
def gradient(f, x):
    return forward_mode(f, x).sum()

# %% mistake: value-not-gradient
# This is f(x) itself, not its gradient.
def gradient(f, x):
    return f(x)

# %% mistake: accumulated
# This is the gradient plus what was in x.grad before: backward adds to .grad, it does not set it.
# look: “See what backward leaves behind”
def gradient(f, x):
    return forward_mode(f, x) + (0 if x.grad is None else x.grad)

# %% mistake: sign
# This is minus the gradient.
def gradient(f, x):
    return -forward_mode(f, x)
