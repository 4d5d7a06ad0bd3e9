# %% right: the squared quotient
def soft_sign_slope(x, lam):
    root = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    b = torch.hypot(x, root)
    return (root / b) ** 2 / b

# %% right: three divisions
def soft_sign_slope(x, lam):
    b = torch.hypot(x, torch.sqrt(torch.as_tensor(lam, dtype=x.dtype)))
    return lam / b / b / b

# %% right: three divisions by a plain root, whose squares stay in range
def soft_sign_slope(x, lam):
    b = torch.sqrt(x**2 + lam)
    return lam / b / b / b

# %% right: division by B² first
def soft_sign_slope(x, lam):
    square = x * x + lam
    return (lam / square) / square.sqrt()

# %% right: a product of three quotients
def soft_sign_slope(x, lam):
    root = (torch.zeros_like(x) + lam).sqrt()
    b = torch.hypot(x, root)
    c = root / b
    return c * c * (1 / b)

# %% right: rescaled to λ = 1
def soft_sign_slope(x, lam):
    root = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    c = 1 / torch.hypot(x / root, torch.ones_like(x))
    return c * c * (c / root)

# %% half: cancellation -- autograd of the soft sign
def soft_sign_slope(x, lam):
    point = x if x.requires_grad else x.clone().requires_grad_(True)
    s = point / torch.sqrt(point**2 + lam)
    return torch.autograd.grad(s.sum(), point, create_graph=True)[0]

# %% half: cancellation -- the quotient rule by hand
def soft_sign_slope(x, lam):
    b = torch.sqrt(x**2 + lam)
    return 1 / b - x**2 / b**3

# %% half: cancellation -- one minus the square
def soft_sign_slope(x, lam):
    b = torch.hypot(x, torch.as_tensor(lam, dtype=x.dtype).sqrt())
    s = x / b
    return (1 - s**2) / b

# %% half: cancellation -- factored, for positive x only half the battle
def soft_sign_slope(x, lam):
    b = torch.sqrt(x**2 + lam)
    s = x / b
    return (1 - s) * (1 + s) / b

# %% half: overflow
def soft_sign_slope(x, lam):
    return lam / torch.sqrt(x**2 + lam) ** 3

# %% half: overflow -- hypot does not help the cube
def soft_sign_slope(x, lam):
    b = torch.hypot(x, torch.as_tensor(lam, dtype=x.dtype).sqrt())
    return lam / b**3

# %% half: overflow -- a power of three halves
def soft_sign_slope(x, lam):
    return lam * (x**2 + lam) ** -1.5

# %% wrong: quotient-rule-cut-short
def soft_sign_slope(x, lam):
    return 1 / torch.sqrt(x**2 + lam)

# %% wrong: square-for-cube
def soft_sign_slope(x, lam):
    return lam / (x**2 + lam)

# %% wrong: lam-squared
def soft_sign_slope(x, lam):
    return lam**2 / (x**2 + lam**2) ** 1.5

# %% wrong: sign-not-slope
def soft_sign_slope(x, lam):
    return x / torch.sqrt(x**2 + lam)

# %% wrong: lam-forgotten
def soft_sign_slope(x, lam):
    return (x**2 + lam) ** -1.5

# %% wrong: sign-flipped
def soft_sign_slope(x, lam):
    b = torch.sqrt(x**2 + lam)
    return -lam / b / b / b

# %% wrong: hard-slope
def soft_sign_slope(x, lam):
    return torch.zeros_like(x)

# %% half: graph-cut
def soft_sign_slope(x, lam):
    b = torch.sqrt(x.detach() ** 2 + lam)
    return (lam / b / b / b).detach()

# %% half: lam-cut
def soft_sign_slope(x, lam):
    b = torch.hypot(x, torch.full_like(x, math.sqrt(lam)))
    return float(lam) / b / b / b

# %% wrong: float32-inside
def soft_sign_slope(x, lam):
    root = torch.as_tensor(lam, dtype=torch.float64).sqrt().float()
    b = torch.hypot(x.float(), root)
    return ((root / b) ** 2 / b).to(x.dtype)

# %% right: a loop over the entries
def soft_sign_slope(x, lam):
    r = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    out = []
    for v in x.reshape(-1):
        b = torch.hypot(v, r)
        out.append((r / b) ** 2 / b)
    return torch.stack(out).reshape(x.shape)

# %% right: three divisions by B, its square in range
def soft_sign_slope(x, lam):
    b = torch.sqrt(x**2 + lam)
    return lam / b / b / b

# %% right: where split
def soft_sign_slope(x, lam):
    r = torch.as_tensor(lam, dtype=x.dtype).sqrt().expand_as(x)
    big = x.abs() > r
    t = torch.where(big, r / torch.where(big, x, torch.ones_like(x)), x / r)
    d = torch.sqrt(1 + t * t)
    m = torch.where(big, x.abs(), r)
    q = torch.where(big, t / d, 1 / d)
    return q * q / (m * d)

# %% right: the larger leg taken out
def soft_sign_slope(x, lam):
    root = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    large, small = torch.maximum(x.abs(), root), torch.minimum(x.abs(), root)
    B = large * torch.sqrt(1 + (small / large) ** 2)
    return (root / B) ** 2 / B

# %% right: logarithms, good to 1e-13
def soft_sign_slope(x, lam):
    lam = torch.as_tensor(lam, dtype=x.dtype)
    return torch.exp(torch.log(lam) - 3 * torch.log(torch.hypot(x, lam.sqrt())))

# %% half: overflow -- x/√λ cubed
def soft_sign_slope(x, lam):
    root = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    h = torch.hypot(x / root, torch.ones((), dtype=x.dtype))
    return 1 / h / h / h / root

# %% half: small-number-added
def soft_sign_slope(x, lam):
    return lam / (torch.sqrt(x**2 + lam) ** 3 + 1e-12)

# %% wrong: finite-differences
def soft_sign_slope(x, lam):
    def S(z):
        return z / torch.sqrt(z**2 + lam)
    return (S(x + 1e-6) - S(x - 1e-6)) / 2e-6

# %% wrong: wrong-shape -- a diagonal matrix
def soft_sign_slope(x, lam):
    root = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    B = torch.hypot(x, root)
    return torch.diag(((root / B) ** 2 / B).flatten())

# %% half: graph-cut -- autograd without create_graph
def soft_sign_slope(x, lam):
    point = x.detach().clone().requires_grad_(True)
    lam = torch.as_tensor(lam, dtype=torch.float64)
    return torch.autograd.grad((point / torch.hypot(point, lam.sqrt().to(x.dtype))).sum(), point)[0]
