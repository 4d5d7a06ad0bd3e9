# %% right: one graph, kept
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("the series needs at least one term")
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    value = phi(z, theta)
    term = total = v
    for _ in range(terms - 1):
        (term,) = torch.autograd.grad(value, z, term, retain_graph=True, materialize_grads=True)
        total = total + term
    return torch.autograd.grad(value, theta, total, materialize_grads=True)[0]

# %% right: torch.func.vjp with both arguments
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("no terms")
    _, pull = torch.func.vjp(phi, z.detach(), theta.detach())
    total, term = torch.zeros_like(theta.detach()), v
    for _ in range(terms):
        term, piece = pull(term)
        total = total + piece
    return total

# %% right: Horner's rule
def neumann_vjp(phi, z, theta, v, terms):
    if not terms >= 1:
        raise ValueError(f"terms = {terms}")
    pull = torch.func.vjp(phi, z, theta)[1]
    u = v
    for _ in range(terms - 1):
        u = v + pull(u)[0]
    return pull(u)[1].detach()

# %% right: a fresh graph for each product
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms < 1")
    powers = [v]
    while len(powers) < terms:
        powers.append(torch.func.vjp(lambda p: phi(p, theta.detach()), z.detach())[1](powers[-1])[0])
    return torch.func.vjp(lambda t: phi(z.detach(), t), theta.detach())[1](torch.stack(powers).sum(0))[0]

# %% right: gradients of an inner product
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("at least one")
    z, theta = z.detach(), theta.detach()
    term, total = v, v.clone()
    for _ in range(1, terms):
        term = torch.func.grad(lambda p: term @ phi(p, theta))(z)
        total += term
    return torch.func.grad(lambda t: total @ phi(z, t))(theta)

# %% right: None means zero
def neumann_vjp(phi, z, theta, v, terms):
    if terms <= 0:
        raise ValueError("terms")
    z, theta = z.detach().clone().requires_grad_(True), theta.detach().clone().requires_grad_(True)
    value = phi(z, theta)
    result = torch.zeros_like(theta)
    for _ in range(terms):
        in_z, in_theta = torch.autograd.grad(value, (z, theta), v, retain_graph=True, allow_unused=True)
        result = result if in_theta is None else result + in_theta
        if in_z is None:
            break
        v = in_z
    return result

# %% wrong: transpose
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    z, theta = z.detach(), theta.detach()
    u = w = v
    for _ in range(terms - 1):
        w = torch.func.jvp(lambda p: phi(p, theta), (z,), (w,))[1]
        u = u + w
    return torch.func.vjp(lambda t: phi(z, t), theta)[1](u)[0]

# %% wrong: one-step
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    return torch.func.vjp(lambda t: phi(z.detach(), t), theta.detach())[1](v)[0]

# %% wrong: one-term-more
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    u = v
    for _ in range(terms):
        u = v + pull(u)[0]
    return pull(u)[1]

# %% wrong: one-term-less
def neumann_vjp(phi, z, theta, v, terms):
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    total = torch.zeros_like(theta.detach())
    for _ in range(terms - 1):
        v, piece = pull(v)
        total = total + piece
    return total

# %% wrong: first-term-lost
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    total = torch.zeros_like(theta.detach())
    for _ in range(terms):
        v = pull(v)[0]
        total = total + pull(v)[1]
    return total

# %% wrong: last-term-only
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    for _ in range(terms - 1):
        v = pull(v)[0]
    return pull(v)[1]

# %% wrong: full-solve
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    z, theta = z.detach(), theta.detach()
    K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta)
    return torch.func.vjp(lambda t: phi(z, t), theta)[1](torch.linalg.solve(K.T, v))[0]

# %% wrong: sign
def neumann_vjp(phi, z, theta, v, terms):
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    u = v
    for _ in range(terms - 1):
        u = v - pull(u)[0]
    return pull(u)[1]

# %% wrong: unrolled
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    t = theta.detach().clone().requires_grad_()
    for _ in range(terms):
        z = phi(z, t)
    return torch.autograd.grad(z, t, v)[0]

# %% wrong: adjoint-only
def neumann_vjp(phi, z, theta, v, terms):
    pull = torch.func.vjp(lambda p: phi(p, theta.detach()), z.detach())[1]
    u = v
    for _ in range(terms - 1):
        u = v + pull(u)[0]
    return u

# %% wrong: v-ignored
def neumann_vjp(phi, z, theta, v, terms):
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    one = u = torch.ones_like(v)
    for _ in range(terms - 1):
        u = one + pull(u)[0]
    return pull(u)[1]

# %% wrong: whole-jacobian
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    z, theta = z.detach(), theta.detach()
    J = torch.func.jacrev(phi)(z, theta)
    u = sum(v @ torch.linalg.matrix_power(J, j) for j in range(terms))
    return torch.func.vjp(lambda t: phi(z, t), theta)[1](u)[0]

# %% half: no-terms
def neumann_vjp(phi, z, theta, v, terms):
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    total = torch.zeros_like(theta.detach())
    for _ in range(terms):
        v, piece = pull(v)
        total = total + piece
    return total

# %% wrong: graph-freed
def neumann_vjp(phi, z, theta, v, terms):
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    value = phi(z, theta)
    u = v
    for _ in range(terms - 1):
        u = v + torch.autograd.grad(value, z, u)[0]
    return torch.autograd.grad(value, theta, u)[0]

# %% half: unused-theta
def neumann_vjp(phi, z, theta, v, terms):
    z, theta = z.detach().requires_grad_(), theta.detach().requires_grad_()
    value = phi(z, theta)
    u = v
    for _ in range(terms - 1):
        u = v + torch.autograd.grad(value, z, u, retain_graph=True, materialize_grads=True)[0]
    return torch.autograd.grad(value, theta, u)[0]

# %% wrong: not-your-own
from gradlab.maths import fixed_points
def neumann_vjp(phi, z, theta, v, terms):
    return fixed_points.neumann_vjp(phi, z, theta, v, terms)
