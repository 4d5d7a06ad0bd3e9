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
    from gradlab.implicit import minimise

    if x.dtype == torch.float32:
        return implicit_gradient(f, x.double(), theta.double()).float()
    h, flat, columns = 1e-3, theta.detach().flatten(), []
    for i in range(flat.numel()):
        moved = flat.clone()
        moved[i] += h
        columns.append((minimise(f, x, moved.reshape(theta.shape)) - minimise(f, x, theta)) / h)
    return torch.cat(columns).reshape(theta.shape)

# %% wrong: changed-input
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
