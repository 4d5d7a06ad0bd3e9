# %% right: sorted, the active set, its mean taken off
def simplex_jacobian(y):
    y = y.detach()
    falling = torch.sort(y, descending=True).values
    k = torch.arange(1, len(y) + 1, dtype=y.dtype)
    tau = ((falling.cumsum(0) - 1) / k)[(falling * k > falling.cumsum(0) - 1).sum() - 1]
    s = (y > tau).to(y.dtype)
    return torch.diag(s) - torch.outer(s, s) / s.sum()

# %% right: the projection, differentiated by autograd
def simplex_jacobian(y):
    def project(y):
        falling, _ = torch.sort(y, descending=True)
        taus = (torch.cumsum(falling, 0) - 1) / torch.arange(1, len(y) + 1)
        return torch.relu(y - taus[(falling > taus).sum() - 1])

    return torch.autograd.functional.jacobian(project, y.detach())

# %% right: halving for the threshold
def simplex_jacobian(y):
    y = y.detach()
    low, high = y.max() - 1, y.max()
    for _ in range(60):
        tau = (low + high) / 2
        if (y - tau).clamp(min=0).sum() > 1:
            low = tau
        else:
            high = tau
    on = y > tau
    J = torch.zeros(len(y), len(y), dtype=y.dtype)
    J[on.nonzero(), on.nonzero()[:, 0]] = -1 / on.sum().to(y.dtype)
    return J + torch.diag(on.to(y.dtype))

# %% right: entries leave the active set one by one
def simplex_jacobian(y):
    y = y.detach()
    on = torch.ones(len(y), dtype=torch.bool)
    while True:
        tau = (y[on].sum() - 1) / on.sum()
        if bool((y[on] > tau).all()):
            break
        on = on & (y > tau)
    s = on.to(y.dtype)
    return torch.eye(len(y), dtype=y.dtype) * s - s[:, None] * s[None, :] / s.sum()

# %% right: forward mode through a sort
def simplex_jacobian(y):
    def project(y):
        z = y.sort(descending=True).values
        k = int((1 + torch.arange(1, len(y) + 1) * z > z.cumsum(0)).sum())
        return torch.clamp(y - (z[:k].sum() - 1) / k, min=0)

    return torch.func.jacrev(project)(y.detach())

# %% right: central differences of a piecewise linear function
def simplex_jacobian(y):
    y0 = y.detach().double()

    def project(y):
        z = y.sort(descending=True).values
        t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
        return torch.relu(y - t[(z > t).sum() - 1])

    steps = 2.0**-12 * torch.eye(len(y0), dtype=torch.float64)
    columns = [(project(y0 + e) - project(y0 - e)) / 2.0**-11 for e in steps]
    return torch.stack(columns, 1).to(y.dtype)

# %% wrong: centred-everywhere
def simplex_jacobian(y):
    d = len(y)
    return torch.eye(d, dtype=y.dtype) - torch.ones(d, d, dtype=y.dtype) / d

# %% wrong: not-centred
def simplex_jacobian(y):
    y = y.detach()
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    return torch.diag((y > t[(z > t).sum() - 1]).to(y.dtype))

# %% wrong: wrong-count
def simplex_jacobian(y):
    y = y.detach()
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    s = (y > t[(z > t).sum() - 1]).to(y.dtype)
    return torch.diag(s) - torch.outer(s, s) / len(y)

# %% wrong: inactive-kept
def simplex_jacobian(y):
    y = y.detach()
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    s = (y > t[(z > t).sum() - 1]).to(y.dtype)
    return torch.eye(len(y), dtype=y.dtype) - torch.outer(s, s) / s.sum()

# %% wrong: softmax
def simplex_jacobian(y):
    return torch.autograd.functional.jacobian(lambda y: torch.softmax(y, 0), y.detach())

# %% wrong: threshold-zero
def simplex_jacobian(y):
    s = (y.detach() > 0).to(y.dtype)
    return torch.diag(s) - torch.outer(s, s) / s.sum().clamp(min=1)

# %% wrong: sign
def simplex_jacobian(y):
    y = y.detach()
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    s = (y > t[(z > t).sum() - 1]).to(y.dtype)
    return torch.outer(s, s) / s.sum() - torch.diag(s)

# %% wrong: projection
def simplex_jacobian(y):
    z = y.detach().sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    return torch.relu(y.detach() - t[(z > t).sum() - 1])

# %% wrong: values-for-signs
def simplex_jacobian(y):
    z = y.detach().sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    x = torch.relu(y.detach() - t[(z > t).sum() - 1])
    return torch.diag(x) - torch.outer(x, x)

# %% wrong: normalised
def simplex_jacobian(y):
    def scaled(y):
        positive = torch.clamp(y, min=0)
        return positive / positive.sum().clamp(min=1e-300)

    return torch.autograd.functional.jacobian(scaled, y.detach())

# %% wrong: untracked
def simplex_jacobian(y):
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    x = torch.relu(y - t[(z > t).sum() - 1])
    return torch.stack([torch.autograd.grad(entry, y, retain_graph=True)[0] for entry in x])

# %% wrong: not-your-own
from gradlab.maths import simplex
def simplex_jacobian(y):
    return torch.autograd.functional.jacobian(simplex.project_onto_simplex, y.detach())

# %% half: wrong-dtype
def simplex_jacobian(y):
    y = y.detach().double()
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    s = (y > t[(z > t).sum() - 1]).double()
    return torch.diag(s) - torch.outer(s, s) / s.sum()
