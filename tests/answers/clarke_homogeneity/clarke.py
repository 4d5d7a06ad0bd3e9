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
