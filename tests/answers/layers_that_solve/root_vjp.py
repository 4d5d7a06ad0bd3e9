# %% right: rows of K, one solve with its transpose
def root_vjp(F, z, theta, v):
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    value = F(z, theta)
    K = torch.stack([torch.autograd.grad(entry, z, retain_graph=True)[0] for entry in value])
    sizes = torch.linalg.svdvals(K)
    if sizes[-1] < len(z) * torch.finfo(z.dtype).eps * sizes[0]:
        raise ValueError("K is singular")
    u = torch.linalg.solve(K.T, v)
    return -torch.autograd.grad(value, theta, u, materialize_grads=True)[0]

# %% right: torch.func
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    if torch.linalg.matrix_rank(K) < len(z):
        raise ValueError("singular")
    pull = torch.func.vjp(lambda t: F(z, t), theta)[1]
    return pull(-torch.linalg.solve(K.mT, v))[0].detach()

# %% right: forward mode, condition number, solve from the left
def root_vjp(F, z, theta, v):
    K = torch.func.jacfwd(F)(z.detach(), theta.detach())
    if torch.linalg.cond(K) > 1 / (len(z) * torch.finfo(z.dtype).eps):
        raise ValueError("K is singular to working precision")
    u = torch.linalg.solve(K, v[None], left=False)[0]
    return torch.func.grad(lambda t: -(u @ F(z.detach(), t)))(theta.detach())

# %% right: the inverse
def root_vjp(F, z, theta, v):
    K = torch.autograd.functional.jacobian(lambda p: F(p, theta), z)
    U, s, Vh = torch.linalg.svd(K)
    if s.min() / s.max() < len(s) * torch.finfo(K.dtype).eps:
        raise ValueError("no derivative")
    u = v @ torch.linalg.inv(K)
    t = theta.detach().clone().requires_grad_()
    value = F(z.detach(), t)
    if not value.requires_grad:
        return torch.zeros_like(theta)
    return torch.autograd.grad(-value @ u, t)[0]

# %% right: the singular value decomposition is the solve
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z.detach(), theta.detach())
    U, s, Vh = torch.linalg.svd(K)
    if not s[-1] >= len(s) * torch.finfo(s.dtype).eps * s[0]:
        raise ValueError("K is singular")
    u = U @ ((Vh @ v) / s)
    (pulled,) = torch.func.vjp(F, z.detach(), theta.detach())[1](u)[1:]
    return -pulled

# %% right: LU, NumPy for the solve
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z.detach(), theta.detach())
    if np.linalg.cond(K.numpy()) * len(z) * np.finfo(K.numpy().dtype).eps > 1:
        raise ValueError("singular")
    u = torch.from_numpy(np.linalg.solve(K.numpy().T, v.numpy()))
    t = theta.detach().clone().requires_grad_()
    return torch.autograd.grad((F(z.detach(), t) * -u).sum() + 0 * t.sum(), t)[0]

# %% wrong: transpose
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    if torch.linalg.matrix_rank(K) < len(z):
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K, v))[0]

# %% wrong: transpose -- by conjugate gradients or Cholesky, as for a Hessian
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.lstsq(K, v[:, None]).solution[:, 0])[0]

# %% wrong: sign
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0]

# %% wrong: push-only
def root_vjp(F, z, theta, v):
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](v)[0]

# %% wrong: multiplied
def root_vjp(F, z, theta, v):
    z = z.detach().requires_grad_()
    value = F(z, theta.detach())
    u = torch.autograd.grad(value, z, v)[0]
    return -torch.func.vjp(lambda t: F(z.detach(), t), theta.detach())[1](u)[0]

# %% wrong: symmetrised
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve((K + K.T) / 2, v))[0]

# %% wrong: diagonal
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](v / K.diagonal())[0]

# %% wrong: row-sums
def root_vjp(F, z, theta, v):
    z = z.detach().requires_grad_()
    (k,) = torch.autograd.grad(F(z, theta.detach()).sum(), z)
    return -torch.func.vjp(lambda t: F(z.detach(), t), theta.detach())[1](v / k)[0]

