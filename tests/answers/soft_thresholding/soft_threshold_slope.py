# %% right: comparison
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return (y.abs() > T).to(y.dtype)

# %% right: comparison with equality
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y.abs() >= T, torch.ones_like(y), torch.zeros_like(y))

# %% right: heaviside, half at the kink
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.heaviside(y.detach().abs() - T, torch.tensor(0.5, dtype=y.dtype))

# %% right: autograd of the sum
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    point = y.detach().clone().requires_grad_(True)
    value = torch.sign(point) * torch.relu(point.abs() - T)
    return torch.autograd.grad(value.sum(), point)[0]

# %% right: autograd of maximum and minimum, attached
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    y = y.detach().requires_grad_(True)
    zero = torch.zeros_like(y)
    value = torch.maximum(y - T, zero) + torch.minimum(y + T, zero)
    return torch.autograd.grad(value, y, torch.ones_like(value), create_graph=True)[0]

# %% right: torch.func
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.func.grad(lambda y: (y - torch.minimum(torch.maximum(y, 0 * y - T), 0 * y + T)).sum())(y.detach())

# %% right: a product with the sign
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.sign(torch.relu(y.abs() - T))

# %% wrong: int-for-zero -- the homework's own code for both parts
def softt(y, T):
    if y > T:
        return y - T
    elif y < (-1 * T):
        return y + T
    return torch.zeros(1, requires_grad=True)


def soft_threshold_slope(y, T):
    fy = softt(y, T)
    fy_prime = torch.autograd.grad(outputs=fy, inputs=[y], allow_unused=True)[0]
    if fy_prime == None: fy_prime = 0
    return fy_prime

# %% wrong: int-for-zero -- the same with a loop over the entries
def softt(y, T):
    return y - T if y > T else y + T if y < -T else torch.zeros(1, requires_grad=True)


def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    if y.dim() > 0:
        return (y.abs() > T).to(y.dtype)
    point = y.detach().clone().requires_grad_(True)
    slope = torch.autograd.grad(softt(point, T), point, allow_unused=True)[0]
    return 0 if slope is None else slope

# %% wrong: none-for-zero
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    y = y.detach().clone().requires_grad_(True)
    if (y.abs() <= T).all():
        return torch.autograd.grad(torch.zeros(1, requires_grad=True), y, allow_unused=True)[0]
    return (y.abs() > T).to(y.dtype)

# %% wrong: python-branch
def soft_threshold_slope(y, T):
    if abs(y) > T:
        return torch.ones_like(y)
    return torch.zeros_like(y)

# %% wrong: empty-graph
def soft_threshold_slope(y, T):
    y = y.detach().clone().requires_grad_(True)
    value = y - T if (y > T).all() else y + T if (y < -T).all() else torch.zeros_like(y)
    return torch.autograd.grad(value.sum(), y, allow_unused=True)[0]

# %% wrong: untracked-input
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.autograd.grad((torch.relu(y - T) - torch.relu(-y - T)).sum(), y)[0]

# %% wrong: unused-input
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    y = y.detach().clone().requires_grad_(True)
    value = torch.relu(y - T) - torch.relu(-y - T)
    if (value == 0).all():
        value = torch.zeros(1, requires_grad=True) * 1
    return torch.autograd.grad(value.sum(), y)[0]

# %% wrong: not-a-number-to-differentiate
def soft_threshold_slope(y, T):
    y = y.detach().clone().requires_grad_(True)
    return torch.autograd.grad(torch.relu(y - T) - torch.relu(-y - T), y)[0]

# %% wrong: tuple
def soft_threshold_slope(y, T):
    y = y.detach().clone().requires_grad_(True)
    return torch.autograd.grad((torch.relu(y - T) - torch.relu(-y - T)).sum(), y)

# %% wrong: accumulated
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    old = y.grad
    y = y.detach().clone().requires_grad_(True)
    y.grad = None if old is None else old.clone()
    (torch.relu(y - T) - torch.relu(-y - T)).sum().backward()
    return y.grad

# %% half: left-grad -- T keeps a gradient
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    y = y.detach().clone().requires_grad_(True)
    (torch.relu(y - T) - torch.relu(-y - T)).sum().backward()
    return y.grad

# %% half: requires-grad-left-on
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    y.requires_grad_(True)
    return torch.autograd.grad((torch.relu(y - T) - torch.relu(-y - T)).sum(), y)[0]

