# %% right: autograd twice
def implicit_gradient(f, x, theta):
    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    (fxx,) = torch.autograd.grad(fx.sum(), x, retain_graph=True)
    (fxt,) = torch.autograd.grad(fx.sum(), theta)
    return -fxt / fxx[0]

# %% right: torch.func
def implicit_gradient(f, x, theta):
    slope = torch.func.grad(f, argnums=0)
    fxx = torch.func.jacrev(slope, argnums=0)(x, theta)[0, 0]
    fxt = torch.func.jacrev(slope, argnums=1)(x, theta)[0]
    return -fxt / fxx

# %% right: the joint Hessian
def implicit_gradient(f, x, theta):
    (xx, xt), _ = torch.autograd.functional.hessian(f, (x, theta))
    return (-xt / xx.squeeze()).reshape(theta.shape)

# %% right: a linear solve
def implicit_gradient(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacfwd(torch.func.grad(f), argnums=1)(x, theta)
    return -torch.linalg.solve(H, m.reshape(1, -1)).reshape(theta.shape)

# %% right: attached to a graph
def implicit_gradient(f, x, theta):
    x = x.clone().requires_grad_(True)
    theta = theta.clone().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    fxx, fxt = torch.autograd.grad(fx[0], (x, theta), create_graph=True)
    return -fxt / fxx[0]

# %% wrong: sign
def implicit_gradient(f, x, theta):
    slope = torch.func.grad(f)
    return torch.func.jacrev(slope, argnums=1)(x, theta)[0] / torch.func.jacrev(slope)(x, theta)[0, 0]

# %% wrong: push-only
def implicit_gradient(f, x, theta):
    return -torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)[0]

# %% wrong: reciprocal
def implicit_gradient(f, x, theta):
    slope = torch.func.grad(f)
    return -torch.func.jacrev(slope)(x, theta)[0, 0] / torch.func.jacrev(slope, argnums=1)(x, theta)[0]

# %% wrong: multiplied
def implicit_gradient(f, x, theta):
    slope = torch.func.grad(f)
    return -torch.func.jacrev(slope)(x, theta)[0, 0] * torch.func.jacrev(slope, argnums=1)(x, theta)[0]

# %% wrong: value-slope
def implicit_gradient(f, x, theta):
    return torch.func.grad(f, argnums=1)(x, theta)

# %% wrong: extra-axis
def implicit_gradient(f, x, theta):
    slope = torch.func.grad(f)
    return -torch.func.jacrev(slope, argnums=1)(x, theta) / torch.func.jacrev(slope)(x, theta)[0, 0]

# %% wrong: extra-axis -- theta laid flat
def implicit_gradient(f, x, theta):
    slope = torch.func.grad(f)
    return (-torch.func.jacrev(slope, argnums=1)(x, theta) / torch.func.jacrev(slope)(x, theta)[0, 0]).flatten()

# %% wrong: finite-differences
def implicit_gradient(f, x, theta):
    from gradlab.maths.implicit import minimise

    if x.dtype == torch.float32:
        return implicit_gradient(f, x.double(), theta.double()).float()
    h, flat, columns = 1e-3, theta.detach().flatten(), []
    for i in range(flat.numel()):
        moved = flat.clone()
        moved[i] += h
        columns.append((minimise(f, x, moved.reshape(theta.shape)) - minimise(f, x, theta)) / h)
    return torch.cat(columns).reshape(theta.shape)

# %% half: changed-input
def implicit_gradient(f, x, theta):
    theta.requires_grad_(True)
    x.requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    fxx, fxt = torch.autograd.grad(fx[0], (x, theta))
    return -fxt / fxx[0]

# %% wrong: not-a-tensor
def implicit_gradient(f, x, theta):
    slope = torch.func.grad(f)
    return (-torch.func.jacrev(slope, argnums=1)(x, theta) / torch.func.jacrev(slope)(x, theta)[0, 0]).tolist()