# %% wrong: adjoint-only
def root_vjp(F, z, theta, v):
    return -torch.linalg.solve(torch.func.jacrev(F)(z, theta).T, v)

# %% wrong: jacobian-not-vjp
def root_vjp(F, z, theta, v):
    K, push = torch.func.jacrev(F, argnums=(0, 1))(z, theta)
    return -torch.tensordot(torch.linalg.inv(K), push, dims=1)

# %% wrong: v-ignored
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    u = torch.linalg.solve(K.T, torch.ones(len(z), dtype=z.dtype))
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](u)[0]

# %% wrong: whole-jacobian
def root_vjp(F, z, theta, v):
    K, push = torch.func.jacrev(F, argnums=(0, 1))(z.detach(), theta.detach())
    if torch.linalg.matrix_rank(K) < len(z):
        raise ValueError("singular")
    return torch.tensordot(-torch.linalg.solve(K.T, v), push, dims=1)

# %% half: singular-accepted -- only where LAPACK finds a zero pivot does it stop
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0].detach()

# %% half: singular-accepted -- pinv
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.pinv(K.T) @ v)[0].detach()

# %% half: singular-accepted -- the determinant is not zero
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    if torch.linalg.det(K) == 0:
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0].detach()

# %% half: gives-up -- a determinant below a fixed number
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    if abs(torch.linalg.det(K)) < 1e-8:
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0].detach()

# %% half: gives-up -- eigvalsh of a matrix that is not symmetric
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    sizes = torch.linalg.eigvalsh(K).abs()
    if sizes.min() < len(z) * torch.finfo(z.dtype).eps * sizes.max():
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0].detach()

# %% half: unused
def root_vjp(F, z, theta, v):
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    value = F(z, theta)
    K = torch.stack([torch.autograd.grad(entry, z, retain_graph=True)[0] for entry in value])
    return -torch.autograd.grad(value, theta, torch.linalg.solve(K.T, v))[0]

# %% wrong: graph-freed
def root_vjp(F, z, theta, v):
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    value = F(z, theta)
    K = torch.stack([torch.autograd.grad(entry, z)[0] for entry in value])
    return -torch.autograd.grad(value, theta, torch.linalg.solve(K.T, v))[0]

# %% wrong: untracked
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return -torch.autograd.grad(F(z, theta), theta, torch.linalg.solve(K.T, v))[0]

# %% wrong: few-digits -- something added to the matrix
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    u = torch.linalg.solve(K.T + 1e-5 * torch.eye(len(z), dtype=z.dtype), v)
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](u)[0]

# %% wrong: tuple
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    return torch.func.vjp(lambda t: F(z, t), theta)[1](-torch.linalg.solve(K.T, v))

# %% right: QR and a triangular solve
def root_vjp(F, z, theta, v):
    z, theta = z.detach(), theta.detach()
    Q, R = torch.linalg.qr(torch.func.jacrev(F)(z, theta).T)
    s = torch.linalg.svdvals(R)
    if s[-1] < len(z) * torch.finfo(z.dtype).eps * s[0]:
        raise ValueError("singular to working precision")
    u = torch.linalg.solve_triangular(R, (Q.T @ v)[:, None], upper=True)[:, 0]
    return torch.func.vjp(lambda t: F(z, t), theta)[1](-u)[0]

# %% right: columns of K by forward mode, one direction at a time
def root_vjp(F, z, theta, v):
    z, theta = z.detach(), theta.detach()
    columns = [torch.func.jvp(lambda p: F(p, theta), (z,), (e,))[1] for e in torch.eye(len(z), dtype=z.dtype)]
    K = torch.stack(columns, dim=1)
    if torch.linalg.matrix_rank(K) < K.shape[0]:
        raise ValueError("singular")
    return torch.func.grad(lambda t: -torch.dot(torch.linalg.solve(K.T, v), F(z, t)))(theta)

