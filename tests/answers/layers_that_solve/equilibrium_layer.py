# %% right: an autograd.Function
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    class Equilibrium(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            z = fixed_points.fixed_point(phi, z0, theta)
            ctx.save_for_backward(z, theta)
            return z

        @staticmethod
        def backward(ctx, v):
            z, theta = ctx.saved_tensors
            K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta)
            u = torch.linalg.solve(K.T, v)
            return torch.func.vjp(lambda t: phi(z, t), theta)[1](u)[0]

    return Equilibrium.apply

# %% right: one step with a graph, and a hook that solves
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = fixed_points.fixed_point(phi, z0, theta)
        out = phi(z, theta)
        if out.requires_grad:
            K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta.detach())
            out.register_hook(lambda v: torch.linalg.solve(K.T, v))
        return out

    return layer

# %% right: one Newton step with a graph on top of the detached point
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = fixed_points.fixed_point(phi, z0, theta.detach())
        K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta.detach())
        return z + torch.linalg.solve(K, phi(z, theta) - z)

    return layer

# %% right: its own search, the adjoint by iteration until nothing changes
def equilibrium_layer(phi, z0):
    class Equilibrium(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            z = z0.detach()
            for _ in range(1500):
                new = phi(z, theta)
                step = (new - z).norm()
                if step <= 1e-9 * max(1, z.norm()):
                    ctx.save_for_backward(new, theta)
                    return new
                if not step.isfinite():
                    break
                z = new
            raise ValueError("no fixed point")

        @staticmethod
        def backward(ctx, v):
            z, theta = (t.detach().requires_grad_() for t in ctx.saved_tensors)
            with torch.enable_grad():
                value = phi(z, theta)
            u = v
            for _ in range(2000):
                new = v + torch.autograd.grad(value, z, u, retain_graph=True)[0]
                if (new - u).norm() <= 1e-11 * v.norm():
                    break
                u = new
            return torch.autograd.grad(value, theta, u)[0]

    return Equilibrium.apply

# %% right: a class that is called, its Function with setup_context
from gradlab.maths import fixed_points
class equilibrium_layer:
    def __init__(self, phi, z0):
        self.phi, self.z0 = phi, z0.detach().clone()

    def __call__(self, theta):
        phi, z0 = self.phi, self.z0

        class Solve(torch.autograd.Function):
            @staticmethod
            def forward(theta):
                return fixed_points.fixed_point(phi, z0, theta)

            @staticmethod
            def setup_context(ctx, inputs, output):
                ctx.save_for_backward(inputs[0], output)

            @staticmethod
            def backward(ctx, v):
                theta, z = ctx.saved_tensors
                in_z, pull = torch.func.jacfwd(phi)(z, theta), torch.func.vjp(lambda t: phi(z, t), theta)[1]
                return pull(torch.linalg.solve(torch.eye(len(z), dtype=z.dtype) - in_z.T, v))[0]

        return Solve.apply(theta)

# %% right: a surrogate that is zero and has the right gradient
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = fixed_points.fixed_point(phi, z0, theta)
        moved = phi(z, theta)
        K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta.detach())
        return z + torch.linalg.inv(K) @ (moved - moved.detach())

    return layer

# %% wrong: transpose
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    class Equilibrium(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            z = fixed_points.fixed_point(phi, z0, theta)
            ctx.save_for_backward(z, theta)
            return z

        @staticmethod
        def backward(ctx, v):
            z, theta = ctx.saved_tensors
            u = torch.linalg.solve(torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta), v)
            return torch.func.vjp(lambda t: phi(z, t), theta)[1](u)[0]

    return Equilibrium.apply

# %% wrong: detached
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    return lambda theta: fixed_points.fixed_point(phi, z0, theta)

# %% wrong: one-step
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    return lambda theta: phi(fixed_points.fixed_point(phi, z0, theta), theta)