# %% half: mask
def soft_threshold_slope(y, T):
    return y.abs() > T

# %% wrong: value-not-slope
def soft_threshold_slope(y, T):
    return torch.sign(y) * torch.relu(y.abs() - T)

# %% wrong: definition-typo
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    y = y.detach().clone().requires_grad_(True)
    value = torch.where(y < T, y + T, torch.where(y > T, y - T, torch.zeros_like(y)))
    return torch.autograd.grad(value.sum(), y)[0]

# %% wrong: odd-slope
def soft_threshold_slope(y, T):
    return torch.where(y > T, 1.0, torch.where(y < -T, -1.0, 0.0)).to(y.dtype)

# %% wrong: inside-out
def soft_threshold_slope(y, T):
    return (y.abs() <= T).to(y.dtype)

# %% wrong: one-sided
def soft_threshold_slope(y, T):
    return (y > T).to(y.dtype)

# %% wrong: slope-in-T
def soft_threshold_slope(y, T):
    return -torch.sign(y) * (y.abs() > T)

# %% wrong: whole-jacobian
def soft_threshold_slope(y, T):
    return torch.autograd.functional.jacobian(lambda y: torch.relu(y - T) - torch.relu(-y - T), y)

# %% wrong: nan-at-zero
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    y = y.detach().clone().requires_grad_(True)
    return torch.autograd.grad((y * torch.relu(1 - T / y.abs())).sum(), y)[0]

# %% half: outside-the-Clarke-set
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return (y.abs() > T).to(y.dtype) + 2 * (y.abs() == T)

# %% wrong: softshrink-takes-a-number
def soft_threshold_slope(y, T):
    y = y.detach().clone().requires_grad_(True)
    return torch.autograd.grad(F.softshrink(y, T).sum(), y)[0]

# %% half: accepts-bad-input
def soft_threshold_slope(y, T):
    return (y.abs() > T).to(y.dtype)

# %% half: wrong-dtype
def soft_threshold_slope(y, T):
    return (y.abs() > T).float()

# %% right: torch.func.grad, entry by entry
def soft_threshold_slope(y, T):
    t = torch.as_tensor(T, dtype=y.dtype)
    if (t < 0).any(): raise ValueError("neg")
    yy, tt = torch.broadcast_tensors(y.detach(), t.detach())
    g = torch.func.vmap(torch.func.grad(lambda a, b: torch.relu(a - b) - torch.relu(-a - b)))
    return g(yy.reshape(-1), tt.reshape(-1)).reshape(yy.shape)

# %% right: forward mode
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any(): raise ValueError("neg")
    f = lambda v: torch.sign(v) * torch.relu(torch.abs(v) - T)
    return torch.func.jvp(f, (y.detach(),), (torch.ones_like(y),))[1]

# %% right: sign arithmetic
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any(): raise ValueError("neg")
    return (1 + torch.sign(y.abs() - T)) / 2

# %% right: half the difference of two signs
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("negative T")
    return 1 + (torch.sign(y - T) - torch.sign(y + T)) / 2

# %% wrong: dead-everywhere
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("negative T")
    return torch.zeros_like(y)

# %% wrong: mean-not-sum
def soft_threshold_slope(y, T):
    T = torch.as_tensor(T, dtype=y.dtype).detach()
    if (T < 0).any():
        raise ValueError("negative T")
    z = y.detach().clone().requires_grad_()
    return torch.autograd.grad((z - z.clamp(-T, T)).mean(), z)[0]

# %% wrong: T-fixed
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("negative T")
    return (y.abs() > 3.14).to(y.dtype)


# %% right: heaviside
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError('T must be >= 0')
    return torch.heaviside(y.abs() - T, y.new_tensor(0.5))


# %% right: grad of one entry under vmap
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError('T must be >= 0')
    return torch.func.vmap(torch.func.grad(lambda a, t: torch.relu(a-t)-torch.relu(-a-t)))(y.reshape(-1), torch.as_tensor(T, dtype=y.dtype).expand(y.shape).reshape(-1)).reshape(y.shape)

# %% wrong: finite-differences -- central, of many steps
def soft_threshold_slope(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError('T must be >= 0')
    f = lambda y: torch.sign(y) * torch.relu(y.abs() - T)
    return (f(y.detach() + 1e-7) - f(y.detach() - 1e-7)) / 2e-7
