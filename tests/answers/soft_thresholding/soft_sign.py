# %% right: quotient
def soft_sign(x, lam):
    return x / torch.sqrt(x**2 + lam)

# %% right: reciprocal root
def soft_sign(x, lam):
    return x * torch.rsqrt(x * x + lam)

# %% right: hypot
def soft_sign(x, lam):
    return x / torch.hypot(x, torch.as_tensor(lam, dtype=x.dtype).sqrt())

# %% right: negative power
def soft_sign(x, lam):
    return x * (x**2 + lam) ** -0.5

# %% right: sine of an angle
def soft_sign(x, lam):
    return torch.sin(torch.atan(x / lam**0.5))

# %% right: slope of the soft absolute value by autograd
def soft_sign(x, lam):
    point = x if x.requires_grad else x.clone().requires_grad_(True)
    b = torch.sqrt(point**2 + lam)
    return torch.autograd.grad(b.sum(), point, create_graph=True)[0]

# %% right: tanh of the inverse hyperbolic sine
def soft_sign(x, lam):
    return torch.tanh(torch.asinh(x / lam**0.5))

# %% wrong: lam-squared
def soft_sign(x, lam):
    return x / torch.sqrt(x**2 + lam**2)

# %% wrong: softsign
def soft_sign(x, lam):
    return x / (x.abs() + lam**0.5)

# %% wrong: softsign -- through torch
def soft_sign(x, lam):
    return F.softsign(x / lam**0.5)

# %% wrong: tanh
def soft_sign(x, lam):
    return torch.tanh(x / lam**0.5)

# %% wrong: hard-sign
def soft_sign(x, lam):
    return torch.sign(x)

# %% wrong: no-root
def soft_sign(x, lam):
    return x / (x**2 + lam)

# %% wrong: soft-abs-again
def soft_sign(x, lam):
    return torch.sqrt(x**2 + lam)

# %% wrong: always-positive
def soft_sign(x, lam):
    return x.abs() / torch.sqrt(x**2 + lam)

# %% wrong: upside-down
def soft_sign(x, lam):
    return torch.sqrt(x**2 + lam) / x

# %% wrong: slope-of-sign
def soft_sign(x, lam):
    return lam / torch.sqrt(x**2 + lam) ** 3

# %% half: nan-at-zero -- the value is fine, the slope at 0 is not
def soft_sign(x, lam):
    return torch.sign(x) / torch.sqrt(1 + lam / x**2)

# %% wrong: nan-at-zero
def soft_sign(x, lam):
    return x / torch.abs(x) * torch.sqrt(1 - lam / (x**2 + lam))

# %% wrong: one-number-only
def soft_sign(x, lam):
    return x / math.sqrt(x**2 + lam)

# %% wrong: left-torch
def soft_sign(x, lam):
    return x / np.sqrt(x**2 + lam)

# %% half: lam-cut
def soft_sign(x, lam):
    if isinstance(lam, torch.Tensor):
        lam = lam.item()
    return x / torch.sqrt(x**2 + lam)

# %% wrong: changed-input
def soft_sign(x, lam):
    return x.div_(torch.sqrt(x**2 + lam))

# %% half: graph-cut
def soft_sign(x, lam):
    with torch.no_grad():
        return x / torch.sqrt(x**2 + lam)

# %% right: a loop over the entries
def soft_sign(x, lam):
    return torch.stack([v / (v * v + lam) ** 0.5 for v in x.flatten()]).view(x.shape).to(x.dtype)

# %% right: torch.func.grad of the soft absolute value, entry by entry
def soft_sign(x, lam):
    f = torch.func.grad(lambda v, l: torch.sqrt(v * v + l))
    l = torch.as_tensor(lam, dtype=x.dtype)
    return torch.func.vmap(f, in_dims=(0, None))(x.reshape(-1), l).reshape(x.shape)

# %% right: F.normalize of the triangle's legs
def soft_sign(x, lam):
    v = torch.stack([x, (torch.zeros_like(x) + lam).sqrt()])
    return F.normalize(v, dim=0, eps=0)[0]

# %% wrong: sign-flipped
def soft_sign(x, lam):
    return -x / torch.sqrt(x**2 + lam)

# %% wrong: wrong-value -- tanh(x/λ), near the hard sign here and there
def soft_sign(x, lam):
    return torch.tanh(x / lam)

# %% right: sine of an angle
def soft_sign(x, lam):
    return torch.sin(torch.atan(x / torch.as_tensor(lam, dtype=x.dtype).sqrt()))

# %% wrong: matrix-product -- under the root
def soft_sign(x, lam):
    return x / torch.sqrt(x @ x + lam)

# %% wrong: matrix-product -- with an inverse
def soft_sign(x, lam):
    return x @ torch.linalg.inv(torch.sqrt(x @ x + lam))

# %% wrong: matrix-product -- with reciprocals
def soft_sign(x, lam):
    return x @ (1 / torch.sqrt(x**2 + lam))

# %% wrong: softsign -- as torch has it
def soft_sign(x, lam):
    return F.softsign(x)

# %% wrong: softsign -- λ without its root
def soft_sign(x, lam):
    return x / (x.abs() + lam)

# %% wrong: lam-fixed
def soft_sign(x, lam):
    return x / torch.sqrt(x**2 + 16)


# %% right: the sine of an angle
def soft_sign(x, lam):
    return torch.sin(torch.atan2(x, torch.sqrt(torch.as_tensor(lam, dtype=x.dtype))))


# %% right: autograd of the smoothed absolute value, with a graph
def soft_sign(x, lam):
    with torch.enable_grad():
        p = x if x.requires_grad else x.detach().requires_grad_()
        s = torch.sqrt(p**2 + lam)
        (g,) = torch.autograd.grad(s.sum(), p, create_graph=True)
    return g
