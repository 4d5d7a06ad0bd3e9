# %% right: sign and relu
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.sign(y) * torch.relu(y.abs() - T)

# %% right: sign and clamp
def soft_threshold(y, T):
    if torch.any(torch.as_tensor(T) < 0):
        raise ValueError("T must not be negative")
    return torch.sign(y) * torch.clamp(torch.abs(y) - T, min=0)

# %% right: two relus
def soft_threshold(y, T):
    if torch.is_tensor(T) and (T < 0).any() or not torch.is_tensor(T) and T < 0:
        raise ValueError("negative threshold")
    return F.relu(y - T) - F.relu(-y - T)

# %% right: minus a clamp
def soft_threshold(y, T):
    T = torch.as_tensor(T, dtype=y.dtype)
    if T.lt(0).any():
        raise ValueError(f"T = {T} is negative")
    return y - torch.clamp(y, -T, T)

# %% right: maximum and minimum
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    zero = torch.zeros((), dtype=y.dtype)
    return torch.maximum(y - T, zero) + torch.minimum(y + T, zero)

# %% right: where, strict
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y.abs() > T, y - T * torch.sign(y), torch.zeros_like(y))

# %% right: where, with equality
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y >= T, y - T, torch.where(y <= -T, y + T, 0 * y))

# %% right: half the sum of absolute values
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return y + ((y - T).abs() - (y + T).abs()) / 2

# %% right: masks written into a copy
def soft_threshold(y, T):
    T = torch.as_tensor(T, dtype=y.dtype)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    threshold = T.expand_as(y)
    result = torch.zeros_like(y)
    above, below = y > threshold, y < -threshold
    result[above] = y[above] - threshold[above]
    result[below] = y[below] + threshold[below]
    return result

# %% right: softshrink for the value of y, T by hand
def soft_threshold(y, T):
    if not isinstance(T, torch.Tensor):
        if T < 0:
            raise ValueError("T must not be negative")
        return F.softshrink(y, T)
    if bool((T < 0).any()):
        raise ValueError("T must not be negative")
    active = (y.abs() > T).to(y.dtype)
    return active * (y - T * y.sign())

# %% right: a custom Function
class Shrink(torch.autograd.Function):
    @staticmethod
    def forward(ctx, y, T):
        ctx.save_for_backward(y, T)
        return y.sign() * (y.abs() - T).clamp(min=0)

    @staticmethod
    def backward(ctx, grad):
        y, T = ctx.saved_tensors
        active = (y.abs() > T).to(y.dtype) * grad
        return active, (-active * y.sign()).sum_to_size(T.shape)


def soft_threshold(y, T):
    T = torch.as_tensor(T, dtype=y.dtype)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    return Shrink.apply(y, T)

# %% wrong: python-branch -- the homework's own code, as far as it was printed, with a zero branch
def soft_threshold(y, T):
    if y > T:
        return y - T
    elif y < (-1 * T):
        return y + T
    return torch.zeros(1, requires_grad=True)

# %% wrong: python-branch -- the same, and None where the page was cut off
def soft_threshold(y, T):
    if y > T:
        return y - T
    elif y < (-1 * T):
        return y + T
    return None

# %% wrong: python-branch -- max of a tensor
def soft_threshold(y, T):
    return torch.sign(y) * max(y.abs() - T, 0)

# %% wrong: definition-typo
def soft_threshold(y, T):
    return torch.where(y < T, y + T, torch.where(y > T, y - T, torch.zeros_like(y)))

# %% wrong: definition-typo -- masks
def soft_threshold(y, T):
    return (y - T) * (y > T) + (y + T) * (y < T)

# %% wrong: hard-threshold
def soft_threshold(y, T):
    return torch.where(y.abs() > T, y, torch.zeros_like(y))

# %% wrong: hard-threshold -- through torch
def soft_threshold(y, T):
    if isinstance(T, torch.Tensor):
        return y * (y.abs() > T)
    if T < 0:
        raise ValueError("T must not be negative")
    return F.hardshrink(y, T)

