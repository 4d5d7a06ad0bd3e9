# %% mistake: centred-everywhere
# This is I − 11ᵀ/d, the projector onto Σx = 0. The bound x ≥ 0 is missing: entries that the projection sets to 0 stay
# there, and their rows and columns are 0.
simplex_jacobian = lambda y: centred(torch.ones_like(y.detach()))

# %% mistake: not-centred
# This is diag(s), s the active set. The sum has to stay 1: where one entry rises, so does the threshold, and all fall.
simplex_jacobian = lambda y: torch.diag(active_set(y))

# %% mistake: wrong-count
# You divided s sᵀ by d. The threshold is a mean over the *active* entries: divide by their number.
simplex_jacobian = lambda y: torch.diag(active_set(y)) - torch.outer(active_set(y), active_set(y)) / len(y)

# %% mistake: inactive-kept
# This is I − s sᵀ/n: entries off the active set still move with y. The projection keeps them at 0.
simplex_jacobian = lambda y: torch.eye(len(y), dtype=y.dtype) - torch.outer(active_set(y), active_set(y)) / active_set(y).sum()

# %% mistake: softmax
# This is the Jacobian of softmax, diag(p) − p pᵀ. The *nearest* point of the simplex is another, with zeros in it.
def simplex_jacobian(y):
    p = torch.softmax(y.detach(), 0)
    return torch.diag(p) - torch.outer(p, p)

# %% mistake: values-for-signs
# This is diag(x) − x xᵀ with the projection x itself. Of x only the places matter where it is positive.
def simplex_jacobian(y):
    x = torch.relu(y.detach() - threshold(y.detach()))
    return torch.diag(x) - torch.outer(x, x)

# %% mistake: threshold-zero
# The active set was read off y > 0. It is y > τ: adding a number to all entries of y must change nothing.
simplex_jacobian = lambda y: centred((y.detach() > 0).to(y.dtype)).nan_to_num()

# %% mistake: one-sweep
# The threshold was computed once, with all entries active. Drop the entries below it, compute it anew from those that are
# left, and go on until none is dropped.
simplex_jacobian = lambda y: centred((y.detach() > (y.detach().sum() - 1) / len(y)).to(y.dtype))

# %% mistake: fixed-count
# The same number of entries is active whatever y is. How many stand above the threshold depends on y.
simplex_jacobian = lambda y: centred((y.detach() >= y.detach().topk(min(2, len(y))).values[-1]).to(y.dtype))
simplex_jacobian = lambda y: centred((y.detach() == y.detach().max()).to(y.dtype))

# %% mistake: sorted-order
# These rows and columns stand in the order of the sorted y. Put them back to the places of the entries of y.
simplex_jacobian = lambda y: centred(active_set(y).sort(descending=True).values)

# %% mistake: mean-added
# This is diag(s) + s sᵀ/n. Where one active entry rises, the others fall: subtract the mean.
simplex_jacobian = lambda y: 2 * torch.diag(active_set(y)) - centred(active_set(y))

# %% mistake: sign
# This is minus the right answer: where y rises, its projection follows.
simplex_jacobian = lambda y: -by_the_active_set(y)

# %% mistake: projection
# This is the projection itself, or its active set. The task asks for its Jacobian, a (d, d) matrix.
simplex_jacobian = lambda y: torch.relu(y.detach() - threshold(y.detach()))
simplex_jacobian = lambda y: active_set(y)

# %% mistake: normalised
# This is the Jacobian of y scaled: max(y, 0) over its sum, or y over its length. The nearest point is another one.
def simplex_jacobian(y):
    return torch.autograd.functional.jacobian(lambda y: torch.relu(y) / torch.relu(y).sum(), y.detach()).nan_to_num()
simplex_jacobian = lambda y: torch.autograd.functional.jacobian(lambda y: y / y.norm(), y.detach())
