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

# %% half: unused
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

# %% right: recursion on the number of terms
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("needs a term")
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]

    def total(k):
        return v if k == 1 else v + pull(total(k - 1))[0]

    return pull(total(terms))[1]

# %% right: accumulate from itertools
from itertools import accumulate, repeat
def neumann_vjp(phi, z, theta, v, terms):
    if terms <= 0:
        raise ValueError(terms)
    z, theta = z.detach(), theta.detach()
    _, pull = torch.func.vjp(lambda p: phi(p, theta), z)
    rows = accumulate(repeat(None, terms - 1), lambda u, _: pull(u)[0], initial=v)
    return torch.func.vjp(lambda t: phi(z, t), theta)[1](sum(rows))[0]

# %% right: the graph of a scalar, differentiated twice over by backward
def neumann_vjp(phi, z, theta, v, terms):
    if not terms > 0:
        raise ValueError("terms must be positive")
    p, t = z.detach().clone().requires_grad_(), theta.detach().clone().requires_grad_()
    value = phi(p, t) + 0 * p + 0 * t.sum()
    u, result = v.clone(), torch.zeros_like(t)
    for _ in range(terms):
        p.grad = t.grad = None
        (value @ u).backward(retain_graph=True)
        u, result = p.grad.clone(), result + t.grad
    return result.detach()

# %% right: an unrolled walk of detached linearised steps
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    z, t = z.detach(), theta.detach().clone().requires_grad_()
    value, push = torch.func.linearize(lambda p: phi(p, t.detach()), z)
    moved = phi(z, t) + 0 * t.sum()
    step = total = moved - moved.detach()
    for _ in range(terms - 1):
        step = torch.func.jvp(lambda p: phi(p, t.detach()), (z,), (step,))[1]
        total = total + step
    return torch.autograd.grad(total, t, v)[0]

# %% right: deque of terms, theta pulled term by term
from collections import deque
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError(f"{terms} terms")
    z, theta = z.detach(), theta.detach()
    queue, parts = deque([v]), []
    in_z, in_theta = torch.func.vjp(lambda p: phi(p, theta), z)[1], torch.func.vjp(lambda t: phi(z, t), theta)[1]
    while len(parts) < terms:
        u = queue.popleft()
        parts.append(in_theta(u)[0])
        queue.append(in_z(u)[0])
    return torch.stack(parts).sum(0)

# %% wrong: at-the-fixed-point -- the derivative at a fixed point, not at z
from gradlab.maths import fixed_points
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    theta = theta.detach()
    z = z.detach()
    for _ in range(300):
        z = phi(z, theta)
    pull = torch.func.vjp(phi, z, theta)[1]
    u = v
    for _ in range(terms - 1):
        u = v + pull(u)[0]
    return pull(u)[1]

# %% wrong: doubled -- doubled: u = u + pull(u)
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    u = v
    for _ in range(terms - 1):
        u = u + pull(u)[0]
    return pull(u)[1]

# %% half: changed-input -- a sum in place, on v
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    term = total = v
    for _ in range(terms - 1):
        term = pull(term)[0]
        total += term
    return pull(total)[1]

# %% wrong: tuple -- the pair comes back
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError("terms")
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    u = v
    for _ in range(terms - 1):
        u = v + pull(u)[0]
    return pull(u)

# %% half: no-terms -- max(terms, 1)
def neumann_vjp(phi, z, theta, v, terms):
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    u = v
    for _ in range(max(terms, 1) - 1):
        u = v + pull(u)[0]
    return pull(u)[1]

# %% half: other-exception -- assert instead of ValueError
def neumann_vjp(phi, z, theta, v, terms):
    assert terms >= 1, "terms"
    pull = torch.func.vjp(phi, z.detach(), theta.detach())[1]
    u = v
    for _ in range(terms - 1):
        u = v + pull(u)[0]
    return pull(u)[1]

# %% wrong: whole-jacobian -- and a ValueError without a message
def neumann_vjp(phi, z, theta, v, terms):
    if terms < 1:
        raise ValueError
    z, theta = z.detach(), theta.detach()
    J = torch.func.jacrev(phi)(z, theta)
    total, term = v.clone(), v
    for _ in range(terms - 1):
        term = term @ J
        total = total + term
    return torch.func.vjp(lambda t: phi(z, t), theta)[1](total)[0]
