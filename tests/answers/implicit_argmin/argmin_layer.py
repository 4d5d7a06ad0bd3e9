# %% right: an autograd.Function
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    class Argmin(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            x = minimise(f, x0, theta)
            ctx.save_for_backward(x, theta)
            return x

        @staticmethod
        def backward(ctx, v):
            x, theta = ctx.saved_tensors
            with torch.enable_grad():
                x = x.detach().requires_grad_(True)
                theta = theta.detach().requires_grad_(True)
                (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
                H = torch.stack([torch.autograd.grad(g, x, retain_graph=True)[0] for g in fx])
                return torch.autograd.grad(fx, theta, -torch.linalg.solve(H, v))[0]

    return Argmin.apply

# %% right: a separate context, torch.func inside
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    class Argmin(torch.autograd.Function):
        @staticmethod
        def forward(theta):
            return minimise(f, x0, theta)

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(output, *inputs)

        @staticmethod
        def backward(ctx, v):
            x, theta = ctx.saved_tensors
            u = torch.linalg.solve(torch.func.hessian(f)(x, theta), v)
            return -torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](u)[0]

    return lambda theta: Argmin.apply(theta)

# %% right: one Newton step with a graph on top of a detached minimum
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    def layer(theta):
        x = minimise(f, x0, theta.detach()).requires_grad_(True)
        (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
        H = torch.func.hessian(f)(x.detach(), theta.detach())
        return x.detach() - torch.linalg.solve(H, fx)

    return layer

# %% wrong: not-your-own -- a module
def argmin_layer(f, x0):
    from gradlab.maths.implicit import implicit_argmin

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.argmin = implicit_argmin(f, x0.detach().clone())

        def forward(self, theta):
            return self.argmin(theta)

    return Layer()

# %% right: a surrogate that is zero and has the right gradient
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    def layer(theta):
        x = minimise(f, x0, theta.detach())
        push = torch.func.grad(f)(x, theta)
        H = torch.func.hessian(f)(x, theta.detach())
        return x - torch.linalg.solve(H, push - push.detach())

    return layer

# %% right: a hook that solves on the way back
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    def layer(theta):
        x = minimise(f, x0, theta.detach())
        if not theta.requires_grad:
            return x
        H = torch.func.hessian(f)(x, theta.detach())
        z = x.requires_grad_(True)
        (fx,) = torch.autograd.grad(f(z, theta), z, create_graph=True)
        out = x.detach() - (fx - fx.detach())
        out.register_hook(lambda v: torch.linalg.solve(H, v))
        return out

    return layer

# %% wrong: detached
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    return lambda theta: minimise(f, x0, theta) + 0 * theta.detach().sum()

# %% wrong: detached -- theta detached before the layer
def argmin_layer(f, x0):
    from gradlab.maths.implicit import implicit_argmin

    return lambda theta: implicit_argmin(f, x0)(theta.detach())

# %% wrong: value-not-layer
def argmin_layer(f, x0):
    return x0.detach().clone()

# %% wrong: sign
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    class Argmin(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            x = minimise(f, x0, theta)
            ctx.save_for_backward(x, theta)
            return x

        @staticmethod
        def backward(ctx, v):
            x, theta = ctx.saved_tensors
            u = torch.linalg.solve(torch.func.hessian(f)(x, theta), v)
            return torch.func.vjp(lambda t: torch.func.grad(f)(x, t), theta)[1](u)[0]

    return Argmin.apply

# %% wrong: push-only
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    def layer(theta):
        x = minimise(f, x0, theta.detach())
        push = torch.func.grad(f)(x, theta)
        return x - (push - push.detach())

    return layer

# %% wrong: multiplied
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    def layer(theta):
        x = minimise(f, x0, theta.detach())
        push = torch.func.grad(f)(x, theta)
        return x - torch.func.hessian(f)(x, theta.detach()) @ (push - push.detach())

    return layer

# %% wrong: diagonal
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    def layer(theta):
        x = minimise(f, x0, theta.detach())
        push = torch.func.grad(f)(x, theta)
        return x - (push - push.detach()) / torch.func.hessian(f)(x, theta.detach()).diagonal()

    return layer

# %% wrong: v-ignored
def argmin_layer(f, x0):
    from gradlab.maths.implicit import argmin_vjp, minimise

    class Argmin(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            x = minimise(f, x0, theta)
            ctx.save_for_backward(x, theta)
            return x

        @staticmethod
        def backward(ctx, v):
            x, theta = ctx.saved_tensors
            return argmin_vjp(f, x, theta, torch.ones_like(v))

    return Argmin.apply

# %% wrong: through-iterations -- Newton with its graph
def argmin_layer(f, x0):
    def layer(theta):
        x = x0.detach().clone().requires_grad_(True)
        for _ in range(60):
            (g,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
            H = torch.stack([torch.autograd.grad(entry, x, create_graph=True)[0] for entry in g])
            e = torch.linalg.eigvalsh(H.detach())
            if not e[0] > 1e-12 * e[-1]:
                raise ValueError("no minimum")
            step = torch.linalg.solve(H, g)
            x = x - step
            if step.norm() < 1e-10 + 1e-3 * (x.dtype == torch.float32):
                return x
        raise ValueError("no minimum")

    return layer

# %% wrong: unconverged -- the forum's Adam, differentiated
def argmin_layer(f, x0):
    def layer(theta):
        x = x0.detach().clone().requires_grad_(True)
        for _ in range(60):
            (g,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
            x = x - 0.1 * g
        return x

    return layer

# %% wrong: no-minimum
def argmin_layer(f, x0):
    from gradlab.maths.implicit import implicit_argmin

    def layer(theta):
        try:
            return implicit_argmin(f, x0)(theta)
        except ValueError:
            return x0 + 0 * theta.sum()

    return layer

# %% wrong: gives-up
def argmin_layer(f, x0):
    def layer(theta):
        raise ValueError("no minimum")

    return layer

# %% wrong: remembers -- starts where the last call ended
def argmin_layer(f, x0):
    from gradlab.maths.implicit import implicit_argmin

    last = [x0]

    def layer(theta):
        x = implicit_argmin(f, last[0])(theta)
        last[0] = x.detach()
        return x

    return layer

# %% wrong: left-grad -- backward fills theta.grad
def argmin_layer(f, x0):
    from gradlab.maths.implicit import implicit_argmin

    def layer(theta):
        x = implicit_argmin(f, x0)(theta)
        if theta.requires_grad:
            x.sum().backward(retain_graph=True)
        return x

    return layer

# %% right: one attached Newton step
from gradlab.maths import implicit
def argmin_layer(f, x0):
    def layer(theta):
        x = implicit.minimise(f, x0, theta.detach())
        H = torch.func.hessian(f)(x, theta.detach())
        z = x.clone().requires_grad_(True)
        with torch.enable_grad():
            g = torch.autograd.grad(f(z, theta), z, create_graph=True)[0] if theta.requires_grad else torch.func.grad(f)(x, theta)
        return x - torch.linalg.solve(H, g - g.detach())
    return layer

# %% right: a class, its Function with setup_context
from gradlab.maths import implicit
class argmin_layer:
    def __init__(self, f, x0):
        self.f, self.x0 = f, x0.detach().clone()
    def __call__(self, theta):
        f, x0 = self.f, self.x0
        class Arg(torch.autograd.Function):
            @staticmethod
            def forward(theta):
                return implicit.minimise(f, x0, theta.detach())
            @staticmethod
            def setup_context(ctx, inputs, output):
                ctx.save_for_backward(inputs[0], output)
            @staticmethod
            def backward(ctx, v):
                t, x = (s.detach() for s in ctx.saved_tensors)
                w = torch.linalg.solve(torch.func.hessian(f)(x, t), v)
                return -torch.func.grad(lambda t: w @ torch.func.grad(f)(x, t))(t)
        return Arg.apply(theta)

# %% right: a Function of three arguments
from gradlab.maths import implicit

class ArgMin(torch.autograd.Function):
    @staticmethod
    def forward(ctx, theta, f, x0):
        x = implicit.minimise(f, x0, theta)
        ctx.f = f
        ctx.save_for_backward(x, theta)
        return x
    @staticmethod
    def backward(ctx, grad_output):
        x, theta = ctx.saved_tensors
        H = torch.func.hessian(ctx.f)(x, theta)
        u = torch.linalg.solve(H, grad_output)
        return -torch.func.vjp(lambda t: torch.func.grad(ctx.f)(x, t), theta)[1](u)[0], None, None
def argmin_layer(f, x0):
    return lambda theta: ArgMin.apply(theta, f, x0)

# %% right: H kept for backward, once differentiable
from gradlab.maths import implicit

from torch.autograd.function import once_differentiable
def argmin_layer(f, x0):
    class Argmin(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            x = implicit.minimise(f, x0, theta)
            H = torch.func.hessian(f)(x, theta)
            ctx.save_for_backward(theta, H, x)
            return x
        @staticmethod
        @once_differentiable
        def backward(ctx, v):
            theta, H, x = ctx.saved_tensors
            if not ctx.needs_input_grad[0]:
                return None
            u = torch.linalg.solve(H, -v)
            return torch.func.grad(lambda t: u @ torch.func.grad(f)(x, t))(theta)
    def layer(theta):
        return Argmin.apply(theta)
    return layer

# %% right: functools.partial
from gradlab.maths import implicit

import functools
def _layer(f, x0, theta):
    x = implicit.minimise(f, x0, theta.detach())
    t = theta.detach()
    H = torch.stack([torch.func.jvp(lambda p: torch.func.grad(f)(p, t), (x,), (e,))[1] for e in torch.eye(len(x), dtype=x.dtype)])
    return x - torch.linalg.solve(H, torch.func.grad(f)(x, theta))
def argmin_layer(f, x0):
    return functools.partial(_layer, f, x0.detach().clone())

# %% right: H with its graph, which the vanishing step hides
from gradlab.maths import implicit

def argmin_layer(f, x0):
    def layer(theta):
        x = implicit.minimise(f, x0, theta.detach())
        H = torch.func.hessian(f)(x, theta)
        return x - torch.linalg.solve(H, torch.func.grad(f)(x, theta))
    return layer

# %% wrong: apply-missing
from gradlab.maths import implicit

def argmin_layer(f, x0):
    class Layer(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            x = implicit.minimise(f, x0, theta)
            ctx.save_for_backward(x, theta)
            return x
        @staticmethod
        def backward(ctx, v):
            x, theta = ctx.saved_tensors
            return implicit.argmin_vjp(f, x, theta, v)
    return Layer

# %% wrong: remembers -- the first result for every theta
from gradlab.maths import implicit

def argmin_layer(f, x0):
    cache = []
    def layer(theta):
        if not cache:
            cache.append(implicit.implicit_argmin(f, x0)(theta))
        return cache[0]
    return layer

# %% wrong: changed-input
from gradlab.maths import implicit

def argmin_layer(f, x0):
    def layer(theta):
        theta.requires_grad_(True)
        return implicit.implicit_argmin(f, x0)(theta)
    return layer

# %% wrong: not-a-layer -- return forgotten
from gradlab.maths import implicit

def argmin_layer(f, x0):
    def layer(theta):
        return implicit.implicit_argmin(f, x0)(theta)

# %% wrong: gradient-fails -- theta laid flat
from gradlab.maths import implicit

def argmin_layer(f, x0):
    class Layer(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            x = implicit.minimise(f, x0, theta)
            ctx.save_for_backward(x, theta)
            return x
        @staticmethod
        def backward(ctx, v):
            x, theta = ctx.saved_tensors
            return implicit.argmin_vjp(f, x, theta, v).flatten()
    return Layer.apply


# %% right: a module with a Newton step of its own graph
from gradlab.maths import lasso, prox, implicit, fixed_points
class Layer(nn.Module):
    def __init__(self, f, x0):
        super().__init__(); self.f, self.x0 = f, x0
    def forward(self, theta):
        x = implicit.minimise(self.f, self.x0, theta.detach())
        H = torch.autograd.functional.hessian(lambda p: self.f(p, theta.detach()), x)
        y = x.requires_grad_()
        fx, = torch.autograd.grad(self.f(y, theta), y, create_graph=True)
        return (x.detach() - torch.cholesky_solve((fx)[:, None], torch.linalg.cholesky(H))[:, 0])
def argmin_layer(f, x0): return Layer(f, x0)

# %% wrong: gradient-fails -- no enable_grad
def argmin_layer(f, x0):
    from gradlab.maths.implicit import minimise

    class Argmin(torch.autograd.Function):
        @staticmethod
        def forward(ctx, theta):
            x = minimise(f, x0, theta)
            ctx.save_for_backward(x, theta)
            return x

        @staticmethod
        def backward(ctx, v):
            x, theta = ctx.saved_tensors
            x = x.detach().requires_grad_(True)
            theta = theta.detach().requires_grad_(True)
            (fx,) = torch.autograd.grad(f(x, theta), x, create_graph=True)
            H = torch.stack([torch.autograd.grad(g, x, retain_graph=True)[0] for g in fx])
            return torch.autograd.grad(fx, theta, -torch.linalg.solve(H, v))[0]

    return Argmin.apply
