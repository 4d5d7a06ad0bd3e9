# %% right: bisection on both sides
def smooth_prox_slope(y, T, lam):
    size = y.abs() + 0 * T
    low, high = -size, size
    for _ in range(200):
        middle = (low + high) / 2
        above = middle + T * middle / torch.sqrt(middle**2 + lam) > y
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
    return 1 / (1 + lam * T / torch.sqrt(low**2 + lam) ** 3)

# %% right: Newton from zero, on absolute values
def smooth_prox_slope(y, T, lam):
    size, x = y.abs(), 0 * (y + 0 * T)
    for _ in range(60):
        B = torch.sqrt(x * x + lam)
        x = x - (x + T * x / B - size) / (1 + lam * T / B**3)
    B = torch.sqrt(x * x + lam)
    return 1 / (1 + lam * T / B**3)

# %% right: autograd of the map x -> y, at the root
def smooth_prox_slope(y, T, lam):
    low, high = torch.zeros_like(y + 0 * T), (y + 0 * T).abs()
    for _ in range(1100):
        mid = low + (high - low) / 2
        low = torch.where(mid + T * mid / (mid**2 + lam) ** 0.5 < y.abs(), mid, low)
        high = torch.where(mid == low, high, mid)
    x = low.detach().requires_grad_(True)
    back = x + T * x / torch.sqrt(x**2 + lam)
    return 1 / torch.autograd.grad(back.sum(), x)[0]

# %% right: autograd through Newton from zero
def smooth_prox_slope(y, T, lam):
    point = y.detach().clone().requires_grad_(True)
    sign, size = torch.sign(point.detach()), point * torch.sign(point.detach())
    x = torch.zeros_like(y + 0 * T)
    for _ in range(50):
        B = torch.sqrt(x * x + lam)
        x = x - (x + T * x / B - size) / (1 + lam * T / B**3)
    if x.shape == y.shape:
        slope = torch.autograd.grad((sign * x).sum(), point)[0]
        return torch.where(y == 0, 1 / (1 + T / torch.sqrt(torch.as_tensor(lam, dtype=y.dtype))), slope)
    B = torch.sqrt(x * x + lam)
    return (1 / (1 + lam * T / B**3)).detach()

# %% right: scipy's brentq, entry by entry
def smooth_prox_slope(y, T, lam):
    from scipy.optimize import brentq

    lam = float(lam)
    ys, Ts = torch.broadcast_tensors(y, torch.as_tensor(T, dtype=y.dtype))
    slopes = []
    for yi, Ti in zip(ys.reshape(-1).tolist(), Ts.reshape(-1).tolist()):
        r = abs(yi) + 1
        x = brentq(lambda x: x + Ti * x / math.sqrt(x * x + lam) - yi, -r, r)
        slopes.append(1 / (1 + lam * Ti / math.sqrt(x * x + lam) ** 3))
    return torch.tensor(slopes, dtype=y.dtype).reshape(ys.shape)

# %% right: the roots of a quartic
def smooth_prox_slope(y, T, lam):
    lam = float(lam)
    ys, Ts = np.broadcast_arrays(y.numpy().astype(float), np.asarray(T, dtype=float))
    out = np.empty(ys.shape)
    for index in np.ndindex(ys.shape):
        a, t = abs(ys[index]), Ts[index]
        # (x − a)²(x² + λ) = T²x²
        roots = np.roots([1, -2 * a, a * a + lam - t * t, -2 * a * lam, a * a * lam])
        real = roots.real[abs(roots.imag) < 1e-6 * (1 + abs(roots))]
        x = min(real, key=lambda x: abs(x + t * x / math.sqrt(x * x + lam) - a))
        for _ in range(3):
            B = math.sqrt(x * x + lam)
            x -= (x + t * x / B - a) / (1 + lam * t / B**3)
        out[index] = 1 / (1 + lam * t / (x * x + lam) ** 1.5)
    return torch.from_numpy(out).to(y.dtype)

# %% wrong: not-your-own -- the package's own minimiser
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox
    from gradlab.maths.soft import soft_sign_slope

    return 1 / (1 + T * soft_sign_slope(smooth_prox(y, T, lam), lam))

# %% wrong: reciprocal
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return 1 + lam * T / (smooth_prox(y, T, lam) ** 2 + lam) ** 1.5

# %% wrong: hard-slope
def smooth_prox_slope(y, T, lam):
    return (y.abs() > T).to(y.dtype) + 0 * T

# %% wrong: at-y
def smooth_prox_slope(y, T, lam):
    return 1 / (1 + lam * T / (y**2 + lam) ** 1.5)

