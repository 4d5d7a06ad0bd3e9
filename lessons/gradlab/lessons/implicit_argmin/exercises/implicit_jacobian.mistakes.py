# %% mistake: sign
# This is minus the right answer. Where the push f_xθ·δθ points up, the bottom of the bowl moves down.
implicit_jacobian = formula(lambda at: -at.jacobian)

# %% mistake: push-only
# This is the push f_xθ alone. How far it moves the minimum depends on the resistance: H is missing.
implicit_jacobian = formula(lambda at: -at.mixed)
implicit_jacobian = formula(lambda at: at.mixed)

# %% mistake: diagonal
# You divided by the diagonal of H, which forgets how the entries of x hang together: solve with the whole of H.
implicit_jacobian = formula(lambda at: at.over(torch.diag(at.hessian.diagonal())))

# %% mistake: row-sums
# You divided by the row sums of H: `backward` of the whole gradient adds its rows. Take them one by one, and solve.
implicit_jacobian = formula(lambda at: at.over(torch.diag(at.hessian.sum(1))))

# %% mistake: multiplied
# You multiplied by the Hessian. A stiffer bowl moves less: solve with H, which multiplies by its inverse.
implicit_jacobian = formula(lambda at: -torch.tensordot(at.hessian, at.mixed, dims=1))
implicit_jacobian = formula(lambda at: torch.tensordot(at.hessian, at.mixed, dims=1))

# %% mistake: accumulated
# The first row is right, each later one holds the sum of all rows up to it: gradients were added up between backward
# calls. torch.autograd.grad adds nothing up.
# look: “Audit the printed rows”
implicit_jacobian = formula(lambda at: at.jacobian.cumsum(0))

# %% mistake: transposed
# The numbers are right, but the axes are not: x comes first, then those of theta.
implicit_jacobian = formula(lambda at: at.jacobian.movedim(0, -1))

# %% mistake: flattened
# The numbers are right, but theta was laid flat. Give its axes back: shape (d, *theta.shape).
implicit_jacobian = formula(lambda at: at.jacobian.reshape(len(at.jacobian), -1))
implicit_jacobian = formula(lambda at: at.jacobian.flatten())

# %% mistake: rows-added
# The rows were added up: this is vᵀ times the Jacobian for v = (1, …, 1). The Jacobian has a row for every entry of x.
implicit_jacobian = formula(lambda at: at.jacobian.sum(0))

# %% mistake: theta-not-laid-out
# f_xθ has the shape (d, *theta.shape). Where theta has several axes, @ and torch.linalg.solve take other axes of it than
# you mean: lay it out as a matrix of d rows, solve, and give theta its axes back.
implicit_jacobian = formula(lambda at: -torch.linalg.solve(at.hessian, at.mixed))
implicit_jacobian = formula(lambda at: -torch.linalg.inv(at.hessian) @ at.mixed)
