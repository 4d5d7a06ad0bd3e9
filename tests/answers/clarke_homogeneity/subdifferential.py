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

# %% wrong: one-slope -- only kinks have a set
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

# %% right: the slopes are integrated, f is not called
def subdifferential(f, x):
    def rise(a, b):
        # the integral of the slope from a to b, a < b
        cuts = [a] + [t for t in f.breaks if a < t < b] + [b]
        total = 0.0
        for left, right in zip(cuts[:-1], cuts[1:]):
            middle = (left + right) / 2
            total += f.slopes[sum(t <= middle for t in f.breaks)] * (right - left)
        return total
    lower = [f.slopes[0]] + [rise(b, x) / (x - b) for b in f.breaks if b < x]
    upper = [f.slopes[-1]] + [rise(x, b) / (b - x) for b in f.breaks if b > x]
    if max(lower) <= min(upper):
        return (max(lower), min(upper))
    return None

# %% right: the lower convex hull, point by point
def subdifferential(f, x):
    value = lambda p: f(torch.tensor(p, dtype=torch.float64)).item()
    x = float(x)
    points = sorted(set(f.breaks) | {x})
    if f.slopes[0] > f.slopes[-1]:
        return None
    hull = []
    for p in points:
        hull.append((p, value(p)))
        while len(hull) > 2:
            (a, fa), (b, fb), (c, fc) = hull[-3:]
            if (fb - fa) * (c - b) > (fc - fb) * (b - a) + 1e-12:
                hull.pop(-2)
            else:
                break
    slope = [(v2 - v1) / (p2 - p1) for (p1, v1), (p2, v2) in zip(hull, hull[1:])]
    # the unbounded pieces cut the hull from both ends
    lefts = [s for (p, v), s in zip(hull, slope)]
    def on_hull():
        return any(p == x for p, v in hull)
    if not on_hull():
        return None
    i = [p for p, v in hull].index(x)
    lo = max([f.slopes[0]] + lefts[:i])
    hi = min([f.slopes[-1]] + lefts[i:])
    return (lo, hi) if lo <= hi + 1e-12 else None

# %% right: a linear programme
def subdifferential(f, x):
    from scipy.optimize import linprog
    v = lambda p: f(torch.tensor(float(p), dtype=torch.float64)).item()
    A = [[b - x] for b in f.breaks if b != x] or None
    c = [v(b) - v(x) for b in f.breaks if b != x] or None
    out = []
    if f.slopes[0] > f.slopes[-1]:
        return None
    for sign in (1, -1):
        r = linprog([sign], A_ub=A, b_ub=c, bounds=[(f.slopes[0], f.slopes[-1])])
        if not r.success:
            return None
        out.append(r.x[0])
    return tuple(out)

# %% right: exact fractions
def subdifferential(f, x):
    from fractions import Fraction as Q
    breaks, slopes, x = [Q(b) for b in f.breaks], [Q(s) for s in f.slopes], Q(x)
    def integral(a, b):
        if a > b:
            return -integral(b, a)
        total, start = Q(0), a
        for t, s in zip(breaks + [None], slopes):
            end = b if t is None else min(t, b)
            if end > start:
                total += s * (end - start)
                start = end
        return total
    lo = max([slopes[0]] + [integral(x, b) / (b - x) for b in breaks if b < x])
    hi = min([slopes[-1]] + [integral(x, b) / (b - x) for b in breaks if b > x])
    return (float(lo), float(hi)) if lo <= hi else None

# %% right: values in float32
def subdifferential(f, x):
    at = lambda p: f(torch.tensor(p)).item()
    qs = [((at(b) - at(x)) / (b - x), b) for b in f.breaks if b != x]
    lo = max([f.slopes[0]] + [q for q, b in qs if b < x])
    hi = min([f.slopes[-1]] + [q for q, b in qs if b > x])
    if lo > hi:
        return None
    return (lo, hi)

# %% right: recursion over breaks
def subdifferential(f, x, breaks=None):
    if breaks is None:
        breaks = f.breaks
    if not breaks:
        return (f.slopes[0], f.slopes[-1]) if f.slopes[0] <= f.slopes[-1] else None
    rest = subdifferential(f, x, breaks[1:])
    if rest is None or breaks[0] == x:
        return rest
    two = f(torch.tensor([breaks[0], x], dtype=torch.float64)).tolist()
    q = (two[0] - two[1]) / (breaks[0] - x)
    lo, hi = rest
    if breaks[0] > x:
        hi = min(hi, q)
    else:
        lo = max(lo, q)
    return (lo, hi) if lo <= hi else None

# %% right: far points for infinity, with a tolerance
def subdifferential(f, x):
    """Far away the quotient is the last slope up to rounding."""
    def value(p):
        return f(torch.tensor(float(p), dtype=torch.float64)).item()
    candidates = [-1e9, *f.breaks, 1e9]
    lows = [(value(p) - value(x)) / (p - x) for p in candidates if p < x]
    highs = [(value(p) - value(x)) / (p - x) for p in candidates if p > x]
    lo, hi = max(lows), min(highs)
    if abs(lo - hi) < 1e-7:
        return lo, lo
    return (lo, hi) if lo < hi else None

