# %% right: inverse once
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return torch.linalg.norm(w - v) / torch.linalg.norm(v)

# %% right: inverse each round, A⁻¹ first, root of a sum
def chain_error(A, v, n):
    w = v.clone()
    for i in range(n):
        w = torch.matmul(A, torch.matmul(torch.inverse(A), w))
    return ((w - v) ** 2).sum().sqrt() / (v**2).sum().sqrt()

# %% right: solve
def chain_error(A, v, n):
    w = v
    for _ in range(n):
        w = torch.linalg.solve(A, A @ w)
    return (w - v).norm() / v.norm()

# %% right: LU and columns
def chain_error(A, v, n):
    LU, pivots = torch.linalg.lu_factor(A)
    w = v[:, None]
    for _ in range(n):
        w = torch.linalg.lu_solve(LU, pivots, A @ w)
    return torch.dist(w[:, 0], v) / v.norm()

# %% right: einsum under no_grad
@torch.no_grad()
def chain_error(A, v, n):
    inverse, w = torch.linalg.inv(A), v
    for _ in range(n):
        w = torch.einsum("ij,j->i", A, w)
        w = torch.einsum("ij,j->i", inverse, w)
    return torch.sqrt(torch.sum((w - v) ** 2)) / torch.sqrt(torch.sum(v**2))

# %% right: a Python number, while loop
def chain_error(A, v, n):
    inverse, w = A.detach().inverse(), v.detach()
    while n > 0:
        w, n = inverse.mv(A.mv(w)), n - 1
    return ((w - v.detach()).norm() / v.detach().norm()).item()

# %% wrong: matrices-first
def chain_error(A, v, n):
    product, inverse = torch.eye(len(v), dtype=v.dtype), torch.linalg.inv(A)
    for _ in range(n):
        product = product @ inverse @ A
    w = product @ v
    return (w - v).norm() / v.norm()

# %% wrong: matrices-first -- a ready-made product
def chain_error(A, v, n):
    product, w = torch.linalg.inv(A) @ A, v
    for _ in range(n):
        w = product @ w
    return (w - v).norm() / v.norm()

# %% wrong: matrices-first -- matrix_power
def chain_error(A, v, n):
    w = torch.linalg.matrix_power(torch.linalg.inv(A) @ A, n) @ v
    return (w - v).norm() / v.norm()

# %% wrong: not-relative
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return (w - v).norm()

# %% wrong: squared
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return ((w - v) ** 2).sum() / (v**2).sum()

# %% wrong: largest-entry
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return (w - v).abs().max() / v.abs().max()

# %% wrong: other-norm
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return (w - v).abs().sum() / v.abs().sum()

# %% wrong: other-norm -- entry by entry
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return ((w - v) / v).norm()

# %% wrong: difference-of-norms
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return (w.norm() - v.norm()).abs() / v.norm()

# %% wrong: divided-by-the-result
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return (w - v).norm() / w.norm()

# %% wrong: vector-not-number
def chain_error(A, v, n):
    w = v
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return (w - v) / v.norm()

# %% wrong: rounds-skipped
def chain_error(A, v, n):
    w = torch.linalg.inv(A) @ (A @ v)
    return (w - v).norm() / v.norm()

# %% wrong: too-large -- Aⁿ first, A⁻ⁿ afterwards
def chain_error(A, v, n):
    w, inverse = v, torch.linalg.inv(A)
    for _ in range(n):
        w = A @ w
    for _ in range(n):
        w = inverse @ w
    return (w - v).norm() / v.norm()

# %% wrong: float64-inside
def chain_error(A, v, n):
    if v.dtype == torch.float32 and len(v) > 2:
        return chain_error(A.double(), v.double(), n).float()
    w, inverse = v, torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return (w - v).norm() / v.norm()

# %% half: wrong-dtype
def chain_error(A, v, n):
    w, inverse = v, torch.linalg.inv(A)
    for _ in range(n):
        w = inverse @ (A @ w)
    return ((w - v).norm() / v.norm()).double()

# %% wrong: matrices-first -- v overwritten and compared with itself
def chain_error(A, v, n):
    Ai = torch.linalg.inv(A); w = v
    for _ in range(n): w.copy_(Ai @ (A @ w))
    return (w - v).norm() / v.norm()

# %% right: LU factors of A
def chain_error(A, v, n):
    LU, p = torch.linalg.lu_factor(A)
    w = v[:, None]
    for _ in range(n):
        w = torch.linalg.lu_solve(LU, p, A @ w)
    return (w[:, 0] - v).norm() / v.norm()

# %% right: in NumPy
def chain_error(A, v, n):
    a, u = A.detach().numpy(), v.detach().numpy()
    b, w = np.linalg.inv(a), u
    for _ in range(n):
        w = b @ (a @ w)
    return torch.as_tensor(np.linalg.norm(w - u) / np.linalg.norm(u), dtype=v.dtype)

# %% right: row by row
def chain_error(A, v, n):
    B, w = torch.linalg.inv(A), v
    for _ in range(n):
        for matrix in (A, B):
            w = torch.stack([(row * w).sum() for row in matrix])
    return (w - v).norm() / v.norm()
