# %% mistake: one-step
# This is φ(z0, θ), one step. Repeat the step until z stays where it is.
fixed_point = lambda phi, z0, theta, tol=TOL: phi(z0, theta).detach()

# %% mistake: start
# This is z0, unchanged.
fixed_point = lambda phi, z0, theta, tol=TOL: z0.detach()

# %% mistake: root-of-phi
# Here φ(z, θ) is zero. At a fixed point it is z: solve φ(z, θ) − z = 0.
def fixed_point(phi, z0, theta, tol=TOL):
    z = z0.detach()
    for _ in range(60):
        z = z - torch.linalg.solve(torch.func.jacrev(phi)(z, theta.detach()), phi(z, theta.detach()))
    return z

# %% mistake: residual
# This is the residual φ(z, θ) − z, which is zero at the end. Return z itself.
def fixed_point(phi, z0, theta, tol=TOL):
    z = to_full_precision(phi, z0, theta)
    return phi(z, theta.detach()) - z
