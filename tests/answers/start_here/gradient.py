# %% right: autograd.grad on a detached copy
def gradient(f, x):
    point = x.detach().clone().requires_grad_(True)
    value = f(point)
    if not value.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(value, point, materialize_grads=True)[0]

# %% right: None replaced by zeros
def gradient(f, x):
    point = x.detach().requires_grad_()
    value = f(point)
    if value.grad_fn is None:
        return torch.zeros(x.shape, dtype=x.dtype)
    (slope,) = torch.autograd.grad(value, [point], allow_unused=True)
    return torch.zeros_like(x) if slope is None else slope

# %% right: torch.func
def gradient(f, x):
    return torch.func.grad(f)(x.detach())

# %% right: the functional jacobian
def gradient(f, x):
    return torch.autograd.functional.jacobian(f, x.detach())

# %% right: an empty graph made non-empty
def gradient(f, x):
    x = x.detach().requires_grad_(True)
    y = f(x) + 0 * x.sum()
    return torch.autograd.grad(y, x)[0].detach()

# %% right: torch.func.vjp
def gradient(f, x):
    value, pullback = torch.func.vjp(f, x.detach())
    return pullback(torch.ones_like(value))[0]

# %% half: left-grad -- backward fills the leaves that f closes over
def gradient(f, x):
    point = x.detach().clone().requires_grad_(True)
    value = f(point)
    if not value.requires_grad:
        return torch.zeros_like(x)
    value.backward()
    return torch.zeros_like(x) if point.grad is None else point.grad

# %% wrong: none-for-zero
def gradient(f, x):
    point = x.detach().clone().requires_grad_(True)
    value = f(point)
    if not value.requires_grad:
        return None
    return torch.autograd.grad(value, point, allow_unused=True)[0]

# %% wrong: unused-input
def gradient(f, x):
    point = x.detach().clone().requires_grad_(True)
    value = f(point)
    if not value.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(value, point)[0]

# %% wrong: empty-graph
def gradient(f, x):
    point = x.detach().clone().requires_grad_(True)
    return torch.autograd.grad(f(point), point, materialize_grads=True)[0]

# %% wrong: untracked-input
def gradient(f, x):
    return torch.autograd.grad(f(x), x, allow_unused=True)[0]

# %% wrong: tuple
def gradient(f, x):
    point = x.detach().clone().requires_grad_(True)
    return torch.autograd.grad(f(point) + 0 * point.sum(), point)

# %% wrong: value-not-gradient
def gradient(f, x):
    return f(x)

# %% wrong: sign
def gradient(f, x):
    return -torch.func.grad(f)(x.detach())

# %% wrong: finite-differences
def gradient(f, x):
    x = x.detach()
    flat, h = x.reshape(-1), 1e-3
    slopes = []
    for i in range(flat.numel()):
        step = torch.zeros_like(flat)
        step[i] = h
        slopes.append((f((flat + step).reshape(x.shape)) - f(x)).detach() / h)
    return torch.stack(slopes).reshape(x.shape)

# %% half: requires-grad-left-on
def gradient(f, x):
    x.requires_grad_(True)
    y = f(x) + 0 * x.sum()
    return torch.autograd.grad(y, x)[0]

# %% wrong: accumulated
def gradient(f, x):
    if not x.requires_grad:
        return torch.func.grad(f)(x)
    y = f(x) + 0 * x.sum()
    before = x.grad
    y.backward(inputs=[x])
    after = x.grad.clone()
    x.grad = before
    return after

# %% right: backward into the copy alone
def gradient(f, x):
    w = x.clone().detach().requires_grad_(True)
    v = f(w)
    if v.requires_grad:
        try:
            v.backward(inputs=[w])
        except RuntimeError:
            pass
    return w.grad if w.grad is not None else torch.zeros_like(w)

# %% right: an instance that is called
class Gradient:
    def __call__(self, f, x, create=False):
        point = x.detach().requires_grad_(True)
        value = f(point)
        if not value.requires_grad:
            return torch.zeros_like(x)
        return torch.autograd.grad(value, point, create_graph=create, materialize_grads=True)[0]
gradient = Gradient()