# %% wrong: clipped
def soft_threshold(y, T):
    return torch.clamp(y, -torch.as_tensor(T, dtype=y.dtype), torch.as_tensor(T, dtype=y.dtype))

# %% wrong: one-sided
def soft_threshold(y, T):
    return torch.relu(y - T)

# %% wrong: lost-sign
def soft_threshold(y, T):
    return torch.relu(y.abs() - T)

# %% wrong: away-from-zero
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y > T, y + T, torch.where(y < -T, y - T, torch.zeros_like(y)))

# %% wrong: no-dead-zone
def soft_threshold(y, T):
    return y - T * torch.sign(y)

# %% wrong: no-dead-zone -- two branches
def soft_threshold(y, T):
    return torch.where(y >= 0, y - T, y + T)

# %% wrong: nan-at-zero -- y over |y|
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return y / torch.abs(y) * torch.relu(torch.abs(y) - T)

# %% half: nan-at-zero -- T over |y|
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return y * torch.relu(1 - T / torch.abs(y))

# %% half: nan-at-zero -- where saves the value only
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y.abs() > T, y * (1 - T / y.abs()), torch.zeros_like(y))

# %% wrong: softshrink-takes-a-number
def soft_threshold(y, T):
    return F.softshrink(y, T)

# %% wrong: softshrink-takes-a-number -- with the error asked for
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return F.softshrink(y, T)

# %% half: T-cut
def soft_threshold(y, T):
    T = T.detach() if isinstance(T, torch.Tensor) else torch.tensor(T, dtype=y.dtype)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    return y - torch.clamp(y, -T, T)

# %% half: graph-cut
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    with torch.no_grad():
        return torch.sign(y) * torch.relu(y.abs() - T)

# %% half: accepts-bad-input
def soft_threshold(y, T):
    return torch.sign(y) * torch.relu(y.abs() - T)

# %% half: accepts-bad-input -- only the first entry of T is looked at
def soft_threshold(y, T):
    if torch.as_tensor(T).reshape(-1)[0] < 0:
        raise ValueError("T must not be negative")
    return torch.sign(y) * torch.relu(y.abs() - T)

# %% half: other-exception
def soft_threshold(y, T):
    assert (torch.as_tensor(T) >= 0).all(), "T must not be negative"
    return torch.sign(y) * torch.relu(y.abs() - T)

# %% half: silent-exception
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError
    return torch.sign(y) * torch.relu(y.abs() - T)

# %% half: wrong-gradient -- the slope at the kink is 2
class Steep(torch.autograd.Function):
    @staticmethod
    def forward(ctx, y, T):
        ctx.save_for_backward(y, T)
        return y.sign() * (y.abs() - T).clamp(min=0)

    @staticmethod
    def backward(ctx, grad):
        y, T = ctx.saved_tensors
        active = (y.abs() > T).to(y.dtype) + 2 * (y.abs() == T)
        return active * grad, (-active * y.sign() * grad).sum_to_size(T.shape)


def soft_threshold(y, T):
    T = torch.as_tensor(T, dtype=y.dtype)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    return Steep.apply(y, T)

# %% half: wrong-dtype -- the homework's list of single precision numbers
def soft_threshold(y, T):
    T = torch.as_tensor(T)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    entries = zip(y.reshape(-1), T.expand_as(y).reshape(-1))
    return torch.FloatTensor([max(abs(v) - t, 0) * (1 if v > 0 else -1) for v, t in entries]).reshape(y.shape)

# %% wrong: float32-inside
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return (torch.sign(y) * torch.relu(y.abs() - T)).float().to(y.dtype)

