# %% mistake: transpose
# The point is right, but backward solves with I − Φ_z where it needs the transpose: (I − Φ_z)ᵀ u = v.
equilibrium_layer = layer(lambda at: torch.linalg.inv(eye(at.in_z) - at.in_z.T))

# %% mistake: detached
# The point is right, but no gradient reaches theta: the search gives a detached z. Attach the derivative by hand.
equilibrium_layer = lambda phi, z0: lambda theta: fixed_point(phi, z0, theta)

# %% mistake: one-step
# The point is right, but backward goes through one step only: the solve (I − Φ_z)ᵀ u = v is missing.
equilibrium_layer = layer(lambda at: eye(at.in_z))

# %% mistake: sign
# The point is right, but backward solves with I + Φ_z. From z = Φ(z, θ) follows (I − Φ_z) dz = Φ_θ dθ.
equilibrium_layer = layer(lambda at: torch.linalg.inv(eye(at.in_z) + at.in_z))
equilibrium_layer = layer(lambda at: -torch.linalg.inv(eye(at.in_z) - at.in_z))
equilibrium_layer = layer(lambda at: -torch.linalg.inv(eye(at.in_z) - at.in_z.T))

# %% mistake: identity-missing
# The point is right, but backward solves with Φ_z. The equation z − Φ(z, θ) = 0 has the derivative I − Φ_z in z.
equilibrium_layer = layer(lambda at: torch.linalg.inv(at.in_z))
equilibrium_layer = layer(lambda at: -torch.linalg.inv(at.in_z))

# %% mistake: multiplied
# The point is right, but backward multiplies v by (I − Φ_z)ᵀ. Solve with it instead.
equilibrium_layer = layer(lambda at: eye(at.in_z) - at.in_z)

# %% mistake: few-terms
# The point is right, but backward takes a few terms of the Neumann series, I + Φ_z + … Solve, or go on until nothing
# changes.
equilibrium_layer = layer(lambda at: eye(at.in_z) + at.in_z)
equilibrium_layer = layer(lambda at: eye(at.in_z) + at.in_z @ (eye(at.in_z) + at.in_z))
equilibrium_layer = layer(lambda at: sum(torch.linalg.matrix_power(at.in_z, j) for j in range(4)))
equilibrium_layer = layer(lambda at: sum(torch.linalg.matrix_power(at.in_z, j) for j in range(5)))

# %% mistake: v-ignored
# The point is right, but backward ignores the gradient that comes in: the result is that of a sum over z.
def equilibrium_layer(phi, z0):
    def equilibrium(theta):
        z = layer(lambda at: torch.linalg.inv(eye(at.in_z) - at.in_z))(phi, z0)(theta)
        z.register_hook(torch.ones_like)
        return z
    return equilibrium