# %% right: entry by entry
def implicit_gradient(f, x, theta):
    p = x.detach().requires_grad_(True); t = theta.detach().requires_grad_(True)
    g = torch.autograd.grad(f(p, t), p, create_graph=True)[0][0]
    H = torch.autograd.grad(g, p, retain_graph=True)[0].item()
    M = torch.autograd.grad(g, t)[0]
    out = torch.zeros_like(M)
    flat, m = out.view(-1), M.reshape(-1)
    for i in range(m.numel()):
        flat[i] = -m[i] / H
    return out

# %% right: differences in x of f_theta
def implicit_gradient(f, x, theta):
    h = 1e-4
    fx = torch.func.grad(f)
    H = torch.func.hessian(f)(x, theta)
    g = torch.func.grad(f, argnums=1)
    fxt = (8 * (g(x + h, theta) - g(x - h, theta)) - (g(x + 2 * h, theta) - g(x - 2 * h, theta))) / (12 * h)
    return -fxt / H[0, 0]

# %% right: numpy on the way
def implicit_gradient(f, x, theta):
    fxx, fxt = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    r = -np.asarray(fxt.detach())[0] / float(fxx.detach())
    return torch.as_tensor(r, dtype=x.dtype)

# %% wrong: value-slope-divided
def implicit_gradient(f, x, theta):
    return -torch.func.grad(f, argnums=1)(x, theta) / torch.func.hessian(f)(x, theta).squeeze()

# %% wrong: untracked -- theta is detached
def implicit_gradient(f, x, theta):
    p = x.detach().clone().requires_grad_(True)
    t = theta.detach()
    fx = torch.autograd.grad(f(p, t), p, create_graph=True)[0]
    return -torch.autograd.grad(fx, t)[0] / torch.autograd.grad(fx, p)[0]

# %% wrong: untracked -- no create_graph
def implicit_gradient(f, x, theta):
    p = x.detach().clone().requires_grad_(True)
    t = theta.detach().clone().requires_grad_(True)
    fx = torch.autograd.grad(f(p, t), p)[0]
    return -torch.autograd.grad(fx, t)[0] / torch.autograd.grad(fx, p)[0]

# %% wrong: extra-axis -- for a theta without axes
def implicit_gradient(f, x, theta):
    p = x.detach().clone().requires_grad_(True)
    t = theta.detach().clone().requires_grad_(True)
    fx = torch.autograd.grad(f(p, t), p, create_graph=True)[0].sum()
    fxx, fxt = torch.autograd.grad(fx, (p, t))
    return -fxt / fxx

# %% half: wrong-dtype
def implicit_gradient(f, x, theta):
    fxx, fxt = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x.float(), theta.float())
    return -fxt[0] / fxx.squeeze()

# %% wrong: finite-differences -- central, of minima searched again
def implicit_gradient(f, x, theta):
    from gradlab.maths.implicit import minimise

    if x.dtype == torch.float32:
        return implicit_gradient(f, x.double(), theta.double()).float()
    h, flat, out = 1e-4, theta.detach().flatten(), []
    for step in h * torch.eye(flat.numel(), dtype=x.dtype):
        above, below = (minimise(f, x, (flat + sign * step).reshape(theta.shape)) for sign in (1, -1))
        out.append((above - below) / (2 * h))
    return torch.cat(out).reshape(theta.shape)

# %% wrong: finite-differences -- of fourth order, right to ten digits
def implicit_gradient(f, x, theta):
    if x.dtype == torch.float32:
        return implicit_gradient(f, x.double(), theta.double()).float()

    def search(t):
        p = x.detach()
        while True:
            g, H = torch.func.grad(f)(p, t), torch.func.hessian(f)(p, t)
            step = torch.linalg.solve(H, g)
            if step.norm() < 1e-12:
                return p
            p = p - step

    h, flat, out = 1e-3, theta.detach().flatten(), []
    for step in h * torch.eye(flat.numel(), dtype=x.dtype):
        a, b, c, d = (search((flat + k * step).reshape(theta.shape)) for k in (1, -1, 2, -2))
        out.append((8 * (a - b) - (c - d)) / (12 * h))
    return torch.cat(out).reshape(theta.shape)


# %% right: functional.hessian in both
def implicit_gradient(f, x, theta):
    (hxx, hxt), _ = torch.autograd.functional.hessian(f, (x.detach(), theta.detach()))
    return -(hxt[0] / hxx[0, 0])