# %% right: SciPy's LU with the transposed solve
def root_vjp(F, z, theta, v):
    from scipy.linalg import lu_factor, lu_solve

    z, theta = z.detach(), theta.detach()
    K = torch.func.jacrev(F)(z, theta).numpy()
    s = np.linalg.svd(K, compute_uv=False)
    if s.min() < len(s) * np.finfo(K.dtype).eps * s.max():
        raise ValueError("K is singular")
    u = torch.from_numpy(lu_solve(lu_factor(K), v.numpy(), trans=1))
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](u)[0]

# %% right: one Newton step with a graph, differentiated
def root_vjp(F, z, theta, v):
    z, t = z.detach(), theta.detach().clone().requires_grad_()
    K = torch.func.jacrev(F)(z, t.detach())
    if torch.linalg.cond(K) * len(z) * torch.finfo(z.dtype).eps > 1:
        raise ValueError("K is singular")
    newton = z - torch.linalg.solve(K, F(z, t) + 0 * t.sum())
    return torch.autograd.grad(newton, t, v)[0]

# %% right: all rows at once from one graph, the loss written as an inner product
def root_vjp(F, z, theta, v):
    p, t = z.detach().requires_grad_(True), theta.detach().requires_grad_(True)
    out = F(p, t)
    eye = torch.eye(p.numel(), dtype=p.dtype)
    (K,) = torch.autograd.grad(out, p, eye, retain_graph=True, is_grads_batched=True)
    s = torch.linalg.svdvals(K)
    if not bool(s.min() >= p.numel() * torch.finfo(p.dtype).eps * s.max()):
        raise ValueError("no derivative here")
    u = torch.linalg.lu_solve(*torch.linalg.lu_factor(K), v[:, None], adjoint=True).squeeze(1)
    (g,) = torch.autograd.grad(torch.sum(-u * out), t, allow_unused=True)
    return torch.zeros_like(theta) if g is None else g

# %% wrong: one-half -- Cholesky
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    L = torch.linalg.cholesky(K)
    u = torch.cholesky_solve(v[:, None], L)[:, 0]
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](u)[0]

# %% wrong: wrong-shape -- flat
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    if torch.linalg.matrix_rank(K) < len(z):
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0].flatten()

# %% half: gives-up -- a fixed bound on the condition
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    if torch.linalg.cond(K) > 1e6:
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0].detach()

# %% half: singular-accepted -- eigenvalues
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    w = torch.linalg.eigvals(K).abs()
    if w.min() < len(z) * torch.finfo(z.dtype).eps * w.max():
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0].detach()

# %% wrong: elsewhere -- K at the wrong place
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(torch.zeros_like(z), theta)
    if torch.linalg.matrix_rank(K) < len(z):
        raise ValueError("singular")
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](torch.linalg.solve(K.T, v))[0]

# %% wrong: shapes -- the derivative in theta instead of z
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F, argnums=1)(z, theta)
    return -torch.func.vjp(lambda p: F(p, theta), z)[1](torch.linalg.lstsq(K.reshape(len(z), -1).T, v[:, None]).solution[:, 0])[0]

# %% wrong: shapes -- solve the other way round
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    pulled = torch.func.vjp(lambda t: F(z, t), theta)[1](v)[0]
    return -torch.linalg.solve(K.T, pulled)

# %% half: changed-input -- requires_grad_ switched on
def root_vjp(F, z, theta, v):
    z.requires_grad_()
    theta.requires_grad_()
    value = F(z, theta)
    K = torch.stack([torch.autograd.grad(entry, z, retain_graph=True)[0] for entry in value])
    if torch.linalg.matrix_rank(K) < len(z):
        raise ValueError("singular")
    return -torch.autograd.grad(value, theta, torch.linalg.solve(K.T, v), materialize_grads=True)[0]

# %% wrong: transpose -- the normal equations
def root_vjp(F, z, theta, v):
    K = torch.func.jacrev(F)(z, theta)
    u = torch.linalg.solve(K.T @ K, K.T @ v)
    return -torch.func.vjp(lambda t: F(z, t), theta)[1](u)[0]