# %% wrong: at-hard-threshold
def smooth_prox_slope(y, T, lam):
    x = y - torch.minimum(torch.maximum(y, 0 * y - T), 0 * y + T)
    return 1 / (1 + lam * T / (x**2 + lam) ** 1.5)

# %% wrong: wrong-power
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return 1 / (1 + lam * T / (smooth_prox(y, T, lam) ** 2 + lam))

# %% wrong: forgot-T
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return 1 / (1 + lam / (smooth_prox(y, T, lam) ** 2 + lam) ** 1.5)

# %% wrong: forgot-lam
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return 1 / (1 + T / (smooth_prox(y, T, lam) ** 2 + lam) ** 1.5)

# %% wrong: lam-squared
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return 1 / (1 + lam**2 * T / (smooth_prox(y, T, lam**2) ** 2 + lam**2) ** 1.5)

# %% wrong: value-not-slope
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return smooth_prox(y, T, lam)

# %% wrong: slope-in-T
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    x = smooth_prox(y, T, lam)
    B = torch.sqrt(x**2 + lam)
    return -(x / B) / (1 + lam * T / B**3)

# %% wrong: negative-y -- the bracket starts at zero
def smooth_prox_slope(y, T, lam):
    low, high = torch.zeros_like(y + 0 * T), y + 0 * T
    for _ in range(200):
        middle = (low + high) / 2
        above = middle + T * middle / torch.sqrt(middle**2 + lam) > y
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
    return 1 / (1 + lam * T / torch.sqrt(low**2 + lam) ** 3)

# %% wrong: newton-overshoots
def smooth_prox_slope(y, T, lam):
    x = y + 0 * T
    for _ in range(100):
        B = torch.sqrt(x * x + lam)
        x = x - (x + T * x / B - y) / (1 + lam * T / B**3)
    B = torch.sqrt(x * x + lam)
    return 1 / (1 + lam * T / B**3)

# %% wrong: unfinished -- eleven halvings
def smooth_prox_slope(y, T, lam):
    size = y.abs() + 0 * T
    low, high = -size, size
    for _ in range(11):
        middle = (low + high) / 2
        above = middle + T * middle / torch.sqrt(middle**2 + lam) > y
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
    middle = (low + high) / 2
    return 1 / (1 + lam * T / torch.sqrt(middle**2 + lam) ** 3)

# %% wrong: wrong-shape -- the slope of the sum
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return (1 / (1 + lam * T / (smooth_prox(y, T, lam) ** 2 + lam) ** 1.5)).sum().reshape(1, 1, 1)

# %% wrong: wrong-dtype
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox

    return 1 / (1 + lam * T / (smooth_prox(y.double(), T, lam) ** 2 + lam) ** 1.5)

# %% right: SciPy's brentq, entry by entry
def smooth_prox_slope(y, T, lam):
    from scipy.optimize import brentq
    Tb = torch.broadcast_to(torch.as_tensor(T).detach().double(), y.shape); l = float(lam); out = []
    for v, t in zip(y.detach().double().reshape(-1).tolist(), Tb.reshape(-1).tolist()):
        a = abs(v)
        x = brentq(lambda s: s + t * s / math.sqrt(s * s + l) - a, 0, a + 1e-300, xtol=1e-300, rtol=1e-15) if a > 0 else 0.0
        out.append(1 / (1 + t * l / (x * x + l)**1.5))
    return torch.tensor(out, dtype=y.dtype).reshape(y.shape)

# %% right: bisection in u with x = √λ sinh u
def smooth_prox_slope(y, T, lam):
    # x = sqrt(lam) sinh(u), T tanh(u)
    root = lam ** 0.5
    s = y.abs()
    lo = torch.zeros_like(s * torch.ones_like(torch.as_tensor(T, dtype=y.dtype)))
    hi = lo + torch.asinh(s / root)
    for _ in range(200):
        u = (lo + hi) / 2
        big = root * torch.sinh(u) + T * torch.tanh(u) > s
        hi, lo = torch.where(big, u, hi), torch.where(big, lo, u)
    u = (lo + hi) / 2
    return 1 / (1 + T / root / torch.cosh(u) ** 3)

# %% right: a recursion
def smooth_prox_slope(y, T, lam, lo=None, hi=None, n=0):
    if lo is None:
        lo = torch.zeros_like(y + T * torch.zeros_like(y)); hi = y.abs() + torch.zeros_like(lo)
    mid = (lo + hi) / 2
    if n == 100:
        return 1 / (1 + lam * T / (mid**2 + lam) ** 1.5)
    big = mid + T * mid / (mid**2 + lam) ** 0.5 > y.abs()
    return smooth_prox_slope(y, T, lam, torch.where(big, lo, mid), torch.where(big, mid, hi), n + 1)

