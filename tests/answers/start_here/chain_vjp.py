# %% right: row times matrix, from the end
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        if J.dim() != 2 or v.dim() != 1 or J.shape[0] != v.shape[0]:
            raise ValueError(f"{tuple(v.shape)} does not meet {tuple(J.shape)}")
        v = v @ J
    return v

# %% right: transposed, by index, checked first
def chain_vjp(jacobians, v):
    if v.ndim != 1 or any(J.ndim != 2 for J in jacobians):
        raise ValueError("v must be a vector and every Jacobian a matrix")
    size = len(v)
    for k in range(len(jacobians) - 1, -1, -1):
        if jacobians[k].shape[0] != size:
            raise ValueError(f"Jacobian {k} has {jacobians[k].shape[0]} rows, not {size}")
        size = jacobians[k].shape[1]
    for k in range(len(jacobians) - 1, -1, -1):
        v = torch.mv(jacobians[k].T, v)
    return v

# %% right: reduce
from functools import reduce


def step(v, J):
    if v.dim() != 1 or J.dim() != 2 or len(v) != len(J):
        raise ValueError("shapes do not chain")
    return torch.matmul(v, J)


def chain_vjp(jacobians, v):
    return reduce(step, jacobians[::-1], v)

# %% right: a row of a matrix, einsum, recursion
def chain_vjp(jacobians, v):
    if len(jacobians) == 0:
        return v
    *earlier, last = jacobians
    if v.ndim != 1 or last.ndim != 2 or last.size(0) != v.size(0):
        raise ValueError("the last Jacobian does not take v from the left")
    return chain_vjp(earlier, torch.einsum("i,ij->j", v, last))

# %% right: entry by entry, rows weighted and added
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        if v.dim() != 1 or J.dim() != 2 or J.shape[0] != v.shape[0]:
            raise ValueError("shapes do not chain")
        v = (v[:, None] * J).sum(dim=0)
    return v

# %% right: autograd walks the chain
def chain_vjp(jacobians, v):
    if v.dim() != 1 or any(J.dim() != 2 for J in jacobians):
        raise ValueError("v must be a vector, the Jacobians matrices")
    sizes = [J.shape for J in jacobians]
    if any(after[1] != before[0] for before, after in zip(sizes, sizes[1:])) or (sizes and sizes[-1][0] != len(v)):
        raise ValueError("shapes do not chain")
    if not jacobians:
        return v
    x = torch.zeros(sizes[0][1], dtype=v.dtype, requires_grad=True)
    y = x
    for J in jacobians:
        y = J @ y
    return torch.autograd.grad(y, x, v)[0]

# %% right: torch.func.vjp of the chain
def chain_vjp(jacobians, v):
    for before, after in zip(jacobians, jacobians[1:]):
        if before.dim() != 2 or after.dim() != 2 or before.shape[0] != after.shape[1]:
            raise ValueError("shapes do not chain")
    if not jacobians:
        return v
    if v.dim() != 1 or jacobians[-1].dim() != 2 or jacobians[-1].shape[0] != len(v):
        raise ValueError("v does not fit the last Jacobian")

    def maps(x):
        for J in jacobians:
            x = J @ x
        return x

    start = torch.zeros(jacobians[0].shape[1], dtype=v.dtype)
    return torch.func.vjp(maps, start)[1](v)[0]

# %% right: multi_dot, which begins at the vector
def chain_vjp(jacobians, v):
    size = v.shape
    for J in reversed(jacobians):
        if len(size) != 1 or J.dim() != 2 or J.shape[0] != size[0]:
            raise ValueError("shapes do not chain")
        size = J.shape[1:]
    return torch.linalg.multi_dot([v, *reversed(jacobians)]) if len(jacobians) else v.clone()

# %% right: column after column forwards, vectors all the same
def chain_vjp(jacobians, v):
    size = v.shape
    for J in reversed(jacobians):
        if len(size) != 1 or J.dim() != 2 or J.shape[0] != size[0]:
            raise ValueError("shapes do not chain")
        size = J.shape[1:]
    entries = []
    for direction in torch.eye(size[0], dtype=v.dtype):
        for J in jacobians:
            direction = J @ direction
        entries.append(v @ direction)
    return torch.stack(entries)

# %% right: torch's own error turned into a ValueError, dot by dot
def chain_vjp(jacobians, v):
    try:
        for J in reversed(jacobians):
            assert J.dim() == 2 and v.dim() == 1
            v = torch.stack([torch.dot(v, column) for column in J.unbind(1)])
    except (RuntimeError, AssertionError) as error:
        raise ValueError(f"shapes do not chain: {error}") from None
    return v

# %% right: a matrix of one row
def chain_vjp(jacobians, v):
    if v.dim() != 1:
        raise ValueError("v is no vector")
    row = v[None, :]
    for J in jacobians[::-1]:
        if J.dim() != 2 or row.shape[1] != J.shape[0]:
            raise ValueError("shapes do not chain")
        row = torch.mm(row, J)
    return row[0]

