# %% mistake: jacobian-not-vjp
# This is the whole Jacobian. The task asks for vᵀ times it, which has the shape of theta.
implicit_vjp = formula(lambda at, v: at.jacobian)

# %% mistake: sign
# This is minus the right answer. Where the push f_xθ·δθ points up, the bottom of the bowl moves down.
implicit_vjp = pulled(lambda at, v: -torch.linalg.solve(at.hessian, v))

# %% mistake: push-only
# This is vᵀ f_xθ: the solve is missing. First solve H u = v, then pull u back.
implicit_vjp = pulled(lambda at, v: v)
implicit_vjp = pulled(lambda at, v: -v)

# %% mistake: multiplied
# You multiplied v by H instead of solving H u = v.
implicit_vjp = pulled(lambda at, v: at.hessian @ v)
implicit_vjp = pulled(lambda at, v: -at.hessian @ v)

# %% mistake: diagonal
# You divided v by the diagonal of the Hessian. Solve with the whole of it.
implicit_vjp = pulled(lambda at, v: v / at.hessian.diagonal())

# %% mistake: row-sums
# You divided v by the row sums of H: `backward` of the whole gradient adds its rows. Take them one by one, and solve.
implicit_vjp = pulled(lambda at, v: v / at.hessian.sum(1))

# %% mistake: adjoint-only
# This is u, the solution of H u = v. It is shaped like x; pull it back to theta: −uᵀ f_xθ.
implicit_vjp = formula(lambda at, v: torch.linalg.solve(at.hessian, v))
implicit_vjp = formula(lambda at, v: -torch.linalg.solve(at.hessian, v))

# %% mistake: value-slope
# This is f_θ, how the *value* of f changes with θ. The question is how the *place* of the minimum moves.
implicit_vjp = formula(lambda at, v: at.value_slope)

# %% mistake: v-ignored
# This is the right answer for v = (1, …, 1). Use the v that was given: it says how much each entry of x* matters.
implicit_vjp = formula(lambda at, v: at.jacobian.sum(0))

# %% mistake: theta-not-laid-out
# f_xθ has the shape (d, *theta.shape). Where theta has several axes, @ and .T take other axes of it than you mean. And its
# d·|θ| numbers are what the task forbids: torch.autograd.grad(fx, theta, u) gives uᵀf_xθ without them, shaped like theta.
implicit_vjp = formula(lambda at, v: torch.linalg.solve(at.hessian, -v) @ at.mixed)
implicit_vjp = formula(lambda at, v: at.mixed.permute(*reversed(range(at.mixed.dim()))) @ torch.linalg.solve(at.hessian, -v))
implicit_vjp = formula(lambda at, v: v @ at.jacobian)

# %% mistake: cg-too-short
# This is what conjugate gradients give when they stop too soon. They need up to d steps: watch the residual.
implicit_vjp = pulled(lambda at, v: conjugate_gradients(at, v, 1))
implicit_vjp = pulled(lambda at, v: conjugate_gradients(at, v, 2))
implicit_vjp = pulled(lambda at, v: conjugate_gradients(at, v, 3))