# %% right: a loop over the entries, T without a path in the dead zone
def soft_threshold(y, T):
    t = torch.as_tensor(T, dtype=y.dtype)
    if (t < 0).any(): raise ValueError("bad T")
    y, t = torch.broadcast_tensors(y, t)
    out = []
    for a, b in zip(y.reshape(-1), t.reshape(-1)):
        if a > b: out.append(a - b)
        elif a < -b: out.append(a + b)
        else: out.append(0 * a)
    return torch.stack(out).reshape(y.shape)

# %% right: custom Function
class _Soft(torch.autograd.Function):
    @staticmethod
    def forward(ctx, y, t):
        m = y.abs() > t
        ctx.save_for_backward(m, y.sign())
        ctx.shapes = y.shape, t.shape
        return torch.where(m, y - t * y.sign(), torch.zeros_like(y))
    @staticmethod
    def backward(ctx, g):
        m, s = ctx.saved_tensors
        return (g * m).sum_to_size(ctx.shapes[0]), (-g * m * s).sum_to_size(ctx.shapes[1])
def soft_threshold(y, T):
    t = torch.as_tensor(T, dtype=y.dtype)
    if (t < 0).any(): raise ValueError("T must be >= 0")
    return _Soft.apply(y, t)

# %% right: shrink factor
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any(): raise ValueError("neg")
    safe = torch.where(y == 0, torch.ones_like(y), y)
    return y * F.relu(1 - T / safe.abs())

# %% half: T-cut -- softshrink of a bare number
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any(): raise ValueError("neg")
    return F.softshrink(y, float(T))

# %% wrong: away-from-zero -- in the dead zone too
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any(): raise ValueError("neg")
    return torch.sign(y) * (y.abs() + T)

# %% right: half the difference of two absolute values
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must be nonnegative")
    return y + ((y - T).abs() - (y + T).abs()) / 2

# %% half: wrong-dtype -- T in float64, y in float32
def soft_threshold(y, T):
    T = torch.as_tensor(T, dtype=torch.float64)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y.abs() > T, y - T * y.sign(), 0)

# %% wrong: below-not-mirrored
def soft_threshold(y, T):
    T = torch.as_tensor(T, dtype=y.dtype)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y > T, y - T, torch.where(y < -T, y - T, torch.zeros_like(y)))

# %% wrong: dead-zone-kept
def soft_threshold(y, T):
    T = torch.as_tensor(T, dtype=y.dtype)
    if (T < 0).any():
        raise ValueError("T must not be negative")
    return torch.where(y > T, y - T, torch.where(y < -T, y + T, y))

# %% wrong: slope-not-value
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return (y.abs() > T).to(y.dtype)

# %% wrong: T-fixed
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError("T must not be negative")
    return torch.sign(y) * torch.relu(y.abs() - 3.14)


# %% right: masked_scatter, one side after the other
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError('T must be >= 0')
    out = torch.zeros_like(y + T*0)
    y, T = torch.broadcast_tensors(y, torch.as_tensor(T, dtype=y.dtype))
    up, down = y > T, y < -T
    out = out.masked_scatter(up, (y - T)[up])
    return out.masked_scatter(down, (y + T)[down])


# %% right: copysign of what is left
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError('T must be >= 0')
    s = y.abs() - T
    return torch.copysign(s.clamp_min(0), y)


# %% right: two absolute values
def soft_threshold(y, T):
    if (torch.as_tensor(T) < 0).any():
        raise ValueError('T must be >= 0')
    return ((y - T).abs() - (y + T).abs()) / 2 + y


# %% right: vmap over pairs
def soft_threshold(y, T):
    assert_ok = torch.all(torch.as_tensor(T) >= 0).item()
    if not assert_ok: raise ValueError('neg')
    T = torch.as_tensor(T, dtype=y.dtype)
    f = torch.vmap(lambda a, t: torch.relu(a - t) - torch.relu(-a - t))
    yb, Tb = torch.broadcast_tensors(y, T)
    return f(yb.reshape(-1), Tb.reshape(-1)).reshape(yb.shape)