# %% right: NumPy
def chain_vjp(jacobians, v):
    w = v.detach().numpy()
    for J in reversed(jacobians):
        if J.ndim != 2 or w.ndim != 1 or J.shape[0] != w.shape[0]:
            raise ValueError("shapes do not chain")
        w = w @ J.detach().numpy()
    return torch.from_numpy(w)

# %% wrong: forwards
def chain_vjp(jacobians, v):
    for J in jacobians:
        v = J @ v
    return v

# %% wrong: not-transposed
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        v = J @ v
    return v

# %% wrong: order
def chain_vjp(jacobians, v):
    for J in jacobians:
        v = v @ J
    return v

# %% wrong: order -- J.T @ v, checked
def chain_vjp(jacobians, v):
    for J in jacobians:
        v = J.T @ v
    return v

# %% wrong: one-left-out -- off by one
def chain_vjp(jacobians, v):
    for k in range(len(jacobians) - 1, 0, -1):
        v = v @ jacobians[k]
    return v

# %% wrong: v-left-out
def chain_vjp(jacobians, v):
    product = torch.eye(jacobians[0].shape[1], dtype=v.dtype)
    for J in jacobians:
        product = J @ product
    return product

# %% wrong: summed
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        v = v @ J
    return v.sum()

# %% wrong: row-with-two-axes
def chain_vjp(jacobians, v):
    row = v.reshape(1, -1)
    for J in reversed(jacobians):
        row = row @ J
    return row

# %% wrong: matrix-products
def chain_vjp(jacobians, v):
    if not jacobians:
        return v
    product = jacobians[0]
    for J in jacobians[1:]:
        product = J @ product
    return v @ product

# %% wrong: matrix-products -- einsum over pairs
def chain_vjp(jacobians, v):
    if not jacobians:
        return v
    product = jacobians[-1]
    for J in jacobians[-2::-1]:
        product = torch.einsum("ij,jk->ik", product, J)
    return torch.einsum("i,ij->j", v, product)

# %% wrong: matrix-products -- spread out and summed
def chain_vjp(jacobians, v):
    if not jacobians:
        return v
    product = jacobians[0]
    for J in jacobians[1:]:
        product = (J[:, :, None] * product[None, :, :]).sum(1)
    return (v[:, None] * product).sum(0)

# %% wrong: matrix-products -- v on a diagonal
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        v = (torch.diag(v) @ J).sum(0)
    return v

# %% half: empty-list
def chain_vjp(jacobians, v):
    row = v @ jacobians[-1]
    for J in jacobians[-2::-1]:
        row = row @ J
    return row

# %% half: empty-list -- nothing came back
def chain_vjp(jacobians, v):
    result = None
    for J in reversed(jacobians):
        result = (v if result is None else result) @ J
    return result

# %% half: shapes-not-checked
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        v = v @ J
    return v

# %% half: stretched
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        if v.dim() != 1 or J.dim() != 2 or v.shape[0] not in (1, J.shape[0]):
            raise ValueError("shapes do not chain")
        v = (v[:, None] * J).sum(0)
    return v

# %% half: stretched -- the number of axes is not looked at
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        if J.shape[0] != v.shape[-1]:
            raise ValueError("shapes do not chain")
        v = v @ J
    return v

# %% half: changed-input
def chain_vjp(jacobians, v):
    jacobians = jacobians if isinstance(jacobians, list) else list(jacobians)
    while jacobians:
        v = v @ jacobians.pop()
    return v

# %% wrong: float32-inside
def chain_vjp(jacobians, v):
    w = v.float()
    for J in reversed(jacobians):
        w = w @ J.float()
    return w.to(v.dtype)

# %% wrong: returned-none
def chain_vjp(jacobians, v):
    for J in reversed(jacobians):
        v = v @ J


# %% right: F.linear of the transposed
def chain_vjp(jacobians, v):
    if v.dim()!=1 or any(J.dim()!=2 for J in jacobians): raise ValueError('dims')
    n=v.shape[0]
    for J in jacobians[::-1]:
        if J.shape[0]!=n: raise ValueError('sizes')
        n=J.shape[1]
    for J in jacobians[::-1]:
        v = F.linear(v, J.T)
    return v


# %% right: one entry after the other
def chain_vjp(jacobians, v):
    if v.dim()!=1 or any(J.dim()!=2 for J in jacobians): raise ValueError('dims')
    n=v.shape[0]
    for J in jacobians[::-1]:
        if J.shape[0]!=n: raise ValueError('sizes')
        n=J.shape[1]
    for J in jacobians[::-1]:
        v = torch.stack([v @ J[:, k] for k in range(J.shape[1])])
    return v
