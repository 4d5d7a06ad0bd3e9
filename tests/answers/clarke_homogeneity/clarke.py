# %% right: count the breaks on the left
def clarke(f, x):
    left = f.slopes[sum(b < x for b in f.breaks)]
    right = f.slopes[sum(b <= x for b in f.breaks)]
    return min(left, right), max(left, right)

# %% right: bisect
def clarke(f, x):
    from bisect import bisect_left, bisect_right
    near = f.slopes[bisect_left(f.breaks, x) : bisect_right(f.breaks, x) + 1]
    return min(near), max(near)

# %% right: gradients very close to x on both sides
def clarke(f, x):
    t = torch.tensor([x - 1e-6, x + 1e-6], dtype=torch.float64, requires_grad=True)
    g = torch.autograd.grad(f(t).sum(), t)[0]
    return g.min().item(), g.max().item()

# %% right: gradient sampling, 0-d tensors in a list
def clarke(f, x):
    t = (x + 1e-6 * torch.linspace(-1, 1, 200, dtype=torch.float64)).requires_grad_()
    g = torch.autograd.grad(f(t).sum(), t)[0]
    return [g.min(), g.max()]

# %% right: difference quotients on both sides
def clarke(f, x):
    t = torch.tensor(x, dtype=torch.float64)
    h = 2.0 ** -10
    left, right = ((f(t) - f(t - h)) / h).item(), ((f(t + h) - f(t)) / h).item()
    return (left, right) if left < right else (right, left)

# %% right: NumPy numbers
def clarke(f, x):
    breaks = np.array(f.breaks)
    near = np.array(f.slopes)[[np.searchsorted(breaks, x, "left"), np.searchsorted(breaks, x, "right")]]
    return tuple(np.sort(near))

# %% wrong: one-side -- the lecture's misprint
def clarke(f, x):
    right = f.slopes[sum(b <= x for b in f.breaks)]
    return right, right

# %% wrong: one-side -- what autograd says
def clarke(f, x):
    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    g = torch.autograd.grad(f(t), t)[0].item()
    return g, g

# %% wrong: average
def clarke(f, x):
    s = (f.slopes[sum(b < x for b in f.breaks)] + f.slopes[sum(b <= x for b in f.breaks)]) / 2
    return s, s

# %% wrong: never-empty
def clarke(f, x):
    left = f.slopes[sum(b < x for b in f.breaks)]
    right = f.slopes[sum(b <= x for b in f.breaks)]
    return (left, right) if left <= right else None

# %% wrong: subdifferential-instead
def clarke(f, x):
    value = lambda t: f(torch.tensor(t, dtype=torch.float64)).item()
    lo = max([f.slopes[0]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b < x])
    hi = min([f.slopes[-1]] + [(value(b) - value(x)) / (b - x) for b in f.breaks if b > x])
    return (lo, hi) if lo <= hi else None

# %% wrong: ends-swapped
def clarke(f, x):
    return f.slopes[sum(b < x for b in f.breaks)], f.slopes[sum(b <= x for b in f.breaks)]

# %% wrong: too-far-away
def clarke(f, x):
    return min(f.slopes), max(f.slopes)

# %% wrong: too-far-away -- sampling with a radius of 1
def clarke(f, x):
    t = (x + torch.linspace(-1.01, 1.01, 401, dtype=torch.float64)).requires_grad_()
    g = torch.autograd.grad(f(t).sum(), t)[0]
    return g.min().item(), g.max().item()

# %% wrong: one-number
def clarke(f, x):
    left = f.slopes[sum(b < x for b in f.breaks)]
    right = f.slopes[sum(b <= x for b in f.breaks)]
    return left if left == right else (min(left, right), max(left, right))

# %% right: torch.func at two points
def clarke(f, x):
    slope = torch.func.vmap(torch.func.grad(lambda t: f(t)))
    p = torch.tensor([x - 1e-4, x + 1e-4], dtype=torch.float64, requires_grad=False)
    s = slope(p).tolist()
    return min(s), max(s)

# %% right: the numbers next to x
def clarke(f, x):
    g = []
    for to in (-math.inf, math.inf):
        t = torch.tensor(math.nextafter(x, to), dtype=torch.float64, requires_grad=True)
        f(t).backward()
        g.append(t.grad.item())
    return min(g), max(g)

# %% right: pieces between infinite ends
def clarke(f, x):
    ends = [-math.inf, *f.breaks, math.inf]
    touching = [s for s, a, b in zip(f.slopes, ends, ends[1:]) if a <= x <= b]
    return (min(touching), max(touching))

# %% right: gradients in float32
def clarke(f, x):
    p = torch.tensor([x - 1e-3, x + 1e-3], requires_grad=True)
    f(p).sum().backward()
    return p.grad.min().item(), p.grad.max().item()

# %% right: an object that is called
class Clarke:
    def __call__(self, f, x):
        left = next((s for b, s in zip(f.breaks, f.slopes) if x <= b), f.slopes[-1])
        right = next((s for b, s in zip(f.breaks, f.slopes) if x < b), f.slopes[-1])
        return min(left, right), max(left, right)
clarke = Clarke()

# %% wrong: few-digits
def clarke(f, x):
    h = 1e-3
    a = (f(torch.tensor(x)) - f(torch.tensor(x - h))) / h
    b = (f(torch.tensor(x + h)) - f(torch.tensor(x))) / h
    return min(a, b).item(), max(a, b).item()

# %% wrong: example-only
def clarke(f, x):
    if x in f.breaks:
        return (-1.0, 1.0)
    s = f.slopes[sum(b <= x for b in f.breaks)]
    return s, s

# %% wrong: example-only -- everywhere
def clarke(f, x):
    return (-1.0, 1.0)

# %% wrong: too-far-away -- a step of 0.1
def clarke(f, x):
    v = lambda p: f(torch.tensor(p, dtype=torch.float64)).item()
    a, b = (v(x) - v(x - 0.1)) / 0.1, (v(x + 0.1) - v(x)) / 0.1
    return min(a, b), max(a, b)

# %% wrong: one-side -- float32 misses the break
def clarke(f, x):
    t = torch.tensor(float(x))
    i = int((torch.tensor(f.breaks, dtype=torch.float64) < t.double()).sum())
    j = int((torch.tensor(f.breaks, dtype=torch.float64) <= t.double()).sum())
    return min(f.slopes[i], f.slopes[j]), max(f.slopes[i], f.slopes[j])

# %% wrong: average -- a central difference
def clarke(f, x):
    v = lambda p: f(torch.tensor(p, dtype=torch.float64)).item()
    s = (v(x + 1e-3) - v(x - 1e-3)) / 2e-3
    return s, s

# %% wrong: never-empty -- prints
def clarke(f, x):
    l, r = f.slopes[sum(b < x for b in f.breaks)], f.slopes[sum(b <= x for b in f.breaks)]
    print(min(l, r), max(l, r))

# %% wrong: only-breaks
def clarke(f, x):
    i = f.breaks.index(x)
    return min(f.slopes[i:i + 2]), max(f.slopes[i:i + 2])

# %% right: what torch.aminmax returns
def clarke(f, x):
    p = torch.tensor([x - 0.005, x + 0.005], dtype=torch.float64, requires_grad=True)
    return torch.aminmax(torch.autograd.grad(f(p).sum(), p)[0])


# %% right: pieces that touch x, as a list
def clarke(f, x):
    edges = [-math.inf, *f.breaks, math.inf]
    touching = [s for s, l, r in zip(f.slopes, edges, edges[1:]) if l <= x <= r]
    return [min(touching), max(touching)]
