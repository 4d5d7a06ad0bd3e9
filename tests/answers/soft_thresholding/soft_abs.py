# %% right: square root of the sum of squares
def soft_abs(x, lam):
    return torch.sqrt(x**2 + lam)

# %% right: powers
def soft_abs(x, lam):
    return (x * x + lam) ** 0.5

# %% right: hypot with a root in float64
def soft_abs(x, lam):
    root = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    return torch.hypot(x, root)

# %% right: the norm of a stack
def soft_abs(x, lam):
    leg = (torch.zeros_like(x) + lam).sqrt()
    return torch.linalg.vector_norm(torch.stack([x, leg]), dim=0)

# %% right: torch.addcmul
def soft_abs(x, lam):
    return torch.addcmul(torch.ones_like(x) * lam, x, x).sqrt()

# %% right: keywords and torch.pow
def soft_abs(x, lam=1e-2):
    return torch.pow(torch.square(x) + lam, 0.5)

# %% wrong: lam-squared
def soft_abs(x, lam):
    return torch.sqrt(x**2 + lam**2)

# %% wrong: lam-squared -- hypot of lam itself
def soft_abs(x, lam):
    return torch.hypot(x, torch.as_tensor(lam, dtype=x.dtype))

# %% wrong: root-outside
def soft_abs(x, lam):
    return abs(x) + lam**0.5

# %% wrong: matrix-product
def soft_abs(x, lam):
    return torch.sqrt(x @ x + lam)

# %% wrong: matrix-product -- a matrix power
def soft_abs(x, lam):
    return torch.sqrt(torch.matrix_power(x, 2) + lam)

# %% wrong: no-root
def soft_abs(x, lam):
    return x**2 + lam

# %% wrong: no-lam
def soft_abs(x, lam):
    return torch.sqrt(x**2)

# %% wrong: lam-subtracted
def soft_abs(x, lam):
    return torch.sqrt(x**2 + lam) - lam**0.5

# %% wrong: one-number-only
def soft_abs(x, lam):
    return math.sqrt(x**2 + lam)

# %% wrong: left-torch
def soft_abs(x, lam):
    return torch.from_numpy(np.asarray(np.sqrt(x.numpy() ** 2 + float(lam))))

# %% half: graph-cut
def soft_abs(x, lam):
    return torch.sqrt(x.detach() ** 2 + lam).detach()

# %% half: graph-cut -- only x is lost
def soft_abs(x, lam):
    return torch.sqrt(x.detach() ** 2 + lam)

# %% half: lam-cut
def soft_abs(x, lam):
    return torch.sqrt(x**2 + float(lam))

# %% wrong: changed-input
def soft_abs(x, lam):
    return x.pow_(2).add_(lam).sqrt_()

# %% wrong: changed-input -- augmented assignment
def soft_abs(x, lam):
    x *= x
    return torch.sqrt(x + lam)

# %% wrong: float32-inside
def soft_abs(x, lam):
    lam = torch.as_tensor(lam, dtype=torch.float32)
    return torch.sqrt(x**2 + lam).float().to(x.dtype)

# %% half: wrong-dtype
def soft_abs(x, lam):
    return torch.sqrt(x.float() ** 2 + lam).float()

# %% wrong: not-a-tensor
def soft_abs(x, lam):
    return [(v**2 + lam) ** 0.5 for v in x.detach().reshape(-1).tolist()]

# %% wrong: returned-none
def soft_abs(x, lam):
    torch.sqrt(x**2 + lam)

# %% right: torch.func.vmap over the entries
def soft_abs(x, lam):
    return torch.func.vmap(lambda v: torch.sqrt(v**2 + lam))(x.reshape(-1)).reshape(x.shape).to(x.dtype)

# %% right: custom autograd Function
class _B(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, lam):
        b = torch.sqrt(x * x + lam)
        ctx.save_for_backward(x, b)
        ctx.scalar = lam.dtype, lam.shape
        return b
    @staticmethod
    def backward(ctx, g):
        x, b = ctx.saved_tensors
        return g * x / b, (g / (2 * b)).sum().to(ctx.scalar[0])
def soft_abs(x, lam):
    return _B.apply(x, torch.as_tensor(lam, dtype=x.dtype))

# %% right: complex modulus
def soft_abs(x, lam):
    lam = torch.as_tensor(lam, dtype=x.dtype)
    return torch.complex(x, lam.sqrt().expand_as(x).clone()).abs()

# %% wrong: root-outside -- λ itself
def soft_abs(x, lam):
    return torch.abs(x) + lam

# %% right: modulus of a complex number
def soft_abs(x, lam):
    root = torch.as_tensor(lam, dtype=x.dtype).sqrt()
    return torch.complex(x, root.expand(x.shape).contiguous()).abs()

# %% wrong: caret -- torch raises NotImplementedError, which is no stub
def soft_abs(x, lam):
    return torch.sqrt(x ^ 2 + lam)

# %% wrong: graph-cut -- NumPy, which makes a number of a tensor without axes
def soft_abs(x, lam):
    return torch.from_numpy(np.sqrt(x.detach().numpy() ** 2 + float(lam)))

# %% wrong: minus-for-plus
def soft_abs(x, lam):
    return torch.sqrt(x**2 - lam)

# %% wrong: lam-subtracted -- λ itself
def soft_abs(x, lam):
    return torch.sqrt(x**2 + lam) - lam

# %% wrong: lam-fixed
def soft_abs(x, lam):
    return torch.sqrt(x**2 + 0.01)

# %% wrong: x-not-squared
def soft_abs(x, lam):
    return torch.sqrt(x + lam)

# %% wrong: sign-not-abs
def soft_abs(x, lam):
    return x / torch.sqrt(x**2 + lam)


# %% right: hypotenuse as the norm of a stack
def soft_abs(x, lam):
    return torch.linalg.vector_norm(torch.stack([x, torch.as_tensor(lam, dtype=x.dtype).sqrt().expand(x.shape)]), dim=0)


# %% right: in place on a tensor of its own
def soft_abs(x, lam):
    y = x.clone()
    y *= x
    y += lam
    y.sqrt_()
    return y
