# %% right: closed form on a diagonal
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + a * lam / (x**2 + lam) ** 1.5
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% right: einsum with two identities
def noisy_sign_jacobian(x, a, lam):
    m, n = x.shape
    slope = 1 + a * lam / torch.sqrt(x * x + lam) ** 3
    return torch.einsum("ij,ik,jl->ijkl", slope, torch.eye(m, dtype=x.dtype), torch.eye(n, dtype=x.dtype))

# %% right: autograd.functional
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda x: x + a * x / torch.sqrt(x**2 + lam), x)

# %% right: reverse mode of torch.func
def noisy_sign_jacobian(x, a, lam):
    return torch.func.jacrev(lambda x: x + a * x / torch.sqrt(x**2 + lam))(x)

# %% right: forward mode of torch.func
def noisy_sign_jacobian(x, a, lam):
    return torch.func.jacfwd(lambda x: x + a * x * torch.rsqrt(x**2 + lam))(x.detach())

# %% right: four loops
def noisy_sign_jacobian(x, a, lam):
    m, n = x.shape
    jacobian = torch.zeros(m, n, m, n, dtype=x.dtype)
    for i in range(m):
        for j in range(n):
            jacobian[i, j, i, j] = 1 + a[i, j] * lam / (x[i, j] ** 2 + lam) ** 1.5
    return jacobian

# %% right: one row at a time
def noisy_sign_jacobian(x, a, lam):
    point = x.detach().clone().requires_grad_(True)
    y = point + a * point / torch.sqrt(point**2 + lam)
    rows = [torch.autograd.grad(entry, point, retain_graph=True)[0] for entry in y.reshape(-1)]
    return torch.stack(rows).reshape(*x.shape, *x.shape)

# %% right: the tensor of six indices
def noisy_sign_jacobian(x, a, lam):
    I, J = torch.eye(x.shape[0], dtype=x.dtype), torch.eye(x.shape[1], dtype=x.dtype)
    M = torch.einsum("ik,im,jl,jn->ijklmn", I, I, J, J)
    return torch.einsum("ik,jl->ijkl", I, J) + torch.einsum("ij,ijklmn->klmn", a * lam / (x**2 + lam) ** 1.5, M)

# %% wrong: hard-answer
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda x: x + a * torch.sign(x), x)

# %% wrong: sign-not-slope
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + a * x / torch.sqrt(x**2 + lam)
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% wrong: quotient-rule-cut-short
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + a / torch.sqrt(x**2 + lam)
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% wrong: quotient-rule-cut-short -- the root was detached
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda x: x + a * x / torch.sqrt(x**2 + lam).detach(), x)

# %% wrong: square-for-cube
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + a * lam / (x**2 + lam)
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% wrong: lam-squared
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + a * lam**2 / (x**2 + lam**2) ** 1.5
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% wrong: A-forgotten
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + lam / (x**2 + lam) ** 1.5
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% wrong: sign-flipped
def noisy_sign_jacobian(x, a, lam):
    slope = 1 - a * lam / (x**2 + lam) ** 1.5
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% wrong: E-forgotten
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda x: a * x / torch.sqrt(x**2 + lam), x)

# %% wrong: slope-of-sign-alone
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda x: x / torch.sqrt(x**2 + lam), x)

# %% wrong: diagonal-only
def noisy_sign_jacobian(x, a, lam):
    return 1 + a * lam / (x**2 + lam) ** 1.5

# %% wrong: diagonal-only -- the gradient of the sum
def noisy_sign_jacobian(x, a, lam):
    x = x.detach().clone().requires_grad_(True)
    y = x + a * x / torch.sqrt(x**2 + lam)
    return torch.autograd.grad(y.sum(), x)[0]

# %% wrong: flattened
def noisy_sign_jacobian(x, a, lam):
    return torch.diag((1 + a * lam / (x**2 + lam) ** 1.5).reshape(-1))

# %% wrong: indices-paired-wrongly -- δ_ij δ_kl
def noisy_sign_jacobian(x, a, lam):
    m, n = x.shape
    slope = 1 + a * lam / (x**2 + lam) ** 1.5
    return torch.einsum("ik,ij,kl->ijkl", slope, torch.eye(m, dtype=x.dtype), torch.eye(n, dtype=x.dtype))

# %% wrong: indices-paired-wrongly -- δ_il δ_jk
def noisy_sign_jacobian(x, a, lam):
    m, n = x.shape
    slope = 1 + a * lam / (x**2 + lam) ** 1.5
    return torch.einsum("ij,il,jk->ijkl", slope, torch.eye(m, dtype=x.dtype), torch.eye(n, dtype=x.dtype))

# %% wrong: not-diagonal
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + a * lam / (x**2 + lam) ** 1.5
    return slope.expand(*x.shape, *x.shape).clone()

# %% wrong: tuple
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda x: x + a * x / torch.sqrt(x**2 + lam), (x,))

# %% wrong: sparse
def noisy_sign_jacobian(x, a, lam):
    slope = (1 + a * lam / (x**2 + lam) ** 1.5).detach()
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape).to_sparse()

# %% wrong: matrix-product
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda x: x + a @ (x / torch.sqrt(x**2 + lam)), x)

# %% half: left-grad
def noisy_sign_jacobian(x, a, lam):
    slope = 1 + a * lam / (x.detach() ** 2 + lam) ** 1.5
    if x.requires_grad:
        (x**2).sum().backward()
    return torch.diag(slope.reshape(-1)).reshape(*x.shape, *x.shape)

# %% right: batched vjp
def noisy_sign_jacobian(x, a, lam):
    p = x.detach().clone().requires_grad_(True)
    Y = p + a * p / torch.sqrt(p**2 + lam)
    N = x.numel()
    g = torch.autograd.grad(Y, p, torch.eye(N, dtype=x.dtype).reshape(N, *x.shape), is_grads_batched=True)[0]
    return g.reshape(*x.shape, *x.shape)

# %% right: jvp columns
def noisy_sign_jacobian(x, a, lam):
    f = lambda X: X + a * X / torch.sqrt(X**2 + lam)
    cols = []
    for k in range(x.numel()):
        e = torch.zeros(x.numel(), dtype=x.dtype); e[k] = 1
        cols.append(torch.func.jvp(f, (x.detach(),), (e.reshape(x.shape),))[1])
    return torch.stack(cols, dim=-1).reshape(x.shape + x.shape)

# %% wrong: derivative-in-A
def noisy_sign_jacobian(x, a, lam):
    return torch.autograd.functional.jacobian(lambda A: x + A * x / torch.sqrt(x**2 + lam), a)


# %% right: einsum of two identities
def noisy_sign_jacobian(x, a, lam):
    m, n = x.shape
    d = 1 + a*lam/(x**2+lam)**1.5
    return torch.einsum('ij,ik,jl->ijkl', d, torch.eye(m, dtype=x.dtype), torch.eye(n, dtype=x.dtype))


# %% right: entry by entry, in place
def noisy_sign_jacobian(x, a, lam):
    m, n = x.shape
    J = x.new_zeros(m, n, m, n)
    for i in range(m):
        for j in range(n):
            J[i, j, i, j] = 1 + a[i, j] * lam / (x[i, j]**2 + lam)**1.5
    return J
