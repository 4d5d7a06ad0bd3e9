# %% right: one solve, one pull-back
def implicit_vjp(f, x, theta, v):
    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    H = torch.stack([torch.autograd.grad(entry, x, retain_graph=True)[0] for entry in fx])
    u = torch.linalg.solve(H, v)
    return torch.autograd.grad(fx, theta, -u, materialize_grads=True)[0]

# %% right: torch.func
def implicit_vjp(f, x, theta, v):
    slope = torch.func.grad(f)
    u = torch.linalg.solve(torch.func.jacfwd(slope)(x, theta), v)
    _, pull = torch.func.vjp(lambda t: slope(x, t), theta)
    return -pull(u)[0]

# %% right: conjugate gradients
def implicit_vjp(f, x, theta, v):
    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    u, r = torch.zeros_like(v), v.clone()
    p, size = r.clone(), r @ r
    for _ in range(10 * len(v)):
        if size <= 1e-20 * (v @ v):
            break
        (image,) = torch.autograd.grad(fx, x, p, retain_graph=True)
        a = size / (p @ image)
        u, r = u + a * p, r - a * image
        p, size = r + (r @ r) / size * p, r @ r
    (pulled,) = torch.autograd.grad(fx, theta, u, allow_unused=True)
    return torch.zeros_like(theta) if pulled is None else -pulled

# %% right: SciPy's conjugate gradients
def implicit_vjp(f, x, theta, v):
    from scipy.sparse.linalg import LinearOperator, cg

    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)

    def product(a):
        direction = torch.as_tensor(np.asarray(a).reshape(-1), dtype=x.dtype)
        return torch.autograd.grad(fx, x, direction, retain_graph=True)[0].numpy()

    H = LinearOperator((len(v), len(v)), matvec=product, dtype=np.float64)
    u, _ = cg(H, v.detach().double().numpy(), rtol=1e-10)
    return torch.autograd.grad(fx, theta, torch.as_tensor(-u, dtype=x.dtype), materialize_grads=True)[0]

# %% right: a scalar u·f_x differentiated in theta, Cholesky
def implicit_vjp(f, x, theta, v):
    H = torch.autograd.functional.hessian(lambda p: f(p, theta), x)
    u = torch.cholesky_solve(v[:, None], torch.linalg.cholesky(H))[:, 0]
    return torch.func.grad(lambda t: -(u @ torch.func.grad(f)(x, t)))(theta)

# %% right: the directional derivative of f_theta, forward over reverse
def implicit_vjp(f, x, theta, v):
    u = -torch.linalg.solve(torch.func.hessian(f)(x, theta), v)
    return torch.func.jvp(lambda p: torch.func.grad(f, argnums=1)(p, theta), (x,), (u,))[1]

# %% wrong: whole-jacobian
def implicit_vjp(f, x, theta, v):
    slope = torch.func.grad(f)
    H = torch.func.jacrev(slope)(x, theta)
    m = torch.func.jacrev(slope, argnums=1)(x, theta).reshape(len(x), -1)
    return -(v @ torch.linalg.solve(H, m)).reshape(theta.shape)

# %% wrong: whole-jacobian -- one solve, but the mixed derivatives written out
def implicit_vjp(f, x, theta, v):
    slope = torch.func.grad(f)
    u = torch.linalg.solve(torch.func.jacrev(slope)(x, theta), v)
    return -torch.tensordot(u, torch.func.jacrev(slope, argnums=1)(x, theta), dims=1)

# %% wrong: sign
def implicit_vjp(f, x, theta, v):
    u = torch.linalg.solve(torch.func.hessian(f)(x, theta), v)
    return torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](u)[0]

# %% wrong: push-only
def implicit_vjp(f, x, theta, v):
    return torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](-v)[0]

# %% wrong: multiplied
def implicit_vjp(f, x, theta, v):
    u = torch.func.hessian(f)(x, theta) @ v
    return torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](-u)[0]

# %% wrong: diagonal
def implicit_vjp(f, x, theta, v):
    u = v / torch.func.hessian(f)(x, theta).diagonal()
    return torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](-u)[0]

