from gradlab.lessons.layers_that_solve.exercises._jacobians import eye, formula, pulled

# %% mistake: transpose
# You solved K u = v. The transpose was forgotten: from the left, vᵀ K⁻¹ = uᵀ means Kᵀ u = v. In lesson 4 K was a
# symmetric Hessian, and nobody noticed.
root_vjp = pulled(lambda at, v: -torch.linalg.solve(at.in_z, v))
root_vjp = pulled(lambda at, v: torch.linalg.solve(at.in_z, v))

# %% mistake: sign
# This is minus the right answer: F(z, θ) must stay 0, so K dz = −F_θ dθ.
root_vjp = pulled(lambda at, v: torch.linalg.solve(at.in_z.T, v))

# %% mistake: push-only
# This is −vᵀ F_θ: the solve is missing. First solve Kᵀ u = v, then pull u back.
root_vjp = pulled(lambda at, v: -v)

# %% mistake: multiplied
# You multiplied v by the matrix instead of solving Kᵀ u = v.
root_vjp = pulled(lambda at, v: -at.in_z.T @ v)
root_vjp = pulled(lambda at, v: -at.in_z @ v)

# %% mistake: symmetrised
# This is what the symmetric part (K + Kᵀ)/2 gives. K is no Hessian: solve with Kᵀ as it is.
root_vjp = pulled(lambda at, v: -torch.linalg.solve((at.in_z + at.in_z.T) / 2, v))

# %% mistake: one-half
# You solved with one half of K, mirrored: Cholesky and eigh read no more. K is no Hessian; solve, LU and QR take it all.
root_vjp = pulled(lambda at, v: -torch.linalg.solve(at.in_z.tril() + at.in_z.tril(-1).T, v))

# %% mistake: elsewhere
# K was not taken at z: this is what K at 0 gives. Differentiate F at the root that you were given.
def root_vjp(F, z, theta, v):
    u = torch.linalg.solve(jacobians(F, 0 * z, theta).in_z.T, v)
    return -jacobians(F, z, theta).pull(u)

# %% mistake: diagonal
# You divided v by the diagonal of K. Solve with the whole of its transpose.
root_vjp = pulled(lambda at, v: -v / at.in_z.diagonal())

# %% mistake: row-sums
# You divided v by sums over K: `backward` of the whole of F adds its rows. Take them one by one, and solve.
root_vjp = pulled(lambda at, v: -v / at.in_z.sum(0))

# %% mistake: adjoint-only
# This is u, the solution of Kᵀ u = v, or −u. It is shaped like z; pull it back to theta: −uᵀ F_θ.
root_vjp = formula(lambda at, v: -torch.linalg.solve(at.in_z.T, v))
# %% mistake: jacobian-not-vjp
# This is the whole Jacobian. The task asks for vᵀ times it, which has the shape of theta.
root_vjp = formula(lambda at, v: -torch.linalg.solve(at.in_z, at.in_theta.flatten(1)).reshape(at.in_theta.shape))

# %% mistake: v-ignored
# This is the right answer for v = (1, …, 1). Use the v that was given: it says how much each entry of z matters.
root_vjp = pulled(lambda at, v: -torch.linalg.solve(at.in_z.T, torch.ones_like(v)))

# %% mistake: fixed-point
# You solved with I − K: that belongs to a fixed point z = F(z, θ). Here F(z, θ) = 0.
root_vjp = pulled(lambda at, v: torch.linalg.solve((eye(at.in_z) - at.in_z).T, v))
