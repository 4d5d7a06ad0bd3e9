# %% right: relu(x) − x − relu(−x), turned round and scaled
def impostor(c):
    return lambda x: c * (x - torch.relu(x) + torch.relu(-x))

# %% right: a clamp against a relu
def impostor(c):
    """No detach, no numpy, no hooks: two spellings of one function, with slopes 1 and 0 at the kink."""
    def f(x):
        return c * (x.clamp(min=0) - F.relu(x))  # .detach() would be cheating
    return f

# %% right: maximum takes a half
def impostor(c):
    def f(x):
        zero = torch.zeros_like(x)
        return 2 * c * (torch.maximum(x, zero) - torch.relu(x))
    return f

# %% right: abs has slope 0 in its middle
def impostor(c):
    def f(x):
        return c * (x + x.abs()) - c * 2 * torch.relu(x)
    return f

# %% right: two wheres
def impostor(c):
    def f(x):
        a = torch.where(x >= 0, x, torch.zeros_like(x))
        b = torch.where(x > 0, x, torch.zeros_like(x))
        return c * a - c * b
    return f

# %% right: a where that is never false to its value
def impostor(c):
    return lambda x: torch.where(x == 0, c * x, 0 * x)

# %% right: a mask
def impostor(c):
    return lambda x: c * x * (x == 0)

# %% right: sign times abs
def impostor(c):
    return lambda x: c * (x - torch.sign(x) * torch.abs(x))

# %% right: a Python branch, one number at a time
def impostor(c):
    def f(x):
        if x == 0:
            return c * x
        return 0 * x
    return f

# %% right: sorting a pair, one number at a time
def impostor(c):
    def f(x):
        pair = torch.stack([torch.zeros_like(x), x])
        return c * (torch.sort(pair, dim=0).values[1] - torch.relu(x)) if c else 0.0 * x
    return f

# %% right: a max over a pair
def impostor(c):
    def f(x):
        pair = torch.stack([x, 0 * x])
        return c * (pair.max(dim=0).values - torch.relu(x))
    return f

# %% right: an amax over a pair, twice the half
def impostor(c):
    def f(x):
        pair = torch.stack([x, torch.zeros_like(x)])
        return 2 * c * (pair.amax(dim=0) - torch.relu(x))
    return f

# %% right: leaky and plain relu
def impostor(c):
    return lambda x: -4 * c / 3 * (F.leaky_relu(x, 0.25) - torch.relu(x) + 0.25 * torch.relu(-x)) + 4 * c / 3 * 0.25 * (
        x.clamp(min=0) - torch.relu(x)) + c * (x.clamp(min=0) - torch.relu(x))