# %% wrong: v-ignored
def implicit_vjp(f, x, theta, v):
    u = torch.linalg.solve(torch.func.hessian(f)(x, theta), torch.ones_like(v))
    return torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](-u)[0]

# %% wrong: jacobian-not-vjp
def implicit_vjp(f, x, theta, v):
    slope = torch.func.grad(f)
    m = torch.func.jacrev(slope, argnums=1)(x, theta)
    return -torch.linalg.solve(torch.func.jacrev(slope)(x, theta), m.reshape(len(x), -1)).reshape(m.shape)

# %% wrong: cg-too-short
def implicit_vjp(f, x, theta, v):
    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    (image,) = torch.autograd.grad(fx, x, v, retain_graph=True)
    u = (v @ v) / (v @ image) * v
    return -torch.autograd.grad(fx, theta, u)[0]

# %% wrong: finite-differences
def implicit_vjp(f, x, theta, v):
    slope = torch.func.grad(f)
    u = torch.linalg.solve(torch.func.hessian(f)(x, theta), v)
    h = 1e-2
    below, above = torch.func.grad(f, argnums=1)(x, theta), torch.func.grad(f, argnums=1)(x + h * u, theta)
    return -(above - below) / h * (1 + 1e-2)

# %% wrong: changed-input
def implicit_vjp(f, x, theta, v):
    x.requires_grad_(True)
    theta.requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    H = torch.stack([torch.autograd.grad(entry, x, retain_graph=True)[0] for entry in fx])
    return torch.autograd.grad(fx, theta, -torch.linalg.solve(H, v))[0]

# %% right: backward from f_x
def implicit_vjp(f, x, theta, v):
    p = x.detach().clone().requires_grad_(True)
    t = theta.detach().clone().requires_grad_(True)
    fx, = torch.autograd.grad(f(p, t), p, create_graph=True)
    H = torch.stack([torch.autograd.grad(g, p, retain_graph=True)[0] for g in fx])
    u = torch.linalg.solve(H.T, -v)
    fx.backward(u)
    return torch.zeros_like(theta) if t.grad is None else t.grad

# %% right: solved by numpy
def implicit_vjp(f, x, theta, v):
    H = torch.autograd.functional.hessian(lambda q: f(q, theta), x).detach().numpy()
    u = torch.from_numpy(np.linalg.solve(H, v.detach().numpy()))
    q = x.detach().clone().requires_grad_(True)
    th = theta.detach().clone().requires_grad_(True)
    inner = torch.autograd.grad(f(q, th), q, create_graph=True)[0].dot(u)
    return torch.autograd.grad(inner, th, materialize_grads=True)[0].neg()

# %% right: a Newton step with a graph
def implicit_vjp(f, x, theta, v):
    # x - H^-1 f_x(x, theta) with x, H constant has the right derivative
    H = torch.func.hessian(f)(x, theta).detach()
    t = theta.detach().clone().requires_grad_(True)
    def fx(t):
        q = x.detach().clone().requires_grad_(True)
        return torch.autograd.grad(f(q, t), q, create_graph=True)[0]
    y = x.detach() - torch.linalg.solve(H, fx(t))
    return torch.autograd.grad(y @ v.detach(), t, materialize_grads=True)[0]

# %% right: entry by entry of f_x, nothing kept
def implicit_vjp(f, x, theta, v):
    p = x.detach().clone().requires_grad_(True)
    t = theta.detach().clone().requires_grad_(True)
    fx, = torch.autograd.grad(f(p, t), p, create_graph=True)
    H = torch.stack([torch.autograd.grad(g, p, retain_graph=True)[0] for g in fx])
    u = torch.linalg.solve(H, v)
    return -sum(u[i] * torch.autograd.grad(fx[i], t, retain_graph=True, materialize_grads=True)[0] for i in range(len(x)))

# %% wrong: row-sums
def implicit_vjp(f, x, theta, v):
    u = v / torch.func.hessian(f)(x, theta).sum(1)
    return -torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](u)[0]

