# %% right: autograd.grad on copies
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% right: None replaced by zeros, norm squared
def gradients(module, x, A):
    inputs = [x.detach().clone().requires_grad_(True), A.detach().clone().requires_grad_(True), module.M]
    phi = torch.linalg.norm(inputs[0] - module(*inputs[:2])) ** 2
    found = torch.autograd.grad(phi, inputs, allow_unused=True)
    return [torch.zeros_like(t) if g is None else g for g, t in zip(found, inputs)]

# %% right: torch.pow of the norm, three calls, detached
def gradients(module, x, A):
    result = []
    x, A = x.detach().requires_grad_(), A.detach().requires_grad_()
    for target in (x, A, module.M):
        phi = torch.pow(torch.norm(x - module(x, A)), 2)
        g = torch.autograd.grad(phi, target, allow_unused=True)[0]
        result.append(torch.zeros_like(target).detach() if g is None else g.detach())
    return tuple(result)

# %% right: backward on a deep copy of the module
import copy


def gradients(module, x, A):
    module = copy.deepcopy(module)
    module.zero_grad()
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    d = x - module(x, A)
    d.dot(d).backward()
    return tuple(torch.zeros_like(t) if t.grad is None else t.grad for t in (x, A, module.M))

# %% right: backward, with .grad put back as it was
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    before, module.M.grad = module.M.grad, None
    try:
        F.mse_loss(module(x, A), x, reduction="sum").backward()
        found = [torch.zeros_like(t) if t.grad is None else t.grad.clone() for t in (x, A, module.M)]
    finally:
        module.M.grad = before
    return tuple(found)

# %% right: 0-sums so that every input is used
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = (x - module(x, A)).square().sum() + 0 * A.sum() + 0 * module.M.sum()
    gx, gA, gM = torch.autograd.grad(phi, [x, A, module.M])
    return gx, gA, gM

# %% wrong: only-x -- as the published solution does
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, x)[0]

# %% wrong: none-for-zero
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M), allow_unused=True)

# %% wrong: unused-input
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M))

# %% wrong: untracked-input
def gradients(module, x, A):
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: other-order
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, module.M, A), materialize_grads=True)

# %% wrong: output-detached
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A).detach()) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: direct-term-lost
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x.detach() - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: half
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum() / 2
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: mean-not-sum
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = F.mse_loss(module(x, A), x)
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: norm-not-squared
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = torch.linalg.norm(x - module(x, A))
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: sign
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = -((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: M-symmetrised
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    gx, gA, gM = torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)
    return gx, gA, (gM + gM.T) / 2

# %% wrong: part-of-M
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    gx, gA, gM = torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)
    return gx, gA, gM[0]

# %% half: left-grad
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    module.M.grad = None
    ((x - module(x, A)) ** 2).sum().backward()
    return tuple(torch.zeros_like(t) if t.grad is None else t.grad for t in (x, A, module.M))

# %% wrong: accumulated
def gradients(module, x, A):
    old = module.M.grad
    if old is not None:
        module.M.grad = old.clone()
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    ((x - module(x, A)) ** 2).sum().backward()
    found = tuple(torch.zeros_like(t) if t.grad is None else t.grad for t in (x, A, module.M))
    module.M.grad = old
    return found

# %% half: changed-input -- requires_grad left on
def gradients(module, x, A):
    x.requires_grad_(True)
    A.requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% wrong: measured -- what a cut module should report
def gradients(module, x, A):
    def phi(x, A):
        return float(((x - module(x, A)) ** 2).sum().detach())

    def slopes(t, f):
        flat, out = t.detach().clone().reshape(-1), torch.zeros(t.numel(), dtype=torch.float64)
        for i in range(t.numel()):
            up, down = flat.clone(), flat.clone()
            up[i] += 1e-3
            down[i] -= 1e-3
            out[i] = (f(up.reshape(t.shape)) - f(down.reshape(t.shape))) / 2e-3
        return out.reshape(t.shape).to(t.dtype)

    def with_M(M):
        old = module.M.data
        module.M.data = M
        value = phi(x, A)
        module.M.data = old
        return value

    return slopes(x, lambda t: phi(t, A)), slopes(A, lambda t: phi(x, t)), slopes(module.M, with_M)

# %% wrong: sum-of-outputs
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    phi = module(x, A).sum() + 0 * (x.sum() + A.sum() + module.M.sum())
    return torch.autograd.grad(phi, (x, A, module.M), materialize_grads=True)

# %% right: torch.func.functional_call
def gradients(module, x, A):
    def phi(x, A, M):
        return ((x - torch.func.functional_call(module, {"M": M}, (x, A)))**2).sum()
    try:
        return torch.func.grad(phi, argnums=(0, 1, 2))(x.detach(), A.detach(), module.M.detach())
    except RuntimeError:
        a, b = x.detach().clone().requires_grad_(), A.detach().clone().requires_grad_()
        return torch.autograd.grad(((a - module(a, b))**2).sum(), (a, b, module.M), materialize_grads=True)

# %% right: deepcopy and backward
import copy
def gradients(module, x, A):
    mod = copy.deepcopy(module)
    mod.zero_grad()
    x = x.detach().clone().requires_grad_(True)
    A = A.detach().clone().requires_grad_(True)
    ((x - mod(x, A))**2).sum().backward()
    z = lambda t: torch.zeros_like(t) if t.grad is None else t.grad
    return z(x), z(A), z(mod.M)

# %% wrong: cut-formula
def gradients(module, x, A):
    g = module(x, A).detach()
    v = (x - g).detach()
    u = torch.linalg.solve(module.M.detach(), v)
    return 2 * v, torch.zeros_like(A), 2 * torch.outer(u, g)

# %% wrong: A-detached
def gradients(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    gx, gM = torch.autograd.grad(((x - module(x, A.detach()))**2).sum(), (x, module.M), materialize_grads=True)
    return gx, torch.zeros_like(A), gM

# %% wrong: M-not-reached -- a copy of M
def gradients(module, x, A):
    x, A = (t.detach().clone().requires_grad_(True) for t in (x, A))
    phi = ((x - module(x, A)) ** 2).sum()
    M = module.M.detach().clone().requires_grad_(True)
    if not phi.requires_grad:
        return torch.zeros_like(x), torch.zeros_like(A), torch.zeros_like(M)
    return torch.autograd.grad(phi, (x, A, M), materialize_grads=True)

# %% wrong: number-for-zeros
def gradients(module, x, A):
    x, A = (t.detach().clone().requires_grad_(True) for t in (x, A))
    phi = ((x - module(x, A)) ** 2).sum()
    found = torch.autograd.grad(phi, (x, A, module.M), allow_unused=True)
    return tuple(0 if g is None else g for g in found)
