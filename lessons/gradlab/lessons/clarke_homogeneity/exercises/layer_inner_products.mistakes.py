# %% mistake: last-layer-missing
# One entry is missing: the last matrix, the 1×m one, is a layer too.
layer_inner_products = lambda weights, x: reference(weights, x)[:-1]

# %% mistake: activation-not-slope
# This has σ(z) where σ′(z) belongs, as the lecture prints it. On an active unit σ′ is 1, and not z.
# look: “Write the gradient as a product of matrices”
def layer_inner_products(weights, x):
    layer, value = x, x
    for weight in weights[:-1]:
        layer = torch.relu(weight @ layer)
        value = layer * (weight @ value)
    return [(weights[-1] @ value).item()] * len(weights)

# %% mistake: relu-on-output
# The last layer has no ReLU: f may be negative.
layer_inner_products = lambda weights, x: [max(0.0, f) for f in reference(weights, x)]

# %% mistake: no-relu
# This is the network without its ReLUs.
layer_inner_products = lambda weights, x: [float(network(weights, x, lambda z: z))] * len(weights)

# %% mistake: accumulated
# The entries are f, 2f, 3f, …: a .grad was added to and not cleared. torch.autograd.grad does not add up.
layer_inner_products = lambda weights, x: [k * f for k, f in enumerate(reference(weights, x), 1)]

# %% mistake: accumulated -- from the last layer on
layer_inner_products = lambda weights, x: [k * f for k, f in enumerate(reference(weights, x), 1)][::-1]

# %% mistake: sum-of-gradient
# This is the sum of the entries of ∂f/∂W_h. The inner product weighs each entry by the weight itself.
layer_inner_products = in_each_layer(lambda w, g: g.sum())

# %% mistake: squared-norm
# This is ‖W_h‖², the inner product of the weights with themselves.
layer_inner_products = in_each_layer(lambda w, g: (w * w).sum())

# %% mistake: matrix-product
# This adds up the entries of the matrix product WᵀG. The inner product is entry by entry: (W * G).sum().
layer_inner_products = in_each_layer(lambda w, g: (w.T @ g).sum())

# %% mistake: mean-not-sum
# This is the mean of the products of entries. ⟨W, G⟩ is their sum.
layer_inner_products = in_each_layer(lambda w, g: (w * g).mean())

# %% mistake: product-of-norms
# This is ‖W_h‖·‖∂f/∂W_h‖, which ⟨W, G⟩ cannot exceed, and which it is not: multiply entry by entry, then add.
layer_inner_products = in_each_layer(lambda w, g: w.norm() * g.norm())

# %% mistake: squared-gradient
# This is ‖∂f/∂W_h‖², the inner product of the gradient with itself.
layer_inner_products = in_each_layer(lambda w, g: (g * g).sum())

# %% mistake: all-layers-at-once
# This is f times the number of layers: the inner products of all layers together. Give each layer its own.
layer_inner_products = lambda weights, x: [len(weights) * f for f in reference(weights, x)]

# %% mistake: of-the-loss
# This is f² or twice that: something like f² was differentiated. Differentiate f itself.
layer_inner_products = lambda weights, x: [f**2 for f in reference(weights, x)]

# %% mistake: of-the-loss -- without a half
layer_inner_products = lambda weights, x: [2 * f**2 for f in reference(weights, x)]

# %% mistake: sign-lost
# This is |f|. The inner product has a sign, that of f.
layer_inner_products = lambda weights, x: [abs(f) for f in reference(weights, x)]

# %% mistake: graph-cut-between-layers
# Only the last layer has a gradient: between the layers the graph was cut, by detach, .data or a new tensor.
layer_inner_products = lambda weights, x: [0.0] * (len(weights) - 1) + reference(weights, x)[-1:]

# %% mistake: untracked
# The weights do not require gradients. Run the network with copies that do: W.detach().clone().requires_grad_(True).
layer_inner_products = lambda weights, x: torch.autograd.grad(network(weights, x), weights)
