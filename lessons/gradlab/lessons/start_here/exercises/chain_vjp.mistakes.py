# %% mistake: forwards
# This pushes v forwards, J_k ⋯ J_1 v: a Jacobian-vector product. v J_k ⋯ J_1 begins at the end of the list, with a row.
def chain_vjp(jacobians, v): return walk(lambda u, J: J @ u, jacobians, v, jacobians)

# %% mistake: not-transposed
# The list is walked from its end, as it should be, but by J @ v. A row comes from the left: v @ J, which is J.T @ v.
def chain_vjp(jacobians, v): return walk(lambda u, J: J @ u, jacobians, v, jacobians[::-1])

# %% mistake: order
# This is v J_1 ⋯ J_k: the first map comes first. Backwards the last map comes first: v meets J_k.
def chain_vjp(jacobians, v): return walk(lambda u, J: u @ J, jacobians, v, jacobians)

# %% mistake: one-left-out
# A Jacobian is missing, the first or the last of the list.
def chain_vjp(jacobians, v): return walk(lambda u, J: u @ J, jacobians, v, jacobians[:0:-1])
def chain_vjp(jacobians, v): return walk(lambda u, J: u @ J, jacobians, v, jacobians[:-1][::-1])
def chain_vjp(jacobians, v): return walk(lambda u, J: u @ J, jacobians, v, jacobians[-1:])

# %% mistake: v-left-out
# This is the product of all Jacobians, a matrix; v is not in it.
def chain_vjp(jacobians, v):
    eye = torch.eye(as_a_row(jacobians, v).shape[0], dtype=v.dtype)
    return reduce(lambda product, J: J @ product, jacobians, eye)

# %% mistake: summed
# This is one number: the entries were added up. A row times matrices is a row.
def chain_vjp(jacobians, v): return as_a_row(jacobians, v).sum()

# %% mistake: row-with-two-axes
# This is a matrix of one row, or one column. v has one axis, and so has the answer.
def chain_vjp(jacobians, v): return as_a_row(jacobians, v)[None]
def chain_vjp(jacobians, v): return as_a_row(jacobians, v)[:, None]
