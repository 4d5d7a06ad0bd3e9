# %% mistake: activation-not-slope
# This has A_h = diag(σ(z_h)), as the lecture prints it. A_h holds the slopes σ′(z_h), 1 on an active unit and else 0.
layer_gradient = lambda weights, x, h: product(weights, slopes(weights, x, torch.relu), x, h)

# %% mistake: counts-from-zero
# This is the gradient in the next layer: h counts from 1 in the task, and Python's lists from 0.
layer_gradient = lambda weights, x, h: reference(weights, x, h + 1)

# %% mistake: transposed
# This is the transpose of ∂f/∂W_h. The gradient has the shape of W_h: the column from above times the row from below.
layer_gradient = lambda weights, x, h: reference(weights, x, h).T

# %% mistake: own-slope-missing
# A_h is missing: the chain passes the ReLU of layer h itself before it reaches W_h.
def layer_gradient(weights, x, h):
    diagonals = slopes(weights, x)
    diagonals[h - 1 : h] = [1.0]
    return product(weights, diagonals, x, h)

# %% mistake: no-slopes-below
# The input of layer h went through no ReLUs here: it is A_{h−1}W_{h−1} … A_1W_1x.
layer_gradient = lambda weights, x, h: product(weights, [1.0] * (h - 1) + slopes(weights, x)[h - 1 :], x, h)
def layer_gradient(weights, x, h):
    linear = [step(z) for z in hidden_inputs(weights, x, lambda z: z)]
    return product(weights, [1.0] * (h - 1) + linear[h - 1 :], x, h)

# %% mistake: downhill
# This is −∂f/∂W_h, the direction of steepest descent. Leave out the minus.
layer_gradient = lambda weights, x, h: -reference(weights, x, h)

# %% mistake: sign-not-slope
# A_h holds sign(z_h) here, which is −1 on a unit that is off. σ′ is 0 there.
def layer_gradient(weights, x, h):
    return product(weights, slopes(weights, x)[: h - 1] + slopes(weights, x, torch.sign)[h - 1 :], x, h)

# %% mistake: no-relu
# This is the gradient of the network without its ReLUs.
layer_gradient = lambda weights, x, h: layer_gradients(weights, x, lambda z: z)[h - 1]

# %% mistake: relu-on-output
# The last layer has no ReLU: f may be negative, and its gradient is not 0 there.
layer_gradient = lambda weights, x, h: reference([*weights, torch.ones(1, 1, dtype=x.dtype)], x, h)
