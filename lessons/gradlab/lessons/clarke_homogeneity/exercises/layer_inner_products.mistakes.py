# %% mistake: last-layer-missing
# One entry is missing: the last matrix, the 1×m one, is a layer too.
layer_inner_products = lambda weights, x, biases=None: reference(weights, x, biases)[:-1]

# %% mistake: theorem-assumed
# This is f for every layer: the theorem, not the inner products. With biases the theorem fails, and you were asked to
# measure.
layer_inner_products = lambda weights, x, biases=None: [float(network(weights, x, biases))] * len(weights)

# %% mistake: biases-ignored
# This is the network without its biases.
layer_inner_products = lambda weights, x, biases=None: reference(weights, x)

# %% mistake: last-bias-moved
# The last layer's entry is f. Its bias is no part of W_{H+1}: ⟨W, ∂f/∂W⟩ is f without it.
def layer_inner_products(weights, x, biases=None):
    return [*reference(weights, x, biases)[:-1], float(network(weights, x, biases))]

# %% mistake: bias-counted
# This is ⟨W_h, ∂f/∂W_h⟩ + ⟨b_h, ∂f/∂b_h⟩. You were asked for the weights alone.
def layer_inner_products(weights, x, biases=None):
    if biases is None:
        return reference(weights, x)
    leaves = [bias.detach().requires_grad_() for bias in biases]
    slopes = torch.autograd.grad(network(weights, x, leaves), leaves)
    return [f + float(b @ g) for f, b, g in zip(reference(weights, x, biases), biases, slopes)]

# %% mistake: relu-on-output
# The last layer has no ReLU: f may be negative.
def layer_inner_products(weights, x, biases=None):
    return reference(weights, x, biases) if network(weights, x, biases) > 0 else [0.0] * len(weights)

# %% mistake: no-relu
# This is the network without its ReLUs.
def layer_inner_products(weights, x, biases=None):
    leaves = [weight.detach().requires_grad_() for weight in weights]
    slopes = torch.autograd.grad(network(leaves, x, biases, lambda z: z), leaves)
    return [float((w * g).sum()) for w, g in zip(weights, slopes)]

# %% mistake: accumulated
# Each entry is the sum of those before it: a .grad was added to and not cleared. torch.autograd.grad does not add up.
layer_inner_products = lambda weights, x, biases=None: torch.tensor(reference(weights, x, biases)).cumsum(0).tolist()

# %% mistake: sum-of-gradient
# This is the sum of the entries of ∂f/∂W_h. The inner product weighs each entry by the weight itself.
layer_inner_products = in_each_layer(lambda w, g: g.sum())

# %% mistake: squared-norm
# This is ‖W_h‖², the inner product of the weights with themselves.
layer_inner_products = in_each_layer(lambda w, g: (w * w).sum())

# %% mistake: sign-lost
# The sign is lost. The inner product has one: without biases it is that of f.
layer_inner_products = lambda weights, x, biases=None: [abs(each) for each in reference(weights, x, biases)]

# %% mistake: graph-cut-between-layers
# Only the last layer has a gradient: between the layers the graph was cut, by detach, .data or a new tensor.
layer_inner_products = lambda w, x, b=None: [0.0] * (len(w) - 1) + reference(w, x, b)[-1:]

# %% mistake: untracked
# The weights do not require gradients. Run the network with copies that do: W.detach().clone().requires_grad_(True).
layer_inner_products = lambda w, x, b=None: torch.autograd.grad(network(w, x, b), w)
