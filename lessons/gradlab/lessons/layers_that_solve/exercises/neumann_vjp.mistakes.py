from gradlab.lessons.layers_that_solve.exercises._jacobians import eye, formula, pulled

# %% mistake: transpose
# Each term here is Φ_z times the term before. Multiply from the other side: vᵀΦ_z is a vector-Jacobian product.
neumann_vjp = pulled(lambda at, v, terms: series(at, 0, terms) @ v)

# %% mistake: one-step
# This is vᵀ Φ_θ, the first term alone, whatever `terms` is.
neumann_vjp = pulled(lambda at, v, terms: v)

# %% mistake: one-term-more
# This is one term too many: j runs from 0 to terms − 1, and terms = 1 needs no product with Φ_z at all.
neumann_vjp = pulled(lambda at, v, terms: v @ series(at, 0, terms + 1))

# %% mistake: one-term-less
# This is one term too few: with terms = 1 the result is vᵀ Φ_θ.
neumann_vjp = pulled(lambda at, v, terms: v @ series(at, 0, terms - 1))

# %% mistake: first-term-lost
# The first term, j = 0, is missing: begin the sum with v itself.
neumann_vjp = pulled(lambda at, v, terms: v @ series(at, 1, terms))
neumann_vjp = pulled(lambda at, v, terms: v @ series(at, 1, terms + 1))

# %% mistake: last-term-only
# This is the last term alone. Add the terms up on the way.
neumann_vjp = pulled(lambda at, v, terms: v @ series(at, terms - 1, terms))

# %% mistake: full-solve
# This is the whole series, the solve with (I − Φ_z)ᵀ. Stop after `terms` terms.
neumann_vjp = pulled(lambda at, v, terms: torch.linalg.solve((eye(at.in_z) - at.in_z).T, v))

# %% mistake: sign
# The terms alternate in sign: that is the series of (I + Φ_z)⁻¹.
neumann_vjp = pulled(lambda at, v, terms: v @ sum((-1) ** j * series(at, j, j + 1) for j in range(terms)))
neumann_vjp = pulled(lambda at, v, terms: -v @ series(at, 0, terms))

# %% mistake: averaged
# The sum was divided by the number of terms.
neumann_vjp = pulled(lambda at, v, terms: v @ series(at, 0, terms) / terms)

# %% mistake: unrolled
# This is the derivative of `terms` steps from z: Φ_z and Φ_θ were taken anew at each new point. Take both at the given z.
def neumann_vjp(phi, z, theta, v, terms):
    tracked = theta.detach().requires_grad_()
    point = z.detach()
    for _ in range(terms):
        point = phi(point, tracked)
    return torch.autograd.grad(point, tracked, v, materialize_grads=True)[0]

# %% mistake: at-the-fixed-point
# The terms are right for the fixed point of φ. Take Φ_z and Φ_θ at the z that was given, which need not be one.
def neumann_vjp(phi, z, theta, v, terms):
    for _ in range(300):
        z = phi(z.detach(), theta.detach())
    return by_powers(phi, z, theta, v, terms)

# %% mistake: doubled
# This is vᵀ(I + Φ_z)^(terms − 1): each round multiplied the whole sum. Multiply the last term, and add.
neumann_vjp = pulled(lambda at, v, terms: v @ torch.linalg.matrix_power(eye(at.in_z) + at.in_z, terms - 1))

# %% mistake: adjoint-only
# This is the sum of the vᵀΦ_zʲ, shaped like z. Pull it back to theta in the end: times Φ_θ.
neumann_vjp = formula(lambda at, v, terms: v @ series(at, 0, terms))

# %% mistake: v-ignored
# This is the right answer for v = (1, …, 1). Use the v that was given.
neumann_vjp = pulled(lambda at, v, terms: torch.ones_like(v) @ series(at, 0, terms))
