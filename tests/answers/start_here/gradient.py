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

# %% wrong: left-grad -- backward fills the leaves that f closes over
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

# %% wrong: requires-grad-left-on
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