# %% right: Newton in a bracket, float64 inside
def smooth_prox_slope(y, T, lam):
    dtype = y.dtype
    y = y.double()
    T = torch.as_tensor(T).double()
    lam = torch.as_tensor(lam).double()
    a, b = torch.zeros_like(y.abs() + T), y.abs() + 0 * T
    x = b / 2
    for _ in range(100):
        B = torch.hypot(x, lam.sqrt())
        r = x + T * x / B - y.abs()
        b = torch.where(r > 0, x, b)
        a = torch.where(r > 0, a, x)
        new = x - r / (1 + lam * T / B**3)
        x = torch.where((new > a) & (new < b), new, (a + b) / 2)
    B = torch.hypot(x, lam.sqrt())
    return torch.reciprocal(1 + lam * T / B / B / B).to(dtype)

# %% right: a class, forward mode
class Prox:
    def __init__(self, T, lam): self.T, self.lam = T, lam
    def root(self, y: torch.Tensor) -> torch.Tensor:
        s = y.detach().abs() + 0 * torch.as_tensor(self.T, dtype=y.dtype)
        lo, hi = torch.zeros_like(s), s
        for _ in range(100):
            m = (lo + hi) / 2
            lo, hi = torch.where(self.map(m) < s, m, lo), torch.where(self.map(m) < s, hi, m)
        return (lo + hi) / 2
    def map(self, x): return x + self.T * x / torch.sqrt(x * x + self.lam)
def smooth_prox_slope(y: torch.Tensor, T, lam) -> torch.Tensor:
    p = Prox(T, lam)
    x = p.root(y)
    return 1 / torch.func.jvp(p.map, (x,), (torch.ones_like(x),))[1]

# %% wrong: b-held-fixed
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox
    x = smooth_prox(y, T, lam)
    return 1 / (1 + T / (x**2 + lam) ** 0.5)

# %% wrong: sign
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox
    x = smooth_prox(y, T, lam)
    return 1 / (1 - lam * T / (x**2 + lam) ** 1.5)

# %% wrong: through-the-search
def smooth_prox_slope(y, T, lam):
    q = y.detach().clone().requires_grad_(True)
    low, high = torch.zeros_like(q), q.abs()
    for _ in range(100):
        mid = (low + high) / 2
        above = mid + T * mid / torch.sqrt(mid**2 + lam) > q.abs()
        high, low = torch.where(above, mid, high), torch.where(above, low, mid)
    return torch.autograd.grad(((low + high) / 2).sum(), q)[0]

# %% wrong: unfinished -- a wide difference quotient
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox
    h = 1e-3
    return (smooth_prox(y + h, T, lam) - smooth_prox(y - h, T, lam)) / (2 * h)

# %% wrong: negative-y -- the sign of y put back
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox
    x = smooth_prox(y, T, lam)
    return torch.sign(y) / (1 + lam * T / (x**2 + lam) ** 1.5)

# %% wrong: changed-input
def smooth_prox_slope(y, T, lam):
    from gradlab.maths.smooth_prox import smooth_prox
    x = smooth_prox(y, T, lam)
    y.abs_()
    return 1 / (1 + lam * T / (x**2 + lam) ** 1.5)


# %% right: a root finder of SciPy, entry by entry
from scipy.optimize import brentq
def smooth_prox_slope(y, T, lam):
    lam = float(lam)
    yb, Tb = torch.broadcast_tensors(y.detach(), torch.as_tensor(T, dtype=y.dtype))
    def one(a, t):
        s = abs(a)
        x = brentq(lambda m: m + t*m/math.sqrt(m*m+lam) - s, 0, s + 1e-300, xtol=1e-18) if s else 0.0
        return 1/(1+lam*t/math.sqrt(x*x+lam)**3)
    return torch.tensor([one(a, t) for a, t in zip(yb.flatten().tolist(), Tb.flatten().tolist())], dtype=y.dtype).reshape(yb.shape)

# %% wrong: newton-overshoots -- damped, from x = y
def smooth_prox_slope(y, T, lam):
    x = y.clone()
    for _ in range(100):
        B = torch.sqrt(x * x + lam)
        x = x - 0.5 * (x + T * x / B - y) / (1 + lam * T / B**3)
    B = torch.sqrt(x * x + lam)
    return 1 / (1 + lam * T / B**3)

# %% wrong: newton-overshoots -- undamped clone
def smooth_prox_slope(y, T, lam):
    x = y.clone()
    for _ in range(50):
        B = torch.sqrt(x * x + lam)
        x = x - 0.8 * (x + T * x / B - y) / (1 + lam * T / B**3)
    B = torch.sqrt(x * x + lam)
    return 1 / (1 + lam * T / B**3)
