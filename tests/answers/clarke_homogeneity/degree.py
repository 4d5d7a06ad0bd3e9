# %% right: several α, compared
def degree(f, x):
    found = []
    for a in (0.25, 0.5, 2.0, 3.0, 7.0):
        r = (f(a * x) / f(x)).item()
        if r <= 0:
            return None
        found.append(math.log(r) / math.log(a))
    return found[0] if max(found) - min(found) < 1e-6 else None

# %% right: a vector of logarithms, nan compares false
def degree(f, x):
    alphas = torch.tensor([0.3, 0.6, 1.5, 4.0, 9.0], dtype=torch.float64)
    logs = torch.stack([torch.log(f(a * x) / f(x)) / torch.log(a) for a in alphas])
    if bool((logs.max() - logs.min()).abs() < 1e-8):
        return logs.mean()
    return None

# %% right: Euler's identity at several points of the ray
def degree(f, x):
    quotients = []
    for a in (0.3, 0.7, 1.0, 2.5, 6.0):
        y = (a * x).detach().requires_grad_(True)
        v = f(y)
        if abs(v.item()) < 1e-12:
            return None
        g = torch.autograd.grad(v, y)[0]
        quotients.append(((g * y).sum() / v).item())
    return quotients[0] if max(quotients) - min(quotients) < 1e-7 else None

# %% right: guess L with one α, test it with others
def degree(f, x):
    fx = f(x)
    r = f(2 * x) / fx
    if r <= 0:
        return None
    L = math.log2(r.item())
    ok = all(torch.isclose(f(a * x), a ** L * fx, rtol=1e-7) for a in (0.5, 1.5, 3.0, 5.0))
    return L if ok else None

# %% right: NumPy, α above 1 only
def degree(f, x):
    alphas = np.array([2.0, 3.0, 5.0])
    r = np.array([f(torch.tensor(a, dtype=torch.float64) * x).item() for a in alphas]) / f(x).item()
    if (r <= 0).any():
        return None
    L = np.log(r) / np.log(alphas)
    return L[0] if np.ptp(L) < 1e-6 else None

# %% right: the slope of a line through logarithms, and its residual
def degree(f, x):
    a = torch.logspace(-0.5, 0.9, 9, dtype=torch.float64)
    r = torch.stack([f(t * x) for t in a]) / f(x)
    if (r <= 0).any():
        return None
    u, v = a.log(), r.log()
    L = (u @ v) / (u @ u)
    return round(L.item(), 9) if (v - L * u).abs().max() < 1e-6 else None

# %% wrong: single-alpha
def degree(f, x):
    r = (f(2 * x) / f(x)).item()
    return math.log2(r) if r > 0 else None

# %% wrong: euler-at-one-point
def degree(f, x):
    y = x.clone().requires_grad_(True)
    v = f(y)
    return ((torch.autograd.grad(v, y)[0] * x).sum() / v).item()

# %% wrong: negative-alpha
def degree(f, x):
    found = []
    for a in (-2.0, -0.5, 0.5, 2.0, 3.0):
        r = (f(a * x) / f(x)).item()
        if r <= 0:
            return None
        found.append(math.log(r) / math.log(abs(a)))
    return found[0] if max(found) - min(found) < 1e-6 else None

# %% wrong: log-of-negative
def degree(f, x):
    found = [(math.log(f(a * x)) - math.log(f(x))) / math.log(a) for a in (0.5, 2.0, 3.0)]
    return found[0] if max(found) - min(found) < 1e-6 else None

# %% wrong: log-of-negative -- only None for it
def degree(f, x):
    alphas = (0.5, 2.0, 3.0)
    logs = torch.stack([(f(a * x).log() - f(x).log()) / math.log(a) for a in alphas])
    return logs[0].item() if logs.max() - logs.min() < 1e-6 else None

# %% wrong: zero-is-a-degree
def degree(f, x):
    found = []
    for a in (0.25, 0.5, 2.0, 3.0, 7.0):
        r = (f(a * x) / f(x)).item()
        found.append(math.log(r) / math.log(a) if r > 0 else math.nan)
    L = found[0] if max(found) - min(found) < 1e-6 else None
    return round(L, 9) or None if L is not None else None

# %% wrong: sign
def degree(f, x):
    found = []
    for a in (0.25, 0.5, 2.0, 3.0, 7.0):
        r = (f(x) / f(a * x)).item()
        if not r > 0:
            return None
        found.append(math.log(r) / math.log(a))
    return found[0] if max(found) - min(found) < 1e-6 else None

# %% wrong: rounded
def degree(f, x):
    found = []
    for a in (0.25, 0.5, 2.0, 3.0, 7.0):
        r = (f(a * x) / f(x)).item()
        if r <= 0:
            return None
        found.append(math.log(r) / math.log(a))
    return round(found[0]) if max(found) - min(found) < 1e-6 else None

# %% wrong: log-not-divided
def degree(f, x):
    found = []
    for a in (0.25, 0.5, 3.0, 7.0, 2.0):
        r = (f(a * x) / f(x)).item()
        if r <= 0:
            return None
        found.append(math.log(r) / math.log(a))
    return math.log(r) if max(found) - min(found) < 1e-6 else None

# %% wrong: another-word-for-none
def degree(f, x):
    found = []
    for a in (0.25, 0.5, 3.0, 7.0, 2.0):
        r = (f(a * x) / f(x)).item()
        if r <= 0:
            return False
        found.append(math.log(r) / math.log(a))
    return found[0] if max(found) - min(found) < 1e-6 else False