# %% right: requires_grad put back as it was
def gradient(f, x):
    had = x.requires_grad
    x.requires_grad_(True)
    v = f(x)
    g = torch.autograd.grad(v, x, materialize_grads=True)[0] if v.requires_grad else torch.zeros_like(x)
    x.requires_grad_(had)
    return g

# %% right: forward mode
def gradient(f, x):
    return torch.func.jacfwd(f)(x.detach())

# %% wrong: zero-without-shape
def gradient(f, x):
    p = x.detach().clone().requires_grad_(True)
    v = f(p)
    if not v.requires_grad: return 0
    g = torch.autograd.grad(v, p, allow_unused=True)[0]
    return 0 if g is None else g

# %% wrong: zero-without-shape -- a tensor without axes
def gradient(f, x):
    p = x.detach().clone().requires_grad_(True)
    v = f(p)
    if not v.requires_grad: return torch.tensor(0.)
    g = torch.autograd.grad(v, p, allow_unused=True)[0]
    return torch.tensor(0.) if g is None else g

# %% wrong: summed
def gradient(f, x):
    p = x.detach().clone().requires_grad_(True)
    v = f(p)
    if not v.requires_grad: return torch.zeros_like(p)
    return torch.autograd.grad(v, p, materialize_grads=True)[0].sum()

# %% half: wrong-dtype
def gradient(f, x):
    p = x.detach().double().clone().requires_grad_(True)
    v = f(p)
    if not v.requires_grad: return torch.zeros_like(p)
    return torch.autograd.grad(v, p, materialize_grads=True)[0]

# %% wrong: finite-differences -- central, entry by entry
def gradient(f, x):
    x = x.detach()
    g = torch.zeros_like(x)
    h = 1e-6
    for i in range(x.numel()):
        e = torch.zeros_like(x).reshape(-1); e[i] = h; e = e.reshape(x.shape)
        g.view(-1)[i] = (f(x + e) - f(x - e)).detach() / (2*h)
    return g

# %% right: one direction after the other, forward mode
def gradient(f, x):
    point = x.detach()
    found = torch.zeros_like(point)
    flat = found.view(-1)
    for i, e in enumerate(torch.eye(point.numel(), dtype=point.dtype)):
        flat[i] = torch.func.jvp(f, (point,), (e.reshape(point.shape),))[1].detach()
    return found

# %% right: a term of zero keeps x in every graph
def gradient(f, x):
    x = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(x) + 0 * x.sum(), x)[0]

# %% half: wrong-dtype -- zeros in the default dtype
def gradient(f, x):
    z = x.detach().clone().requires_grad_(True)
    y = f(z)
    if not y.requires_grad:
        return torch.zeros(x.shape)
    return torch.autograd.grad(y, z, materialize_grads=True)[0]

# %% wrong: not-a-tensor -- a list
def gradient(f, x):
    z = x.detach().clone().requires_grad_(True)
    y = f(z)
    if not y.requires_grad:
        return torch.zeros_like(x).tolist()
    return torch.autograd.grad(y, z, materialize_grads=True)[0].tolist()

# %% wrong: float32-inside
def gradient(f, x):
    z = x.detach().float().requires_grad_(True)
    y = f(z)
    if not y.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(y, z, materialize_grads=True)[0].to(x.dtype)

# %% wrong: always-zero -- under no_grad
@torch.no_grad()
def gradient(f, x):
    z = x.detach().clone().requires_grad_(True)
    y = f(z)
    if not y.requires_grad:
        return torch.zeros_like(x)
    return torch.autograd.grad(y, z, materialize_grads=True)[0]

# %% wrong: always-zero -- every error swallowed
def gradient(f, x):
    try:
        return torch.autograd.grad(f(x.detach()), x)[0]
    except Exception:
        return torch.zeros_like(x)

# %% wrong: caret
def gradient(f, x):
    z = (x.detach() ^ 1).requires_grad_(True)
    return torch.autograd.grad(f(z), z)[0]


# %% right: torch.func.vjp
def gradient(f, x):
    return torch.func.vjp(f, x.detach())[1](torch.ones((), dtype=x.dtype))[0]


# %% right: nothing times x, added
def gradient(f, x):
    z = x.detach().clone().requires_grad_()
    out = f(z) + (z*0).sum()
    return torch.autograd.grad(out, z)[0]
