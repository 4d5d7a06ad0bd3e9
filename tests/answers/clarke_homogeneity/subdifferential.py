# %% right: difference quotients to every break, and the slopes at both infinities
def subdifferential(f, x):
    def value(t):
        return f(torch.tensor(t, dtype=torch.float64)).item()

    lo, hi = f.slopes[0], f.slopes[-1]
    for b in f.breaks:
        if b < x:
            lo = max(lo, (value(b) - value(x)) / (b - x))
        elif b > x:
            hi = min(hi, (value(b) - value(x)) / (b - x))
    return (lo, hi) if lo <= hi else None

# %% right: with the slopes next to x, in NumPy
def subdifferential(f, x):
    breaks, slopes = np.array(f.breaks), np.array(f.slopes)
    fx, fb = float(f(torch.tensor(x).double())), f(torch.tensor(breaks)).numpy()
    left, right = breaks < x, breaks > x
    lows = np.append((fx - fb[left]) / (x - breaks[left]), slopes[0])
    highs = np.append((fb[right] - fx) / (breaks[right] - x), slopes[-1])
    lo, hi = lows.max(), highs.min()
    return None if lo > hi else (lo, hi)

# %% right: 0-d tensors in float32
def subdifferential(f, x):
    at = torch.tensor(float(x))
    lo, hi = torch.tensor(f.slopes[0]), torch.tensor(f.slopes[-1])
    for b in f.breaks:
        b = torch.tensor(b)
        if b != at:
            q = (f(b) - f(at)) / (b - at)
            if b < at:
                lo = torch.maximum(lo, q)
            else:
                hi = torch.minimum(hi, q)
    if lo > hi + 1e-6:
        return None
    return [lo, hi]

# %% right: the constraints at breaks and at far points, found from the pieces by hand
def subdifferential(f, x):
    knots = sorted(set(f.breaks) | {x})
    heights, here = {x: 0.0}, knots.index(x)
    def slope_on(a, b):
        return f.slopes[sum(t < (a + b) / 2 for t in f.breaks)]
    for i in range(here, len(knots) - 1):
        a, b = knots[i], knots[i + 1]
        heights[b] = heights[a] + slope_on(a, b) * (b - a)
    for i in range(here, 0, -1):
        a, b = knots[i - 1], knots[i]
        heights[a] = heights[b] - slope_on(a, b) * (b - a)
    lo = max([f.slopes[0]] + [heights[k] / (k - x) for k in knots if k < x])
    hi = min([f.slopes[-1]] + [heights[k] / (k - x) for k in knots if k > x])
    if lo - hi > 1e-9:
        return None
    return lo, max(lo, hi)

# %% right: it is the subdifferential of the convex hull of f, where that touches f
def subdifferential(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    candidates = {f.slopes[0], f.slopes[-1]}
    candidates |= {(value(b) - value(x)) / (b - x) for b in f.breaks if b != x}
    def supports(s):
        at_breaks = all(value(b) - value(x) - s * (b - x) >= -1e-9 for b in f.breaks)
        return at_breaks and f.slopes[0] <= s + 1e-9 and s <= f.slopes[-1] + 1e-9
    good = [s for s in candidates if supports(s)]
    return (min(good), max(good)) if good else None

# %% wrong: local-test
def subdifferential(f, x):
    left = f.slopes[sum(b < x for b in f.breaks)]
    right = f.slopes[sum(b <= x for b in f.breaks)]
    return (left, right) if left <= right else None

# %% wrong: local-test -- and no None
def subdifferential(f, x):
    return f.slopes[sum(b < x for b in f.breaks)], f.slopes[sum(b <= x for b in f.breaks)]

# %% wrong: clarke-instead
def subdifferential(f, x):
    near = f.slopes[sum(b < x for b in f.breaks)], f.slopes[sum(b <= x for b in f.breaks)]
    return min(near), max(near)

# %% wrong: forgets-unbounded
def subdifferential(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    lo, hi = f.slopes[sum(b < x for b in f.breaks)], f.slopes[sum(b <= x for b in f.breaks)]
    for b in f.breaks:
        if b < x:
            lo = max(lo, (value(b) - value(x)) / (b - x))
        elif b > x:
            hi = min(hi, (value(b) - value(x)) / (b - x))
    return (lo, hi) if lo <= hi else None

# %% wrong: forgets-unbounded -- looks between −10 and 10
def subdifferential(f, x):
    t = torch.cat([torch.linspace(-10, 10, 4001, dtype=torch.float64), torch.tensor(f.breaks, dtype=torch.float64)])
    t = t[(t - x).abs() > 1e-9]
    q = (f(t) - f(torch.tensor(x, dtype=torch.float64))) / (t - x)
    lo, hi = q[t < x].max().item(), q[t > x].min().item()
    return (lo, hi) if lo <= hi + 1e-9 else None

# %% wrong: none-for-empty
def subdifferential(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    lo, hi = f.slopes[0], f.slopes[-1]
    for b in f.breaks:
        if b < x:
            lo = max(lo, (value(b) - value(x)) / (b - x))
        elif b > x:
            hi = min(hi, (value(b) - value(x)) / (b - x))
    return lo, hi

# %% wrong: none-for-empty -- an empty tuple
def subdifferential(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else ()

# %% wrong: superdifferential
def subdifferential(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    hi = min([f.slopes[0]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b < x])
    lo = max([f.slopes[-1]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else None

# %% wrong: one-number
def subdifferential(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b > x])
    if lo == hi:
        return lo
    return (lo, hi) if lo < hi else None

# %% wrong: autograd-value
def subdifferential(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    s = torch.autograd.grad(f(t), t)[0].item()
    return s, s

# %% wrong: ends-swapped
def subdifferential(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b > x])
    return (hi, lo) if lo <= hi else None

# %% wrong: finds-nothing -- only kinks have a set
def subdifferential(f, x):
    if x not in f.breaks:
        return None
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else None

# %% wrong: raised
def subdifferential(f, x):
    quotients = [(f(b) - f(x)) / (b - x) for b in f.breaks if b != x]
    return min(quotients), max(quotients)
