# %% mistake: always-true
# It says True of every module, also of intact ones. If you compare with finite differences, allow for their error: with
# a step of 1e-6 some eight digits are good, not all sixteen.
def is_graph_cut(module, x, A): return True

# %% mistake: always-false
# It says False of every module, also of the published one. φ = ‖x − g‖² always has a gradient with respect to x, at
# least 2(x − g), and an output may require a gradient because of M alone: ask for the gradient of g with respect to x,
# and compare it with finite differences.
def is_graph_cut(module, x, A): return False

# %% mistake: inverted
# This is right every time, with True and False exchanged: True means that the graph is cut.
def is_graph_cut(module, x, A): return not contradicts(module, x, A)

# %% mistake: looked-at-A
# This looks at the gradient with respect to A, which an honest module may lack. Look at the one with respect to x.
def is_graph_cut(module, x, A):
    A = A.detach().clone().requires_grad_(True)
    g = module(x, A)
    return not g.requires_grad or torch.autograd.grad(g.sum(), A, allow_unused=True)[0] is None

# %% mistake: looked-at-M
# This looks at whether the output requires a gradient, or at the gradient with respect to M. M⁻¹ comes after the cut,
# so both are there in the published module. Look at the gradient with respect to x.
def is_graph_cut(module, x, A): return not module(x.detach().clone().requires_grad_(True), A).requires_grad
def is_graph_cut(module, x, A):
    g = module(x, A)
    return not g.requires_grad or torch.autograd.grad(g.sum(), module.M, allow_unused=True)[0] is None

# %% mistake: outputs-summed
# The sum of the outputs is compared, and the gradients of two outputs may be exchanged without changing their sum.
# Weigh the outputs unequally, or compare the gradient of each.
def is_graph_cut(module, x, A): return differ(*reported_and_measured(module, x, A, lambda g: g.sum()))

# %% mistake: gradient-summed
# One number made of the gradient is compared, its sum or its norm. The entries may be exchanged without changing it:
# compare them one by one.
def is_graph_cut(module, x, A): return differ(*(s.sum() for s in reported_and_measured(module, x, A, unequally)))

# %% mistake: one-output
# Only one entry of the output is looked at, and another is cut. Differentiate them all.
def is_graph_cut(module, x, A): return differ(*reported_and_measured(module, x, A, lambda g: g[0]))

# %% mistake: one-input
# Only one entry of the gradient is compared, and another is false. Compare them all.
def is_graph_cut(module, x, A): return differ(*(s[0] for s in reported_and_measured(module, x, A, unequally)))
