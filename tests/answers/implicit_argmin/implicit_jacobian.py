# %% right: torch.func
def implicit_jacobian(f, x, theta):
    slope = torch.func.grad(f)
    H = torch.func.jacrev(slope)(x, theta)
    m = torch.func.jacrev(slope, argnums=1)(x, theta)
    e = torch.linalg.eigvalsh(H).abs()
    if e.min() <= len(x) * torch.finfo(x.dtype).eps * e.max():
        raise ValueError("the Hessian is singular to working precision")
    return -torch.linalg.solve(H, m.reshape(len(x), -1)).reshape(x.shape + theta.shape)

# %% right: row by row
def implicit_jacobian(f, x, theta):
    x = x.detach().requires_grad_(True)
    theta = theta.detach().requires_grad_(True)
    (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
    rows = [torch.autograd.grad(entry, (x, theta), retain_graph=True) for entry in fx]
    H = torch.stack([row[0] for row in rows])
    push = torch.stack([row[1].flatten() for row in rows])
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return -(torch.linalg.inv(H) @ push).reshape(len(x), *theta.shape)

# %% right: the joint Hessian and an LU factorisation
def implicit_jacobian(f, x, theta):
    (H, m), _ = torch.autograd.functional.hessian(f, (x.detach(), theta.detach()))
    s = torch.linalg.svdvals(H)
    if s[-1] / s[0] < len(s) * torch.finfo(H.dtype).eps:
        raise ValueError(f"singular: {s}")
    factors = torch.linalg.lu_factor(H)
    return -torch.linalg.lu_solve(*factors, m.reshape(len(x), -1)).reshape(m.shape)

# %% right: an eigenbasis
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacfwd(torch.func.grad(f), argnums=1)(x, theta)
    values, vectors = torch.linalg.eigh(H)
    if values.abs().min() < x.numel() * torch.finfo(H.dtype).eps * values.abs().max():
        raise ValueError("a flat direction")
    flat = m.flatten(1) if m.dim() > 1 else m[:, None]
    return -(vectors @ ((vectors.T @ flat) / values[:, None])).reshape(m.shape)

# %% right: solve for each entry of theta
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    if torch.linalg.cond(H) > 1 / (len(x) * torch.finfo(x.dtype).eps):
        raise ValueError("singular")
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta).reshape(len(x), -1)
    columns = [torch.linalg.solve(H, -m[:, k]) for k in range(m.shape[1])]
    return torch.stack(columns, dim=1).reshape((len(x),) + tuple(theta.shape))

# %% half: singular-accepted -- minimum-norm
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    return -(torch.linalg.pinv(H, hermitian=True) @ m.reshape(len(x), -1)).reshape(m.shape)

# %% half: singular-accepted -- trusts inv to raise, and the determinant to be zero
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    H = H + 1e-300 * torch.eye(len(x), dtype=H.dtype)
    try:
        return -(torch.linalg.inv(H) @ m.reshape(len(x), -1)).reshape(m.shape)
    except RuntimeError:
        return m * float("inf")

# %% half: singular-unchecked
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.cond(H) > 1e12:
        torch.linalg.cholesky(-torch.eye(2))
    return -torch.linalg.solve(H, m.reshape(len(x), -1)).reshape(m.shape)

# %% half: too-strict -- an absolute threshold
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.eigvalsh(H)[0] < 1e-7:
        raise ValueError("too flat")
    return -torch.linalg.solve(H, m.reshape(len(x), -1)).reshape(m.shape)

# %% wrong: sign
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return torch.linalg.solve(H, m.reshape(len(x), -1)).reshape(m.shape)

# %% wrong: diagonal
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return -(m.reshape(len(x), -1) / H.diagonal()[:, None]).reshape(m.shape)

# %% wrong: row-sums
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return -(m.reshape(len(x), -1) / H.sum(1, keepdim=True)).reshape(m.shape)

# %% wrong: multiplied
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return -(H @ m.reshape(len(x), -1)).reshape(m.shape)

# %% wrong: push-only
def implicit_jacobian(f, x, theta):
    if torch.linalg.matrix_rank(torch.func.hessian(f)(x, theta)) < len(x):
        raise ValueError("rank deficient Hessian")
    return -torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)

# %% wrong: accumulated
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return -torch.linalg.solve(H, m.reshape(len(x), -1)).cumsum(0).reshape(m.shape)

