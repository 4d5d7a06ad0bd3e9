# %% mistake: detached
# The point is right, but no gradient reaches theta: the search gives a detached x. Attach the derivative by hand.
argmin_layer = lambda f, x0: lambda theta: minimise(f, x0, theta)

# %% mistake: sign
# The point is right, its gradient has the wrong sign: the minus of −H⁻¹f_xθ is missing.
argmin_layer = layer(lambda at: -at.jacobian)

# %% mistake: push-only
# The point is right, but backward pulls v back without the solve: first solve H u = v.
argmin_layer = layer(lambda at: -at.mixed)

# %% mistake: multiplied
# The point is right, but backward multiplies v by H. Solve H u = v instead.
argmin_layer = layer(lambda at: -torch.tensordot(at.hessian, at.mixed, dims=1))

# %% mistake: diagonal
# The point is right, but backward divides v by the diagonal of H. Solve with the whole of it.
argmin_layer = layer(lambda at: at.over(torch.diag(at.hessian.diagonal())))

# %% mistake: v-ignored
# The point is right, but backward ignores the gradient that comes in: the result is that of a sum over x*.
def argmin_layer(f, x0):
    def argmin(theta):
        x = layer(lambda at: at.jacobian)(f, x0)(theta)
        x.register_hook(torch.ones_like)
        return x
    return argmin
