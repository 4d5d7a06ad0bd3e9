# %% right: twice a
def missing_jump(a):
    return 2 * a

# %% right: the definition, term by term
def missing_jump(a):
    rise = (1 + a * 1) - (-1 + a * -1)
    return rise - 2

# %% right: autograd and the trapezoidal rule
def missing_jump(a):
    grid = torch.linspace(-1, 1, 1001, dtype=torch.float64, requires_grad=True)
    y = grid + a * torch.sign(grid)
    (slope,) = torch.autograd.grad(y.sum(), grid)
    return y[-1] - y[0] - torch.trapezoid(slope, grid)

# %% right: a mean in float32
def missing_jump(a):
    x = torch.linspace(-1, 1, 101, requires_grad=True)
    slope = torch.autograd.grad((x + float(a) * torch.sign(x)).sum(), x)[0]
    return (1 + a) - (-1 - a) - 2 * slope.mean().item()

# %% right: Python numbers
def missing_jump(a):
    return float(a) + float(a)

# %% wrong: trusted-autograd
def missing_jump(a):
    return 0.0

# %% wrong: trusted-autograd -- the rise of the integral itself
def missing_jump(a):
    x = torch.linspace(-1, 1, 1001, dtype=torch.float64)
    slope = torch.ones_like(x)
    return torch.trapezoid(slope, x) - (x[-1] - x[0])

# %% wrong: half-the-jump
def missing_jump(a):
    return a

# %% wrong: whole-rise
def missing_jump(a):
    return (1 + a) - (-1 - a)

# %% wrong: integral-only
def missing_jump(a):
    return 2.0

# %% wrong: sign-flipped
def missing_jump(a):
    return 2 - ((1 + a) - (-1 - a))

# %% wrong: lost-sign
def missing_jump(a):
    return 2 * abs(a)

# %% wrong: smoothed
def missing_jump(a):
    return 2 * a / math.sqrt(1 + 1e-2)

# %% wrong: returned-none
def missing_jump(a):
    2 * a

# %% right: SciPy's quad over autograd's slope
def missing_jump(a):
    from scipy.integrate import quad
    def slope(t):
        x = torch.tensor(t, dtype=torch.float64, requires_grad=True)
        return torch.autograd.grad(x + a * torch.sign(x), x)[0].item()
    return (1 + float(a)) - (-1 - float(a)) - quad(slope, -1, 1)[0]

# %% wrong: wrong-value -- right for one a, near for others
def missing_jump(a):
    return 1.0

# %% wrong: wrong-value -- twice the jump
def missing_jump(a):
    return 4 * a

# %% wrong: wrong-value -- close to 2a for a near 2 only
def missing_jump(a):
    return a**2