# %% wrong: sign
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = fixed_points.fixed_point(phi, z0, theta)
        K = torch.eye(len(z), dtype=z.dtype) + torch.func.jacrev(phi)(z, theta.detach())
        return z + torch.linalg.solve(K, phi(z, theta) - z)

    return layer

# %% wrong: identity-missing
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = fixed_points.fixed_point(phi, z0, theta)
        return z - torch.linalg.solve(torch.func.jacrev(phi)(z, theta.detach()), phi(z, theta) - z)

    return layer

# %% wrong: multiplied
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = fixed_points.fixed_point(phi, z0, theta)
        K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta.detach())
        return z + K @ (phi(z, theta) - z)

    return layer

# %% wrong: few-terms
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = fixed_points.fixed_point(phi, z0, theta)
        return phi(phi(z, theta), theta)

    return layer

# %% wrong: v-ignored
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    class Equilibrium(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            z = fixed_points.fixed_point(phi, z0, theta)
            ctx.save_for_backward(z, theta)
            return z

        @staticmethod
        def backward(ctx, v):
            z, theta = ctx.saved_tensors
            K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta)
            return torch.func.vjp(lambda t: phi(z, t), theta)[1](torch.linalg.solve(K.T, torch.ones_like(z)))[0]

    return Equilibrium.apply

# %% wrong: through-iterations
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = z0.detach()
        for _ in range(2000):
            new = phi(z, theta)
            step = (new - z).detach().norm()
            if step <= 1e-10 * max(1, z.detach().norm()):
                return new
            if not step.isfinite():
                break
            z = new
        raise ValueError("no fixed point")

    return layer

# %% wrong: stopped-early -- eight steps, differentiated
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = z0.detach()
        for _ in range(8):
            z = phi(z, theta)
        return z

    return layer

# %% wrong: value-not-layer
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    return z0.detach().clone()

# %% wrong: not-a-layer
def equilibrium_layer(phi, z0):
    def layer(theta):
        return phi(z0, theta)

# %% wrong: apply-missing
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    class Equilibrium(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            return fixed_points.fixed_point(phi, z0, theta)

    return Equilibrium

# %% wrong: bare-function -- phi and z0 go in, one gradient comes out
from gradlab.maths import fixed_points
class Equilibrium(torch.autograd.Function):
    @staticmethod
    def forward(ctx, phi, z0, theta):
        z = fixed_points.fixed_point(phi, z0, theta)
        ctx.phi = phi
        ctx.save_for_backward(z, theta)
        return z

    @staticmethod
    def backward(ctx, v):
        z, theta = ctx.saved_tensors
        K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(ctx.phi)(z, theta)
        return torch.func.vjp(lambda t: ctx.phi(z, t), theta)[1](torch.linalg.solve(K.T, v))[0]

def equilibrium_layer(phi, z0):
    return lambda theta: Equilibrium.apply(phi, z0, theta)

# %% wrong: no-fixed-point
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    def layer(theta):
        try:
            z = fixed_points.fixed_point(phi, z0, theta)
        except ValueError:
            return z0.detach() + 0 * theta.sum()
        K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta.detach())
        return z + torch.linalg.solve(K, phi(z, theta) - z)

    return layer

# %% wrong: gives-up
def equilibrium_layer(phi, z0):
    def layer(theta):
        z = z0.detach()
        for _ in range(20):
            new = phi(z, theta)
            if (new - z).norm() < 1e-10:
                return new
            z = new
        raise ValueError("no fixed point")

    return layer

# %% wrong: not-your-own
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    return fixed_points.implicit_fixed_point(phi, z0)

# %% wrong: remembers
from gradlab.maths import fixed_points
def equilibrium_layer(phi, z0):
    kept = []

    def layer(theta):
        if not kept:
            z = fixed_points.fixed_point(phi, z0, theta)
            K = torch.eye(len(z), dtype=z.dtype) - torch.func.jacrev(phi)(z, theta.detach())
            kept.append(z + torch.linalg.solve(K, phi(z, theta) - z))
        return kept[0]

    return layer
