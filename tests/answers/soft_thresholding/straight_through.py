# %% right: the detached sign and a zero that has a slope
def straight_through(x):
    return torch.sign(x).detach() + (x - x.detach())

# %% right: what is missing, detached
def straight_through(x):
    return x + (torch.sign(x) - x).detach()

# %% right: the sign first
def straight_through(x):
    return torch.sign(x).detach() + x - x.detach()

# %% right: the sign needs no detach, its slope is 0
def straight_through(x):
    return x - x.detach() + x.sign()

# %% right: a Function of its own
class SignThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sign()

    @staticmethod
    def backward(ctx, grad):
        return grad


def straight_through(x):
    return SignThrough.apply(x)

# %% right: a Function with setup_context
class SignThrough(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return torch.sign(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad):
        return grad.clone()


straight_through = SignThrough.apply

# %% right: comparisons under no_grad
def straight_through(x):
    with torch.no_grad():
        s = (x > 0).to(x.dtype) - (x < 0).to(x.dtype)
        gap = s - x
    return x + gap

# %% right: where, twice
def straight_through(x):
    zero = torch.zeros_like(x)
    s = torch.where(x > 0, 1 + zero, torch.where(x < 0, zero - 1, zero)).detach()
    return s + x - x.detach()

# %% right: .data for detach
def straight_through(x):
    return x - x.data + x.data.sign()

# %% right: NumPy's sign, and a slope beside it
def straight_through(x):
    s = torch.as_tensor(np.sign(x.detach().numpy()), dtype=x.dtype)
    return s + (x - x.detach())

# %% wrong: no-gradient
def straight_through(x):
    return torch.sign(x)

# %% wrong: no-gradient -- the slope of relu at a detached x
def straight_through(x):
    return torch.sign(x) + 0 * x

# %% wrong: no-gradient -- the sign alone, detached
def straight_through(x):
    return torch.sign(x.detach())

# %% wrong: no-gradient -- all of it detached
def straight_through(x):
    return (torch.sign(x) + x - x).detach()

# %% wrong: no-gradient -- x takes its slope away again
def straight_through(x):
    return torch.sign(x) + x - x

# %% wrong: x-left-in
def straight_through(x):
    return torch.sign(x).detach() + x

# %% wrong: identity
def straight_through(x):
    return x.clone()

# %% wrong: sign-flipped
def straight_through(x):
    return torch.sign(x).detach() + x.detach() - x

# %% wrong: doubled
def straight_through(x):
    return torch.sign(x).detach() + 2 * (x - x.detach())

# %% wrong: clipped
def straight_through(x):
    return torch.sign(x).detach() + F.hardtanh(x) - F.hardtanh(x).detach()

# %% wrong: tanh-slope
def straight_through(x):
    smooth = torch.tanh(x)
    return smooth + (torch.sign(x) - smooth).detach()

# %% wrong: absolute-value-slope
def straight_through(x):
    return torch.sign(x).detach() + x.abs() - x.abs().detach()

# %% wrong: absolute-value-slope -- divided by a detached size
def straight_through(x):
    return x / x.abs().detach()

# %% wrong: nearly-a-sign
def straight_through(x):
    return torch.tanh(50 * x).detach() + (x - x.detach())

# %% wrong: nearly-a-sign -- a small number in the denominator
def straight_through(x):
    return (x / (x.abs() + 1e-10)).detach() + (x - x.detach())

# %% wrong: two-values
def straight_through(x):
    return torch.where(x >= 0, 1.0, -1.0).to(x.dtype) + (x - x.detach())

# %% wrong: absolute
def straight_through(x):
    return torch.ones_like(x) + (x - x.detach())

# %% wrong: nan-at-zero
def straight_through(x):
    return (x / x.abs()).detach() + (x - x.detach())

# %% wrong: changed-input
def straight_through(x):
    old = x.detach().clone()
    x.data.sign_()
    return x + 0.0

# %% wrong: python-branch
def straight_through(x):
    s = 1.0 if x > 0 else -1.0
    return s + (x - x.detach())

# %% wrong: wrong-dtype
def straight_through(x):
    return torch.sign(x).detach().double() + (x - x.detach()).double()

# %% wrong: wrong-gradient -- a soft sign's slope
def straight_through(x):
    soft = x / torch.sqrt(x**2 + 0.25)
    return torch.sign(x).detach() + soft - soft.detach()


# %% right: a Function with setup_context
class _ST(torch.autograd.Function):
    generate_vmap_rule = True
    @staticmethod
    def forward(x): return x.sign()
    @staticmethod
    def setup_context(ctx, inputs, output): pass
    @staticmethod
    def backward(ctx, g): return g.clone()
def straight_through(x):
    return _ST.apply(x)


# %% right: other data under an old graph
def straight_through(x):
    y = x * 1
    y.data = torch.sign(x.data)
    return y
