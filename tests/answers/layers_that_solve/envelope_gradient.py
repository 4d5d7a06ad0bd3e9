# %% right: torch.func
def envelope_gradient(f, x, theta):
    return torch.func.grad(f, argnums=1)(x.detach(), theta.detach())

# %% right: autograd with zeros where nothing arrives
def envelope_gradient(f, x, theta):
    t = theta.detach().clone().requires_grad_(True)
    value = f(x.detach(), t)
    if not value.requires_grad:
        return torch.zeros_like(t)
    return torch.autograd.grad(value, t)[0]

# %% right: the whole derivative, place and all
def envelope_gradient(f, x, theta):
    x, t = x.detach().requires_grad_(), theta.detach().requires_grad_()
    return torch.autograd.grad(f(x, t), (x, t), materialize_grads=True)[1]

# %% right: backward on a fresh leaf
def envelope_gradient(f, x, theta):
    t = theta.detach().clone().requires_grad_(True)
    (f(x.detach(), t) + 0 * t.sum()).backward()
    return t.grad

# %% right: a Jacobian of one row
def envelope_gradient(f, x, theta):
    return torch.autograd.functional.jacobian(lambda t: f(x.detach(), t), theta.detach())

# %% right: a vector-Jacobian product
def envelope_gradient(f, x, theta):
    value, pull = torch.func.vjp(lambda t: f(x, t), theta)
    return pull(torch.ones_like(value))[0].detach()

# %% wrong: place
def envelope_gradient(f, x, theta):
    x, theta = x.detach(), theta.detach()
    H, push = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    return -torch.linalg.solve(H, push.reshape(len(x), -1)).reshape(push.shape)

# %% wrong: place -- added up
def envelope_gradient(f, x, theta):
    x, theta = x.detach(), theta.detach()
    H, push = torch.func.jacrev(torch.func.grad(f), argnums=(0, 1))(x, theta)
    return -torch.linalg.solve(H, push.reshape(len(x), -1)).sum(0).reshape(theta.shape)

# %% wrong: in-x
def envelope_gradient(f, x, theta):
    return torch.func.grad(f)(x.detach(), theta.detach())

# %% wrong: sign
def envelope_gradient(f, x, theta):
    return -torch.func.grad(f, argnums=1)(x.detach(), theta.detach())

# %% wrong: mixed
def envelope_gradient(f, x, theta):
    return torch.func.jacrev(torch.func.grad(f), argnums=1)(x.detach(), theta.detach())

# %% wrong: zero
def envelope_gradient(f, x, theta):
    return 0 * theta.detach()

# %% wrong: value
def envelope_gradient(f, x, theta):
    return f(x, theta)

# %% half: unused
def envelope_gradient(f, x, theta):
    x, t = x.detach().requires_grad_(), theta.detach().requires_grad_()
    return torch.autograd.grad(f(x, t), t)[0]

# %% wrong: untracked
def envelope_gradient(f, x, theta):
    return torch.autograd.grad(f(x, theta), theta)[0]

# %% wrong: not-your-own
from gradlab.maths import envelope
def envelope_gradient(f, x, theta):
    return envelope.envelope_gradient(f, x, theta)

# %% right: vmap-free forward mode
def envelope_gradient(f, x, theta):
    return torch.func.jacfwd(lambda t: f(x.detach(), t))(theta.detach())

# %% right: a sum of hooks: the gradient of a copy, by backward with inputs=
def envelope_gradient(f, x, theta):
    with torch.enable_grad():
        t = theta.detach().clone().requires_grad_()
        value = f(x.detach(), t) + (0 * t).sum()
        value.backward(inputs=[t])
    return t.grad

# %% right: value_and_grad
def envelope_gradient(f, x, theta):
    g, _ = torch.func.grad_and_value(f, argnums=1)(x.detach(), theta.detach())
    return g

# %% right: keyword-free partial and functional vjp
def envelope_gradient(f, x, theta):
    from functools import partial
    _, g = torch.autograd.functional.vjp(partial(f, x.detach()), theta.detach())
    return g

# %% right: directional derivatives, one basis vector at a time
def envelope_gradient(f, x, theta):
    x, theta = x.detach(), theta.detach()
    basis = torch.eye(theta.numel(), dtype=theta.dtype).reshape(-1, *theta.shape)
    return torch.stack([torch.func.jvp(lambda t: f(x, t), (theta,), (e,))[1] for e in basis]).reshape(theta.shape)

# %% half: place-added -- both parts, x attached by hand
def envelope_gradient(f, x, theta):
    x, theta = x.detach(), theta.detach()
    return torch.func.grad(f, argnums=1)(x, theta) + torch.func.grad(f)(x, theta).sum()

# %% wrong: tuple -- the pair of gradients
def envelope_gradient(f, x, theta):
    return torch.func.grad(f, argnums=(0, 1))(x.detach(), theta.detach())

# %% wrong: wrong-shape -- second derivative
def envelope_gradient(f, x, theta):
    return torch.func.hessian(f, argnums=1)(x.detach(), theta.detach())

# %% wrong: not-a-tensor -- a float comes back
def envelope_gradient(f, x, theta):
    return torch.func.grad(f, argnums=1)(x.detach(), theta.detach()).sum().item()

# %% half: unused -- None where f ignores theta
def envelope_gradient(f, x, theta):
    t = theta.detach().requires_grad_()
    return torch.autograd.grad(f(x.detach().requires_grad_(), t), t, allow_unused=True)[0]

# %% wrong: few-digits -- one-sided finite differences
def envelope_gradient(f, x, theta):
    x, theta = x.detach(), theta.detach()
    h, base = 1e-4, f(x, theta)
    basis = torch.eye(theta.numel(), dtype=theta.dtype).reshape(-1, *theta.shape)
    return torch.stack([(f(x, theta + h * e) - base) / h for e in basis]).reshape(theta.shape)

# %% half: changed-input -- grad left on theta
def envelope_gradient(f, x, theta):
    theta.requires_grad_()
    (f(x.detach(), theta) + 0 * theta.sum()).backward()
    return theta.grad
