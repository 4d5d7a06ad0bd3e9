# %% right: gradient of a weighted output against central differences
def is_graph_cut(module, x, A):
    point = x.detach().clone().requires_grad_(True)
    g = module(point, A)
    weights = torch.arange(1.0, len(g) + 1, dtype=g.dtype)
    if not g.requires_grad:
        return True
    slope = torch.autograd.grad(weights @ g, point, allow_unused=True)[0]
    if slope is None:
        return True
    h, measured = 1e-5, torch.zeros_like(x)
    for i in range(len(x)):
        step = torch.zeros_like(x)
        step[i] = h
        measured[i] = (weights @ (module(x + step, A) - module(x - step, A))).detach() / (2 * h)
    return not torch.allclose(slope, measured, rtol=1e-4, atol=1e-5)

# %% right: the whole Jacobian
def is_graph_cut(module, x, A):
    x = x.detach()
    try:
        J = torch.autograd.functional.jacobian(lambda t: module(t, A), x, strict=True)
    except RuntimeError:
        return True
    h = 1e-6
    columns = [(module(x + h * e, A) - module(x - h * e, A)).detach() / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)]
    return bool((J - torch.stack(columns, dim=1)).abs().max() > 1e-4)

# %% right: gradcheck
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    if not module(x, A).requires_grad:
        return True
    try:
        return not torch.autograd.gradcheck(lambda t: module(t, A.detach()), (x,), eps=1e-6, atol=1e-4, rtol=1e-3, raise_exception=False)
    except (RuntimeError, ValueError):
        return True

# %% right: directional derivatives of φ, by finite differences of gradlab
from gradlab.maths.finite_differences import central_gradient


def is_graph_cut(module, x, A):
    def phi(t):
        return ((t - module(t, A)) ** 2).sum()

    point = x.detach().clone().requires_grad_(True)
    slope = torch.autograd.grad(phi(point), point)[0]
    return bool(torch.linalg.norm(slope - central_gradient(phi, x)) > 1e-4 * (1 + torch.linalg.norm(slope)))

# %% right: torch.func, forward differences, a 0-d tensor as the answer
def is_graph_cut(module, x, A):
    def phi(t):
        return (module(t, A) * torch.tensor([1.0, -2.0, 3.0, 0.5, 1.5], dtype=t.dtype)[: len(t)]).sum()

    point = x.detach().clone().requires_grad_(True)
    value = phi(point)
    slope = torch.autograd.grad(value, point, materialize_grads=True)[0] if value.requires_grad else torch.zeros_like(x)
    h = 1e-6
    measured = torch.stack([(phi(x + h * e) - value).detach() / h for e in torch.eye(len(x), dtype=x.dtype)])
    return (slope - measured).abs().max() > 1e-2

# %% wrong: always-false -- φ always has a gradient
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, x, allow_unused=True)[0] is None

# %% wrong: looked-at-M -- M is behind the cut
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    return not module(x, A).requires_grad

# %% wrong: contradiction-not-found -- None is all that is looked for
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    g = module(x, A)
    if not g.requires_grad:
        return True
    return torch.autograd.grad(g.sum(), x, allow_unused=True)[0] is None

# %% wrong: contradiction-not-found -- 2(x − g) is all that is looked for
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    g = module(x, A)
    slope = torch.autograd.grad(((x - g) ** 2).sum(), x)[0]
    return torch.allclose(slope, 2 * (x - g))

# %% wrong: looked-at-A
def is_graph_cut(module, x, A):
    A = A.detach().clone().requires_grad_(True)
    g = module(x, A)
    return not g.requires_grad or torch.autograd.grad(g.sum(), A, allow_unused=True)[0] is None

# %% wrong: always-true -- compared to the last bit
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)

    def phi(t):
        return ((t - module(t, A)) ** 2).sum()

    slope = torch.autograd.grad(phi(x), x)[0]
    x = x.detach()
    h = 1e-6
    measured = torch.stack([(phi(x + h * e) - phi(x - h * e)).detach() / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)])
    return not torch.equal(slope, measured)

# %% wrong: inverted
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)

    def phi(t):
        return ((t - module(t, A)) ** 2).sum()

    slope = torch.autograd.grad(phi(x), x)[0]
    x = x.detach()
    h = 1e-6
    measured = torch.stack([(phi(x + h * e) - phi(x - h * e)).detach() / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)])
    return torch.allclose(slope, measured, rtol=1e-4, atol=1e-4)

# %% wrong: not-one-answer
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)

    def phi(t):
        return ((t - module(t, A)) ** 2).sum()

    slope = torch.autograd.grad(phi(x), x)[0]
    x = x.detach()
    h = 1e-6
    measured = torch.stack([(phi(x + h * e) - phi(x - h * e)).detach() / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)])
    return (slope - measured).abs() > 1e-3

# %% wrong: none-subtracted
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    g = module(x, A)
    if not g.requires_grad:
        return True
    slope = torch.autograd.grad(g.sum(), x, allow_unused=True)[0]
    h = 1e-6
    x = x.detach()
    measured = torch.stack([(module(x + h * e, A) - module(x - h * e, A)).sum().detach() / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)])
    return bool((slope - measured).abs().max() > 1e-3)

# %% wrong: empty-graph
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    return torch.autograd.grad(module(x, A).sum(), x, allow_unused=True)[0] is None