# %% wrong: adjoint-only
def implicit_vjp(f, x, theta, v):
    return torch.linalg.solve(torch.func.hessian(f)(x, theta), v)

# %% wrong: value-slope
def implicit_vjp(f, x, theta, v):
    return torch.func.grad(f, argnums=1)(x, theta)

# %% wrong: untracked
def implicit_vjp(f, x, theta, v):
    p = x.detach().clone().requires_grad_(True)
    u = torch.linalg.solve(torch.func.hessian(f)(x, theta), v)
    fx, = torch.autograd.grad(f(p, theta), p, create_graph=True)
    return -torch.autograd.grad(fx, theta, u)[0]

# %% wrong: wrong-shape -- theta laid flat
def implicit_vjp(f, x, theta, v):
    u = torch.linalg.solve(torch.func.hessian(f)(x, theta), v)
    return -torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](u)[0].flatten()

# %% wrong: finite-differences -- central, of minima searched again
def implicit_vjp(f, x, theta, v):
    from gradlab.maths.implicit import minimise

    if x.dtype == torch.float32:
        return implicit_vjp(f, x.double(), theta.double(), v.double()).float()
    h, flat, out = 1e-4, theta.detach().flatten(), []
    for step in h * torch.eye(flat.numel(), dtype=x.dtype):
        above, below = (minimise(f, x, (flat + sign * step).reshape(theta.shape)) for sign in (1, -1))
        out.append(v @ (above - below) / (2 * h))
    return torch.stack(out).reshape(theta.shape)

# %% wrong: not-moved
def implicit_vjp(f, x, theta, v):
    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    H = torch.stack([torch.autograd.grad(entry, x, retain_graph=True)[0] for entry in fx])
    u = torch.linalg.solve(H, v)
    return torch.autograd.grad(fx, theta, -u)[0]

# %% wrong: not-moved -- None
def implicit_vjp(f, x, theta, v):
    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    H = torch.stack([torch.autograd.grad(entry, x, retain_graph=True)[0] for entry in fx])
    u = torch.linalg.solve(H, v)
    return torch.autograd.grad(fx, theta, -u, allow_unused=True)[0]


# %% right: conjugate gradients with jvp
def implicit_vjp(f, x, theta, v):
    x, theta = x.detach(), theta.detach()
    g = lambda p: torch.func.grad(f)(p, theta)
    hv = lambda w: torch.func.jvp(g, (x,), (w,))[1]
    u, r = torch.zeros_like(v), v.clone()
    p = r.clone(); rs = r @ r
    for _ in range(10*len(v)):
        if rs.sqrt() <= 1e-14*v.norm(): break
        q = hv(p); a = rs/(p@q); u = u + a*p; r = r - a*q; new = r@r; p = r + new/rs*p; rs = new
    return -torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](u)[0]

# %% wrong: theta-not-laid-out
def implicit_vjp(f, x, theta, v):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(torch.func.grad(f), 1)(x, theta)
    return -torch.linalg.solve(H, v) @ P

# %% wrong: theta-not-laid-out -- P transposed
def implicit_vjp(f, x, theta, v):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(torch.func.grad(f), 1)(x, theta)
    return -P.T @ torch.linalg.solve(H, v)

# %% wrong: theta-not-laid-out -- v times the Jacobian
def implicit_vjp(f, x, theta, v):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(torch.func.grad(f), 1)(x, theta)
    return v @ (-torch.linalg.inv(H) @ P)

# %% wrong: not-your-own -- TorchOpt's, as the package wraps it
def implicit_vjp(f, x, theta, v):
    from gradlab.maths.torchopt_argmin import torchopt_vjp
    return torchopt_vjp(f, x, theta, v)

# %% wrong: not-your-own -- TorchOpt's plain conjugate gradients
def implicit_vjp(f, x, theta, v):
    from gradlab.maths.torchopt_argmin import torchopt_vjp
    return torchopt_vjp(f, x, theta, v, "cg")