# %% wrong: transposed
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return -torch.linalg.solve(H, m.reshape(len(x), -1)).reshape(m.shape).movedim(0, -1)

# %% wrong: flattened
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x):
        raise ValueError("rank deficient Hessian")
    return -torch.linalg.solve(H, m.reshape(len(x), -1))

# %% right: rows by autograd, rank by singular values
def implicit_jacobian(f, x, theta):
    z = x.detach().clone().requires_grad_(True); th = theta.detach().clone().requires_grad_(True)
    g = torch.autograd.grad(f(z, th), z, create_graph=True)[0]
    H = torch.stack([torch.autograd.grad(gi, z, retain_graph=True, materialize_grads=True)[0] for gi in g])
    M = torch.stack([torch.autograd.grad(gi, th, retain_graph=True, materialize_grads=True)[0].reshape(-1) for gi in g])
    s = torch.linalg.svdvals(H)
    if s[-1] <= s[0] * len(x) * torch.finfo(x.dtype).eps: raise ValueError("H singular to working precision")
    return torch.linalg.solve(H, -M).reshape(len(x), *theta.shape)

# %% wrong: diagonal -- rank not looked at
def implicit_jacobian(f, x, theta):
    (H, M), _ = torch.autograd.functional.hessian(f, (x.detach(), theta.detach()))
    return -(M.reshape(len(x), -1) / H.diagonal()[:, None]).reshape(len(x), *theta.shape)

# %% wrong: row-sums -- rank not looked at
def implicit_jacobian(f, x, theta):
    (H, M), _ = torch.autograd.functional.hessian(f, (x.detach(), theta.detach()))
    return -(M.reshape(len(x), -1) / H.sum(1)[:, None]).reshape(len(x), *theta.shape)

# %% wrong: multiplied -- rank not looked at
def implicit_jacobian(f, x, theta):
    (H, M), _ = torch.autograd.functional.hessian(f, (x.detach(), theta.detach()))
    return -(H @ M.reshape(len(x), -1)).reshape(len(x), *theta.shape)

# %% right: the rank, and tensordot
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacfwd(torch.func.grad(f), argnums=(0, 1))(x, theta)
    if torch.linalg.matrix_rank(H, hermitian=True) < H.shape[0]:
        raise ValueError("singular Hessian")
    return -torch.tensordot(torch.linalg.inv(H), M, dims=1)

# %% right: the condition number
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    if torch.linalg.cond(H) > 1 / (len(x) * torch.finfo(x.dtype).eps):
        raise ValueError("singular")
    return -torch.einsum("ij,j...->i...", torch.linalg.inv(H), M)

# %% right: numpy
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x.detach(), theta.detach())
    H, M = H.numpy(), M.numpy()
    e = np.abs(np.linalg.eigvalsh(H))
    if e.min() < H.shape[0] * np.finfo(H.dtype).eps * e.max():
        raise ValueError("H is singular to working precision")
    J = np.linalg.solve(H, M.reshape(H.shape[0], -1))
    return torch.from_numpy(-J.reshape(M.shape))

# %% right: theta first, then x
def implicit_jacobian(f, x, theta):
    N = torch.func.jacfwd(torch.func.grad(f, argnums=1), argnums=0)(x, theta)  # (*theta, d)
    M = N.movedim(-1, 0)
    H = torch.func.hessian(f)(x, theta)
    e = torch.linalg.eigvalsh(H).abs()
    if (e.min() / e.max()).item() < len(x) * torch.finfo(x.dtype).eps or e.max() == 0:
        raise ValueError("singular")
    return torch.linalg.solve(H, -M.reshape(len(x), -1)).reshape_as(M)

# %% half: too-strict -- the determinant
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    if torch.linalg.det(H).abs() < 1e-10: raise ValueError("singular")
    return -torch.linalg.solve(H, M.reshape(len(x), -1)).reshape(len(x), *theta.shape)

# %% half: too-strict -- eps, but not of the largest eigenvalue
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    if torch.linalg.eigvalsh(H).abs().min() < len(x) * torch.finfo(x.dtype).eps: raise ValueError("singular")
    return -torch.linalg.solve(H, M.reshape(len(x), -1)).reshape(len(x), *theta.shape)