# %% wrong: unused-input
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    g = module(x, A)
    if not g.requires_grad:
        return True
    return bool((torch.autograd.grad(g.sum(), x)[0] == 0).all())

# %% wrong: untracked-input
def is_graph_cut(module, x, A):
    phi = ((x - module(x, A)) ** 2).sum()
    return torch.autograd.grad(phi, x, allow_unused=True)[0] is None

# %% half: changed-input
def is_graph_cut(module, x, A):
    x.requires_grad_(True)
    g = module(x, A)
    if not g.requires_grad:
        return True
    J = torch.autograd.functional.jacobian(lambda t: module(t, A), x)
    h = 1e-6
    with torch.no_grad():
        columns = [(module(x + h * e, A) - module(x - h * e, A)) / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)]
    return bool((J - torch.stack(columns, dim=1)).abs().max() > 1e-4)

# %% wrong: intact-called-cut -- compared with the formula of one module
def is_graph_cut(module, x, A):
    x = x.detach().clone().requires_grad_(True)
    g = module(x, A)
    if not g.requires_grad:
        return True
    J = torch.autograd.functional.jacobian(lambda t: module(t, A), x.detach())
    M = module.M.detach()
    D = torch.diag(((M @ x.detach()).abs() > module.T).to(M.dtype))
    return not torch.allclose(J, torch.linalg.solve(M, D @ M), rtol=1e-6, atol=1e-8)

# %% right: φ by autograd and by differences
def is_graph_cut(module, x, A):
    def phi(u):
        return ((u - module(u, A)) ** 2).sum()

    z = x.detach().clone().requires_grad_(True)
    (found,) = torch.autograd.grad(phi(z), z)
    E = 1e-5 * torch.eye(len(z), dtype=z.dtype)
    measured = torch.stack([(phi(z.detach() + e) - phi(z.detach() - e)).detach() / 2e-5 for e in E])
    return not torch.allclose(found, measured, rtol=1e-4, atol=1e-5)

# %% wrong: outputs-summed
def is_graph_cut(module, x, A):
    z = x.detach().clone().requires_grad_(True)

    def s(u):
        return module(u, A).sum()

    value = s(z)
    if not value.requires_grad:
        return True
    (found,) = torch.autograd.grad(value, z, materialize_grads=True)
    E = 1e-6 * torch.eye(len(z), dtype=z.dtype)
    measured = torch.stack([(s(z.detach() + e) - s(z.detach() - e)).detach() / 2e-6 for e in E])
    return not torch.allclose(found, measured, rtol=1e-4, atol=1e-6)

# %% wrong: gradient-summed -- its sum
def is_graph_cut(module, x, A):
    z = x.detach().clone().requires_grad_(True)

    def s(u):
        return torch.arange(1.0, len(u) + 1, dtype=u.dtype) @ module(u, A)

    value = s(z)
    if not value.requires_grad:
        return True
    (found,) = torch.autograd.grad(value, z, materialize_grads=True)
    E = 1e-6 * torch.eye(len(z), dtype=z.dtype)
    measured = torch.stack([(s(z.detach() + e) - s(z.detach() - e)).detach() / 2e-6 for e in E])
    return abs(found.sum() - measured.sum()).item() > 1e-4

# %% wrong: gradient-summed -- its norm
def is_graph_cut(module, x, A):
    z = x.detach().clone().requires_grad_(True)

    def s(u):
        return torch.arange(1.0, len(u) + 1, dtype=u.dtype) @ module(u, A)

    value = s(z)
    if not value.requires_grad:
        return True
    (found,) = torch.autograd.grad(value, z, materialize_grads=True)
    E = 1e-6 * torch.eye(len(z), dtype=z.dtype)
    measured = torch.stack([(s(z.detach() + e) - s(z.detach() - e)).detach() / 2e-6 for e in E])
    return abs(found.norm() - measured.norm()).item() > 1e-4

# %% wrong: one-output
def is_graph_cut(module, x, A):
    z = x.detach().clone().requires_grad_(True)

    def s(u):
        return module(u, A)[0]

    value = s(z)
    if not value.requires_grad:
        return True
    (found,) = torch.autograd.grad(value, z, materialize_grads=True)
    E = 1e-6 * torch.eye(len(z), dtype=z.dtype)
    measured = torch.stack([(s(z.detach() + e) - s(z.detach() - e)).detach() / 2e-6 for e in E])
    return not torch.allclose(found, measured, rtol=1e-4, atol=1e-6)

# %% wrong: one-input
def is_graph_cut(module, x, A):
    z = x.detach().clone().requires_grad_(True)

    def s(u):
        return torch.arange(1.0, len(u) + 1, dtype=u.dtype) @ module(u, A)

    value = s(z)
    if not value.requires_grad:
        return True
    (found,) = torch.autograd.grad(value, z, materialize_grads=True)
    E = 1e-6 * torch.eye(len(z), dtype=z.dtype)
    measured = torch.stack([(s(z.detach() + e) - s(z.detach() - e)).detach() / 2e-6 for e in E])
    return abs(found[0] - measured[0]).item() > 1e-4


# %% right: gradcheck
def is_graph_cut(module, x, A):
    try:
        return not torch.autograd.gradcheck(lambda t: module(t, A.detach()), x.detach().clone().requires_grad_(), raise_exception=False, atol=1e-5, rtol=1e-3)
    except Exception:
        return True
