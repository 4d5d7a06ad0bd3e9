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

# %% right: absolute values: a continuous f that is not 0 keeps its sign
def degree(f, x):
    Ls = [((f(a * x) / f(x)).abs().log() / math.log(a)).item() for a in (0.5, 2.0, 3.0, 0.3)]
    return Ls[0] if max(Ls) - min(Ls) < 1e-8 else None

# %% right: the definition, relative to its size
def degree(f, x):
    fx = f(x)
    q = f(3.0 * x) / fx
    if q <= 0:
        return None
    L = torch.log(q) / math.log(3.0)
    ok = all(torch.allclose(f(a * x), a**L * fx, rtol=1e-9, atol=0) for a in (0.2, 0.5, 1.7, 6.0, 10.0))
    return L.item() if ok else None

# %% right: random α
def degree(f, x):
    gen = torch.Generator().manual_seed(0)
    alphas = (0.25 + 9 * torch.rand(8, generator=gen)).tolist()
    out = []
    for a in alphas:
        quotient = f(x * a) / f(x)
        if quotient.item() <= 0:
            return None
        out.append(math.log(quotient.item(), a))
    return out[0] if all(abs(o - out[0]) < 1e-6 for o in out) else None

# %% right: a logarithm that may fail
def degree(f, x):
    try:
        Ls = [math.log((f(a * x) / f(x)).item()) / math.log(a) for a in (0.5, 0.25, 1.3, 2, 4, 8.1)]
    except ValueError:
        return None
    return Ls[0] if max(Ls) - min(Ls) < 1e-6 else None

# %% right: a tolerance of 1e-12
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return Ls[0] if max(Ls) - min(Ls) < 1e-12 else None

# %% right: a tolerance of 1e-4
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return Ls[0] if max(Ls) - min(Ls) < 1e-4 else None

# %% right: in place on a clone
def degree(f, x):
    with torch.no_grad():
        base = f(x)
        found = None
        for a in (0.5, 2.0, 3.0, 0.25):
            y = x.clone()
            y.mul_(a)
            q = f(y).div(base)
            if q.item() <= 0:
                return None
            L = q.log().div(math.log(a)).item()
            if found is not None and abs(found - L) > 1e-7:
                return None
            found = L
        return found

# %% right: recursion
def degree(f, x, alphas=(0.3, 0.9, 1.7, 4.0, 8.0)):
    q = (f(alphas[0] * x) / f(x)).item()
    if q <= 0:
        return None
    L = math.log(q) / math.log(alphas[0])
    if len(alphas) == 1:
        return L
    rest = degree(f, x, alphas[1:])
    return None if rest is None or abs(rest - L) > 1e-7 else L

# %% right: a fraction close to it
def degree(f, x):
    from fractions import Fraction
    q = (f(2 * x) / f(x)).item()
    if q <= 0:
        return None
    L = math.log2(q)
    if any(abs((f(a * x) / f(x)).item() - a**L) > 1e-9 * a**L for a in (0.3, 0.5, 1.1, 5, 9)):
        return None
    return float(Fraction(L).limit_denominator(10**6))

# %% wrong: says-none
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return Ls[0] if len(set(Ls)) == 1 else None

# %% wrong: says-none -- prints
def degree(f, x):
    print(math.log2((f(2 * x) / f(x)).abs()))

# %% wrong: any-degree
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return Ls[0] if max(Ls) - min(Ls) < 1e-7 and Ls[0] >= 0 else None

# %% wrong: any-degree -- a list of candidates
def degree(f, x):
    for L in np.arange(-8, 8.5, 0.5):
        if all(abs((f(a * x) - a**L * f(x)).item()) < 1e-9 * abs(f(x).item()) * a**L for a in (0.5, 2.0, 3.0)):
            return float(L)
    return None

# %% wrong: negative-alpha -- and its logarithm
def degree(f, x):
    Ls = []
    for a in (-3.0, -2.0, 2.0, 3.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return Ls[0] if max(Ls) - min(Ls) < 1e-8 else None

# %% wrong: negative-alpha -- absolute values
def degree(f, x):
    Ls = [math.log(abs((f(a * x) / f(x)).item())) / math.log(abs(a)) for a in (-3.0, -2.0, 2.0, 3.0)]
    return Ls[0] if max(Ls) - min(Ls) < 1e-8 else None

# %% wrong: loose-comparison
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return Ls[0] if max(Ls) - min(Ls) < 0.1 else None

# %% wrong: rounded -- to two digits
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return round(Ls[0], 2) if max(Ls) - min(Ls) < 1e-7 else None

# %% wrong: rounded -- before the comparison
def degree(f, x):
    Ls = set()
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.add(round(math.log(q) / math.log(a)))
    return Ls.pop() if len(Ls) == 1 else None

# %% wrong: reciprocal
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(a) / math.log(q))
    return Ls[0] if max(Ls) - min(Ls) < 1e-7 else None

# %% wrong: euler-not-divided
def degree(f, x):
    p = x.detach().clone().requires_grad_()
    value = f(p)
    g, = torch.autograd.grad(value, p)
    return (g * p).sum().item()

# %% wrong: zero-is-a-degree -- a relative tolerance
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return Ls[0] if all(math.isclose(L, Ls[0]) for L in Ls) else None

# %% wrong: single-alpha -- the mean of several
def degree(f, x):
    Ls = []
    for a in (0.25, 0.6, 1.5, 3.0, 8.0):
        q = (f(a * x) / f(x)).item()
        if q <= 0:
            return None
        Ls.append(math.log(q) / math.log(a))
    return sum(Ls) / len(Ls)