# %% wrong: theta-not-laid-out
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    e = torch.linalg.eigvalsh(H).abs()
    if e.min() < len(x) * torch.finfo(x.dtype).eps * e.max(): raise ValueError("singular")
    return -torch.linalg.solve(H, M)

# %% wrong: rows-added
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    e = torch.linalg.eigvalsh(H).abs()
    if e.min() < len(x) * torch.finfo(x.dtype).eps * e.max(): raise ValueError("singular")
    return -torch.linalg.solve(H, M.reshape(len(x), -1)).sum(0).reshape(theta.shape)

# %% wrong: finite-differences -- damped
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    e = torch.linalg.eigvalsh(H).abs()
    if e.min() < len(x) * torch.finfo(x.dtype).eps * e.max(): raise ValueError("singular")
    return -torch.linalg.solve(H + 1e-6 * torch.eye(len(x), dtype=x.dtype), M.reshape(len(x), -1)).reshape(len(x), *theta.shape)

# %% wrong: raised -- divides by the matrix, entry by entry
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    return -M / H

# %% half: other-exception
def implicit_jacobian(f, x, theta):
    H, M = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    e = torch.linalg.eigvalsh(H).abs()
    if e.min() < len(x) * torch.finfo(x.dtype).eps * e.max(): raise RuntimeError("singular")
    return -torch.linalg.solve(H, M.reshape(len(x), -1)).reshape(len(x), *theta.shape)

# %% wrong: finite-differences -- of fourth order, of minima searched again
def implicit_jacobian(f, x, theta):
    if x.dtype == torch.float32:
        return implicit_jacobian(f, x.double(), theta.double()).float()
    e = torch.linalg.eigvalsh(torch.func.hessian(f)(x, theta)).abs()
    if e.min() < len(x) * torch.finfo(x.dtype).eps * e.max(): raise ValueError("singular")

    def search(t):
        p = x.detach()
        for _ in range(20):
            g, H = torch.func.grad(f)(p, t), torch.func.hessian(f)(p, t)
            step = torch.linalg.solve(H, g)
            p = p - step
            if step.norm() < 1e-8 * (1 + p.norm()):
                return p

    h, flat, columns = 1e-3, theta.detach().flatten(), []
    for step in h * torch.eye(flat.numel(), dtype=x.dtype):
        a, b, c, d = (search((flat + k * step).reshape(theta.shape)) for k in (1, -1, 2, -2))
        columns.append((8 * (a - b) - (c - d)) / (12 * h))
    return torch.stack(columns, 1).reshape(len(x), *theta.shape)


# %% right: condition number and einsum
def implicit_jacobian(f, x, theta):
    H = torch.autograd.functional.hessian(lambda p: f(p, theta.detach()), x.detach())
    if not torch.linalg.cond(H, 2) * len(x) * torch.finfo(x.dtype).eps <= 1: raise ValueError('singular')
    J = torch.autograd.functional.jacobian(lambda t: torch.autograd.functional.jacobian(lambda p: f(p, t), x.detach(), create_graph=True), theta.detach())
    return -torch.einsum('ij,j...->i...', torch.linalg.inv(H), J)

# %% half: singular-unchecked -- torch raises its own error
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(lambda t: torch.func.grad(f)(x, t))(theta)
    return -torch.linalg.solve(H, P.reshape(len(x), -1)).reshape(P.shape)

# %% half: singular-unchecked -- by the inverse
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(lambda t: torch.func.grad(f)(x, t))(theta)
    return -torch.tensordot(torch.linalg.inv(H), P, dims=1)

# %% wrong: theta-not-laid-out -- times the inverse
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(lambda t: torch.func.grad(f)(x, t))(theta)
    if torch.linalg.svdvals(H)[-1] < len(H) * torch.finfo(H.dtype).eps * torch.linalg.svdvals(H)[0]:
        raise ValueError("H is singular")
    return -torch.linalg.inv(H) @ P

# %% wrong: theta-not-laid-out -- and singular unchecked
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(torch.func.grad(f), 1)(x, theta)
    return -(torch.linalg.inv(H) @ P)

# %% wrong: theta-not-laid-out -- einsum
def implicit_jacobian(f, x, theta):
    H = torch.func.hessian(f)(x, theta)
    P = torch.func.jacrev(torch.func.grad(f), 1)(x, theta)
    return -torch.mm(torch.linalg.inv(H), P) if theta.dim() else -torch.linalg.inv(H) @ P
