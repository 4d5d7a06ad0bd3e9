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

# %% right: the active set by trying every size
def simplex_jacobian(y):
    y = y.detach()
    order = y.argsort(descending=True)
    for n in range(len(y), 0, -1):
        tau = (y[order[:n]].sum() - 1) / n
        if y[order[n - 1]] > tau:
            break
    s = (y > tau).to(y.dtype)
    return torch.diag_embed(s) - torch.einsum("i,j->ij", s, s) / s.sum()

# %% right: Newton's method for the threshold
def simplex_jacobian(y):
    y = y.detach()
    tau = (y.sum() - 1) / len(y)
    for _ in range(len(y) + 1):
        on = y > tau
        tau = (y[on].sum() - 1) / on.sum()
    on = (y > tau).type_as(y)
    return on.diag() - on.outer(on) / on.count_nonzero()

# %% right: NumPy on a copy
def simplex_jacobian(y):
    a = y.detach().numpy().copy()
    z = np.sort(a)[::-1]
    t = (np.cumsum(z) - 1) / np.arange(1, len(a) + 1)
    s = (a > t[np.nonzero(z > t)[0][-1]]).astype(a.dtype)
    return torch.from_numpy(np.diag(s) - np.outer(s, s) / s.sum())

# %% right: a quadratic programme by SciPy's bounded search for tau
def simplex_jacobian(y):
    from scipy.optimize import brentq

    a = y.detach().double()
    tau = brentq(lambda t: float((a - t).clamp(min=0).sum()) - 1, float(a.min()) - 2, float(a.max()))
    on = [i for i, value in enumerate(a.tolist()) if value > tau]
    J = torch.zeros(len(a), len(a), dtype=y.dtype)
    for i in on:
        for j in on:
            J[i, j] = (i == j) - 1 / len(on)
    return J

# %% right: the identity's rows projected to mean zero on the active set
def simplex_jacobian(y):
    y = y.detach()
    tau = torch.stack([(y.sort(descending=True)[0][:n].sum() - 1) / n for n in range(1, len(y) + 1)]).max()
    on = y > tau
    rows = torch.eye(len(y), dtype=y.dtype)[:, on]
    centred = rows - rows[on].mean(0)
    return torch.where(on[:, None] & on[None, :], centred @ rows.T, torch.zeros((), dtype=y.dtype))

# %% wrong: fixed-count -- two active by rank, whatever y
def simplex_jacobian(y):
    s = torch.zeros_like(y.detach())
    s[y.detach().topk(min(2, len(y))).indices] = 1
    return torch.diag(s) - torch.outer(s, s) / s.sum()

# %% wrong: one-sweep -- clamped and shifted once
def simplex_jacobian(y):
    y = y.detach()
    s = (y > (y.sum() - 1) / len(y)).to(y.dtype)
    return torch.diag(s) - torch.outer(s, s) / s.sum()

# %% wrong: wrong-dtype -- bool arithmetic
def simplex_jacobian(y):
    y = y.detach()
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    s = y > t[(z > t).sum() - 1]
    return torch.diag(s).int() - torch.outer(s, s).int() // int(s.sum())

# %% wrong: normalised -- the l2 ball
def simplex_jacobian(y):
    return torch.autograd.functional.jacobian(lambda y: y / y.norm(), y.detach())

# %% wrong: wrong-shape -- sparsemax's vjp with ones
def simplex_jacobian(y):
    t = y.detach().clone().requires_grad_()
    z = t.sort(descending=True).values
    c = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    torch.relu(t - c[(z > c).sum() - 1]).sum().backward()
    return t.grad

# %% wrong: not-centred -- threshold detached: the sum is not kept
def simplex_jacobian(y):
    def project(y):
        z = y.sort(descending=True).values
        c = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
        return torch.relu(y - c[(z > c).sum() - 1].detach())
    return torch.autograd.functional.jacobian(project, y.detach())

# %% wrong: fixed-count -- the largest alone
def simplex_jacobian(y):
    s = (y.detach() == y.detach().max()).to(y.dtype)
    return torch.diag(s) - torch.outer(s, s) / s.sum()

# %% wrong: sorted-order -- y itself sorted in place
def simplex_jacobian(y):
    s = torch.zeros_like(y.detach())
    z, order = y.detach().sort(descending=True)
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    s[: (z > t).sum()] = 1
    return torch.diag(s) - torch.outer(s, s) / s.sum()

# %% right: one-sided finite differences
def simplex_jacobian(y):
    dtype, y = y.dtype, y.detach().double()
    def project(y):
        z = y.sort(descending=True).values
        t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
        return torch.relu(y - t[(z > t).sum() - 1])
    return torch.stack([(project(y + 1e-7 * e) - project(y)) / 1e-7 for e in torch.eye(len(y), dtype=y.dtype)], 1).to(dtype)

# %% wrong: mean-added -- identity plus: sign of the mean
def simplex_jacobian(y):
    y = y.detach()
    z = y.sort(descending=True).values
    t = (z.cumsum(0) - 1) / torch.arange(1, len(y) + 1)
    s = (y > t[(z > t).sum() - 1]).to(y.dtype)
    return torch.diag(s) + torch.outer(s, s) / s.sum()

# %% wrong: other-active-set -- above the mean
def simplex_jacobian(y):
    a = (y > y.mean()).to(y.dtype)
    return (torch.diag(a) - torch.outer(a, a) / a.sum()).nan_to_num()

# %% wrong: other-active-set -- above the median
def simplex_jacobian(y):
    a = (y >= y.median()).to(y.dtype)
    return torch.diag(a) - torch.outer(a, a) / a.sum()

# %% wrong: other-active-set -- above 1/d
def simplex_jacobian(y):
    a = (y > 1 / len(y)).to(y.dtype)
    return (torch.diag(a) - torch.outer(a, a) / a.sum()).nan_to_num()