# %% right: every slope tried
def subdifferential(f, x):
    v = lambda p: f(torch.tensor(float(p), dtype=torch.float64)).item()
    chords = [(v(b) - v(x)) / (b - x) for b in f.breaks if b != x]
    candidates = chords + list(f.slopes)
    def supports(s):
        if s < f.slopes[0] - 1e-9 or s > f.slopes[-1] + 1e-9:
            return False
        return all(v(b) >= v(x) + s * (b - x) - 1e-9 for b in f.breaks)
    good = [s for s in candidates if supports(s)]
    return (min(good), max(good)) if good else None

# %% wrong: bounds-crossed
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b > x])
    return min(lo, hi), max(lo, hi)

# %% wrong: bounds-crossed -- a tolerance of ½
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b > x])
    return (min(lo, hi), max(lo, hi)) if lo <= hi + 0.5 else None

# %% wrong: loosest-bounds
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = min([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b < x])
    hi = max([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else None

# %% wrong: quotient-sign
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(at(x) - at(b)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(at(x) - at(b)) / (b - x) for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else None

# %% wrong: infinities-swapped
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = max([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else None

# %% wrong: only-far-away
def subdifferential(f, x):
    lo, hi = f.slopes[0], f.slopes[-1]
    return (lo, hi) if lo <= hi else None

# %% wrong: next-breaks-only
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    L = [b for b in f.breaks if b < x][-1:]
    R = [b for b in f.breaks if b > x][:1]
    lo = max([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in L])
    hi = min([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in R])
    return (lo, hi) if lo <= hi else None

# %% wrong: few-digits
def subdifferential(f, x):
    v = lambda p: f(torch.tensor(float(p), dtype=torch.float64)).item()
    pts = [-1e4, *f.breaks, 1e4]
    lo = max((v(p) - v(x)) / (p - x) for p in pts if p < x)
    hi = min((v(p) - v(x)) / (p - x) for p in pts if p > x)
    return (min(lo, hi), max(lo, hi)) if lo <= hi + 1e-2 else None

# %% wrong: forgets-unbounded -- ends at infinity
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = max((((at(b) - at(x)) / (b - x)) for b in f.breaks if b < x), default=-math.inf)
    hi = min((((at(b) - at(x)) / (b - x)) for b in f.breaks if b > x), default=math.inf)
    return (lo, hi) if lo <= hi else None

# %% wrong: wrong-length
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b > x])
    if lo == hi:
        return (lo,)
    return (lo, hi) if lo <= hi else None

# %% wrong: too-wide
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    near = [b for b in f.breaks if b != x and abs(b - x) <= 1]
    lo = max([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in near if b < x])
    hi = min([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in near if b > x])
    return (lo, hi) if lo <= hi else None

# %% wrong: finds-nothing -- prints
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(at(b) - at(x)) / (b - x) for b in f.breaks if b > x])
    print((lo, hi) if lo <= hi else None)

# %% wrong: break-at-x
def subdifferential(f, x):
    at = lambda point: f(torch.tensor(point, dtype=torch.float64)).item()
    q = {b: (at(b) - at(x)) / (b - x) for b in f.breaks}
    lo = max([f.slopes[0]] + [q[b] for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [q[b] for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else None


# %% right: slopes to points beyond all breaks, too
import bisect
def subdifferential(f, x):
    far = [min([x, *f.breaks]) - 1.0, *f.breaks, max([x, *f.breaks]) + 1.0]
    fx = f(torch.tensor([x], dtype=torch.float64))[0]
    lo, hi = -math.inf, math.inf
    for p in far:
        if p == x: continue
        q = ((f(torch.tensor([p], dtype=torch.float64))[0] - fx) / (p - x)).item()
        if p < x: lo = max(lo, q)
        else: hi = min(hi, q)
    lo = max(lo, f.slopes[0]); hi = min(hi, f.slopes[-1])
    return None if lo > hi else (lo, hi)

# %% wrong: one-slope -- empty by rounding
def subdifferential(f, x):
    g = lambda t: f(torch.tensor(float(t), dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(g(b) - g(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(g(b) - g(x)) / (b - x) for b in f.breaks if b > x])
    far = x + 1.0
    pieces = [f.slopes[k] for k in range(len(f.slopes))]
    left = [s for s, b in zip(f.slopes, f.breaks) if b >= x][:1] or [f.slopes[-1]]
    right = [s for s, b in zip(f.slopes[::-1], f.breaks[::-1]) if b <= x][:1] or [f.slopes[0]]
    lo, hi = max(lo, left[0]) + 1e-14, min(hi, right[0])
    return (lo, hi) if lo <= hi else None

# %% wrong: one-slope -- less in the place of less or equal
def subdifferential(f, x):
    g = lambda t: f(torch.tensor(float(t), dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(g(b) - g(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(g(b) - g(x)) / (b - x) for b in f.breaks if b > x])
    left = [s for s, b in zip(f.slopes, f.breaks) if b >= x][:1] or [f.slopes[-1]]
    right = [s for s, b in zip(f.slopes[::-1], f.breaks[::-1]) if b <= x][:1] or [f.slopes[0]]
    lo, hi = max(lo, left[0]), min(hi, right[0])
    return (lo, hi) if lo < hi else None
