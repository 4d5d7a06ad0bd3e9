# %% right: relu minus relu
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.relu(u - t * lam) - torch.relu(-u - t * lam)
    return x

# %% right: sign times relu, Gram matrix, largest eigenvalue
def ista(D, b, lam, steps):
    G, target = D.T @ D, D.T @ b
    L = torch.linalg.eigvalsh(G)[-1]
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for k in range(steps):
        u = x - (G @ x - target) / L
        x = torch.sign(u) * torch.relu(u.abs() - lam / L)
    return x

# %% right: the package's prox, a number for the step
def ista(D, b, lam, steps):
    from gradlab.prox import soft_threshold

    step = 1 / torch.linalg.svdvals(D)[0].item() ** 2
    x = torch.zeros_like(D[0])
    for _ in range(steps):
        x = soft_threshold(x - step * (D.T @ (D @ x - b)), step * lam)
    return x

# %% right: u minus its clamp, gradient by autograd
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    T = torch.as_tensor(t * lam, dtype=D.dtype)
    for _ in range(steps):
        gradient = torch.mv(D.T, torch.mv(D, x) - b)
        u = x - t * gradient
        x = u - torch.maximum(torch.minimum(u, T), -T)
    return x

# %% right: where, maximum and minimum
def ista(D, b, lam, steps):
    t = torch.linalg.svdvals(D).max() ** -2
    x = (0 * D).sum(0)
    zero = torch.zeros((), dtype=D.dtype)
    for _ in range(steps):
        u = x + t * (b - D @ x) @ D
        x = torch.where(u > t * lam, u - t * lam, torch.where(u < -t * lam, u + t * lam, zero))
    return x

# %% wrong: no-threshold
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = x - t * D.T @ (D @ x - b)
    return x

# %% wrong: threshold-not-scaled
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - lam)
    return x

# %% wrong: norm-not-squared
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2)
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: frobenius-step
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.norm(D) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: gradient-doubled
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - 2 * t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: no-half
def ista(D, b, lam, steps):
    L = 2 * torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - 2 * D.T @ (D @ x - b) / L
        x = torch.sign(u) * torch.relu(u.abs() - lam / L)
    return x

# %% wrong: mean-loss
def ista(D, b, lam, steps):
    m = len(b)
    L = torch.linalg.matrix_norm(D, 2) ** 2 / m
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - D.T @ (D @ x - b) / m / L
        x = torch.sign(u) * torch.relu(u.abs() - lam / L)
    return x

# %% wrong: momentum
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = z = D.new_zeros(D.shape[1])
    s = 1.0
    for _ in range(steps):
        u = z - t * D.T @ (D @ z - b)
        new, later = torch.sign(u) * torch.relu(u.abs() - t * lam), (1 + math.sqrt(1 + 4 * s * s)) / 2
        z = new + (s - 1) / later * (new - x)
        x, s = new, later
    return x

# %% wrong: hard-threshold
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.where(u.abs() > t * lam, u, torch.zeros_like(u))
    return x

# %% wrong: one-sided
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = torch.relu(x - t * D.T @ (D @ x - b) - t * lam)
    return x

# %% wrong: ascent
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x + t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: wrong-start
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.T @ b
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: one-step-short
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(1, steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: lam-cut
def ista(D, b, lam, steps):
    lam = lam.item() if isinstance(lam, torch.Tensor) else lam
    t = 1 / torch.linalg.matrix_norm(D, 2).item() ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = F.softshrink(x - t * D.T @ (D @ x - b), t * lam)
    return x

# %% wrong: graph-cut
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    with torch.no_grad():
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: last-step-graph
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = x.detach()
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: nan-at-zero
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = u / u.abs() * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: softshrink-takes-a-number
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = F.softshrink(x - t * D.T @ (D @ x - b), t * lam)
    return x

# %% wrong: mixed-dtypes
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: lam-in-float32
def ista(D, b, lam, steps):
    lam = torch.as_tensor(float(lam) if not isinstance(lam, torch.Tensor) else lam.float())
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x