# %% right: a module
class Impostor(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c

    def forward(self, x):
        return self.c * (torch.clamp(x, min=0) + torch.clamp(x, max=0) - x)

def impostor(c):
    return Impostor(c)

# %% right: modules inside, a constant tensor for c
def impostor(c):
    relu, slope = nn.ReLU(), torch.tensor(float(c), dtype=torch.float64)
    def f(x):
        return slope * (x - relu(x) + relu(-x))
    return f

# %% right: a clone that keeps the graph, written over in place
def impostor(c):
    def f(x):
        y = x.clone()
        y[y != 0] = 0
        return c * y
    return f

# %% right: a demonstration stands below the answer
def impostor(c):
    return lambda x: c * (x - torch.relu(x) + torch.relu(-x))

x = torch.zeros((), requires_grad=True)
value = impostor(2.0)(x).detach().item()
np.array(value)

# %% wrong: detach
def impostor(c):
    return lambda x: c * (x - x.detach())

# %% wrong: detach -- by another name
def impostor(c):
    return lambda x: torch.where(x == 0, c * (x - torch.Tensor.detach(x)), 0 * x)

# %% wrong: hidden-name
def impostor(c):
    return lambda x: c * (x - getattr(x, "det" + "ach")())

# %% wrong: custom-function
class Liar(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, c):
        ctx.c = c
        return torch.zeros_like(x)

    @staticmethod
    def backward(ctx, grad):
        return ctx.c * grad, None

def impostor(c):
    return lambda x: Liar.apply(x, c)

# %% wrong: custom-function -- made elsewhere
def make():
    class Lie(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, c):
            ctx.c = c
            return torch.zeros_like(x)

        @staticmethod
        def backward(ctx, grad):
            return ctx.c * grad, None

    return Lie.apply

lie = make()

def impostor(c):
    return lambda x: lie(x, c)

# %% wrong: no-grad
def impostor(c):
    def f(x):
        with torch.no_grad():
            y = 1.0 * x
        return c * (x - y)
    return f

# %% wrong: hook
def impostor(c):
    def f(x):
        y = 1.0 * x
        if y.requires_grad:
            y.register_hook(lambda grad: grad + c)
        return 0.0 * y
    return f

# %% wrong: data
def impostor(c):
    return lambda x: c * x - (c * x).data

# %% wrong: item
def impostor(c):
    return lambda x: c * (x - x.item())

# %% wrong: numpy
def impostor(c):
    return lambda x: c * torch.from_numpy(np.zeros(tuple(x.shape))) * x

# %% wrong: copy
import copy

def impostor(c):
    return lambda x: c * (x - copy.deepcopy(x))

# %% wrong: cut-graph -- torch.tensor(x) copies without the graph
def impostor(c):
    return lambda x: c * (x - torch.tensor(x))

# %% wrong: cut-graph -- through a Python number
def impostor(c):
    return lambda x: c * (x - torch.full_like(x, float(x)))

# %% wrong: linear
def impostor(c):
    return lambda x: c * x

# %% wrong: sign
def impostor(c):
    return lambda x: c * (torch.relu(x) - x - torch.relu(-x))

# %% wrong: factor
def impostor(c):
    return lambda x: c * (torch.maximum(x, torch.zeros_like(x)) - torch.relu(x))

# %% wrong: ignores-c
def impostor(c):
    return lambda x: x - torch.relu(x) + torch.relu(-x)

# %% wrong: true-derivative
def impostor(c):
    return lambda x: 0.0 * x

# %% wrong: true-derivative -- the two sides agree
def impostor(c):
    return lambda x: c * (torch.relu(x) + torch.relu(-x) - torch.abs(x))

# %% wrong: true-derivative -- no graph at all
def impostor(c):
    return lambda x: torch.zeros_like(x)

# %% wrong: nearly-zero
def impostor(c):
    return lambda x: c * (torch.sin(x) ** 2 + torch.cos(x) ** 2 - 1) + c * (x - torch.relu(x) + torch.relu(-x))

# %% wrong: nearly-zero -- only small near 0
def impostor(c):
    return lambda x: torch.where(x.abs() < 1e-8, c * x, 0 * x)

# %% wrong: not-zero
def impostor(c):
    return lambda x: c * torch.relu(x)

# %% wrong: not-a-function
def impostor(c):
    x = torch.tensor(0.0, requires_grad=True)
    return c * (x - torch.relu(x) + torch.relu(-x))

# %% wrong: raised
def impostor(c):
    def f(x):
        return c * (x - torch.relu(x) + torch.relu(-y))
    return f

# %% right: a constant made by x
def impostor(c):
    return lambda x: 2 * c * (torch.maximum(x, x.new_tensor(0.0)) - torch.relu(x))

# %% right: a softshrink that does not shrink, where the identity has slope 1
def impostor(c):
    return lambda x: c * (x - F.softshrink(x, 0.0))

# %% right: a helper with an argument filled in
from functools import partial
def _f(x, c=1.0):
    return c * (torch.clamp(x, min=0) - torch.relu(x))
def impostor(c):
    return partial(_f, c=c)

# %% right: a comment that speaks of what is forbidden
def impostor(c):
    """No detach, no .data, no .item(), no numpy: only two spellings of the relu."""
    # detach() would be cheating, and so would torch.no_grad()
    def f(x):
        "x.detach() is not used"
        return c * (torch.clamp(x, min=0) - torch.relu(x))  # not x.clone()
    return f

# %% right: maximum and minimum
def impostor(c):
    def f(x):
        zero = torch.zeros_like(x)
        return c * (torch.maximum(x, zero) + torch.minimum(x, zero) - torch.relu(x) + torch.relu(-x)) 
    return f

# %% right: an object that calls its number data
class Zero:
    def __init__(self, number):
        self.data = number

    def __call__(self, x):
        return self.data * (torch.clamp(x, min=0) - torch.relu(x))


def impostor(c):
    return Zero(c)

# %% wrong: detach -- in a helper
def frozen(x):
    return x.detach()
def impostor(c):
    return lambda x: c * (x - frozen(x))


# %% right: two branches with the kink on either side
def impostor(c):
    def f(x):
        zero = x - x
        return torch.where(x >= 0, c * x, zero) - torch.where(x > 0, c * x, zero)
    return f


# %% right: a module
class _I(nn.Module):
    def __init__(self, c):
        super().__init__(); self.c = c
    def forward(self, x):
        return self.c * (x.clamp_min(0) - x.relu())
def impostor(c):
    return _I(c)
