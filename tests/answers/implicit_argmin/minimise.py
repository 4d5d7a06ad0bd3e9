# %% right: damped Newton with Levenberg's shift
def minimise(f, x0, theta, tol=1e-10):
    theta = theta.detach()
    x = x0.detach().clone()
    for _ in range(500):
        g = torch.func.grad(f)(x, theta)
        H = torch.func.hessian(f)(x, theta)
        if not (torch.isfinite(g).all() and torch.isfinite(H).all()):
            break
        eigenvalues, vectors = torch.linalg.eigh(H)
        positive = eigenvalues[0] > 1e-12 * eigenvalues[-1] and eigenvalues[0] > 0
        if positive and torch.linalg.solve(H, g).norm() <= tol:
            return x
        scale = eigenvalues.abs().clamp(min=1e-8 * float(eigenvalues.abs().max()) + 1e-300)
        step = -vectors @ ((vectors.T @ g) / scale)
        step = step * min(1.0, 1.0 / float(step.norm() + 1e-300))
        t, before = 1.0, f(x, theta)
        while f(x + t * step, theta) > before + 1e-4 * t * (g @ step) + 1e-15 * before.abs() and t > 1e-6:
            t = t / 2
        x = x + t * step
    raise ValueError("no strict minimum was found from this start")

# %% right: LBFGS, then Newton steps
def minimise(f, x0, theta, tol=1e-10):
    theta = theta.detach()
    x = x0.detach().clone().requires_grad_(True)
    solver = torch.optim.LBFGS([x], max_iter=200, line_search_fn="strong_wolfe", tolerance_grad=1e-12, tolerance_change=1e-14)

    def closure():
        solver.zero_grad()
        value = f(x, theta)
        value.backward()
        return value

    solver.step(closure)
    x = x.detach()
    for _ in range(10):
        g = torch.func.grad(f)(x, theta)
        H = torch.func.hessian(f)(x, theta)
        if not torch.isfinite(H).all():
            raise ValueError("the search ran away")
        eigenvalues = torch.linalg.eigvalsh(H)
        if not eigenvalues[0] > 1e-12 * eigenvalues[-1].abs():
            raise ValueError("the Hessian is not positive definite: no strict minimum")
        step = torch.linalg.solve(H, g)
        if step.norm() <= tol:
            return x
        if step.norm() > 1:
            raise ValueError("still far from stationary: no minimum?")
        x = x - step
    raise ValueError("the Newton step does not shrink")

# %% right: plain Newton, a test at the end
def minimise(f, x0, theta, tol=1e-10):
    x, theta = x0.detach().clone(), theta.detach()
    for _ in range(100):
        point = x.clone().requires_grad_(True)
        (g,) = torch.autograd.grad(f(point, theta), point, create_graph=True)
        H = torch.stack([torch.autograd.grad(entry, point, retain_graph=True)[0] for entry in g])
        values = torch.linalg.eigvalsh(H) if torch.isfinite(H).all() else torch.zeros(1)
        regular = values.abs().min() > 1e-12 * values.abs().max()
        if not regular:
            raise ValueError("the Hessian is singular on the way")
        step = torch.linalg.solve(H, g.detach())
        if step.norm() <= tol:
            if values[0] <= 0:
                raise ValueError("a stationary point, but no minimum")
            return x
        x = x - step
    raise ValueError("Newton's method did not converge")

# %% right: Adam as in the forum, then Newton
def minimise(f, x0, theta, tol=1e-10):
    t = theta.detach()
    x = x0.detach().clone().requires_grad_(True)
    opt = torch.optim.Adam([x], lr=0.5)
    for _ in range(350):
        opt.zero_grad()
        f(x, t).backward()
        opt.step()
    x = x.detach()
    for _ in range(20):
        H = torch.autograd.functional.hessian(lambda p: f(p, t), x)
        g = torch.autograd.functional.jacobian(lambda p: f(p, t), x)
        low, high = torch.linalg.eigvalsh(H)[[0, -1]]
        if not (low > 0 and low > 1e-12 * high):
            raise ValueError("H is not positive definite")
        step = torch.cholesky_solve(g[:, None], torch.linalg.cholesky(H))[:, 0]
        if step.norm() <= tol:
            return x
        x = x - step
    raise ValueError("no minimum: the Newton step stays long")

# %% right: gradient descent with a backtracking line search, then Newton
def minimise(f, x0, theta, tol=1e-10):
    grad, hess = torch.func.grad(f), torch.func.hessian(f)
    x, p, rate = x0.detach(), theta.detach(), 1.0
    for _ in range(400):
        g = grad(x, p)
        while rate > 1e-12 and not f(x - rate * g, p) <= f(x, p) - rate / 2 * (g @ g):
            rate /= 2
        x, rate = x - rate * g, rate * 2
    for _ in range(30):
        g, H = grad(x, p), hess(x, p)
        e = torch.linalg.eigvalsh(torch.nan_to_num(H))
        if e[0] <= max(1e-12 * e[-1], 0):
            raise ValueError("flat, or falling for ever")
        step = torch.linalg.solve(H, g)
        if step.norm() <= tol:
            return x.detach()
        x = x - step
    raise ValueError(f"the Newton step is still {step.norm():.2g}")

# %% right: SciPy's trust region
def minimise(f, x0, theta, tol=1e-10):
    from scipy.optimize import minimize

    theta = theta.detach()
    grad, hess = torch.func.grad(f), torch.func.hessian(f)
    tensor = lambda a: torch.as_tensor(a, dtype=x0.dtype)
    found = minimize(lambda a: float(f(tensor(a), theta)), x0.detach().numpy().astype(float),
                     jac=lambda a: grad(tensor(a), theta).double().numpy(),
                     hess=lambda a: hess(tensor(a), theta).double().numpy(), method="trust-exact")
    x = tensor(found.x)
    for _ in range(5):
        g, H = grad(x, theta), hess(x, theta)
        e = torch.linalg.eigvalsh(H)
        if not e[0] > 1e-12 * e[-1]:
            raise ValueError("not positive definite")
        step = torch.linalg.solve(H, g)
        x = x - step
        if step.norm() <= tol:
            return x
    raise ValueError("not stationary")

# %% wrong: not-your-own -- the house's own
def minimise(f, x0, theta, tol=1e-10):
    from gradlab.maths.implicit import minimise as search

    return search(f, x0, theta, tol / 10 if x0.dtype == torch.float64 else 1e-3)

# %% wrong: stopped-early -- Adam alone
def minimise(f, x0, theta, tol=1e-10):
    x = x0.detach().clone().requires_grad_(True)
    opt = torch.optim.Adam([x], lr=0.5)
    for _ in range(350):
        opt.zero_grad()
        f(x, theta.detach()).backward()
        opt.step()
    x = x.detach()
    g = torch.func.grad(f)(x, theta)
    e = torch.linalg.eigvalsh(torch.func.hessian(f)(x, theta))
    if not (g.norm() <= 1e-4 and e[0] > 1e-12 * e[-1]):
        raise ValueError("no minimum")
    return x

# %% half: no-minimum -- small gradient and positive curvature, polished with one step
def minimise(f, x0, theta, tol=1e-10):
    theta = theta.detach()
    x = x0.detach().clone()
    for _ in range(200):
        g = torch.func.grad(f)(x, theta)
        H = torch.func.hessian(f)(x, theta)
        e = torch.linalg.eigvalsh(H)
        if e[0] <= 1e-12 * e[-1]:
            raise ValueError("singular")
        step = torch.linalg.solve(H, g)
        if step.norm() <= tol:
            return x
        x = x - step * min(1.0, 1.0 / float(step.norm()))
        if g.norm() <= 1e-10:
            return x
    raise ValueError("no minimum")

# %% half: no-minimum -- believes the optimiser
def minimise(f, x0, theta, tol=1e-10):
    theta = theta.detach()
    x = x0.detach().clone().requires_grad_(True)
    solver = torch.optim.LBFGS([x], max_iter=500, line_search_fn="strong_wolfe", tolerance_grad=1e-14, tolerance_change=1e-16)

    def closure():
        solver.zero_grad()
        value = f(x, theta)
        value.backward()
        return value

    solver.step(closure)
    x = x.detach()
    for _ in range(3):
        x = x - torch.linalg.lstsq(torch.func.hessian(f)(x, theta), torch.func.grad(f)(x, theta)[:, None]).solution[:, 0]
    return x

# %% half: attached
def minimise(f, x0, theta, tol=1e-10):
    x = x0.clone()
    for _ in range(100):
        g = torch.func.grad(f)(x, theta)
        H = torch.func.hessian(f)(x, theta)
        e = torch.linalg.eigvalsh(H)
        if not e[0] > 1e-12 * e[-1]:
            raise ValueError("not positive definite")
        step = torch.linalg.solve(H, g)
        if step.norm() <= tol:
            return x
        x = x - step
    raise ValueError("no convergence")

# %% wrong: attached -- a leaf that still requires a gradient
def minimise(f, x0, theta, tol=1e-10):
    from gradlab.maths.implicit import minimise as search

    return search(f, x0, theta, tol / 10 if x0.dtype == torch.float64 else 1e-3).requires_grad_(True)

# %% wrong: gives-up -- an absolute threshold for the curvature
def minimise(f, x0, theta, tol=1e-10):
    from gradlab.maths.implicit import minimise as search

    x = search(f, x0, theta, tol / 10 if x0.dtype == torch.float64 else 1e-3)
    if torch.linalg.eigvalsh(torch.func.hessian(f)(x, theta))[0] < 1e-2:
        raise ValueError("too flat")
    return x

# %% wrong: other-valley -- always starts at zero, and steps to the right
def minimise(f, x0, theta, tol=1e-10):
    from gradlab.maths.implicit import minimise as search

    return search(f, x0.abs(), theta, tol / 10 if x0.dtype == torch.float64 else 1e-3)

# %% wrong: changed-input
def minimise(f, x0, theta, tol=1e-10):
    from gradlab.maths.implicit import minimise as search

    return x0.copy_(search(f, x0, theta, tol / 10 if x0.dtype == torch.float64 else 1e-3)).clone()

# %% wrong: singular-unchecked
def minimise(f, x0, theta, tol=1e-10):
    from gradlab.maths.implicit import minimise as search

    try:
        return search(f, x0, theta, tol / 10 if x0.dtype == torch.float64 else 1e-3)
    except ValueError:
        return torch.linalg.solve(torch.zeros(2, 2), torch.ones(2))

# %% wrong: not-a-minimum -- Newton goes to any stationary point
def minimise(f, x0, theta, tol=1e-10):
    x, theta = x0.detach().clone(), theta.detach()
    for _ in range(100):
        g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
        e = torch.linalg.eigvalsh(H).abs()
        if not e.min() > 1e-12 * e.max():
            raise ValueError("singular")
        step = torch.linalg.solve(H, g)
        if step.norm() <= tol:
            return x
        x = x - step
    raise ValueError("no convergence")

# %% wrong: nan -- nan compares false
def minimise(f, x0, theta, tol=1e-10):
    x, theta = x0.detach().clone(), theta.detach()
    for _ in range(200):
        g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
        step = torch.linalg.lstsq(H, g[:, None]).solution[:, 0] if H.abs().max() > 1e-300 else g / 0 * 0
        if step.norm() <= tol:
            return x
        x = x - step
    if step.norm() > tol:
        raise ValueError("no convergence")
    return x

# %% right: a recursion with absolute eigenvalues
def minimise(f, x0, theta, tol=1e-10, depth=0):
    x = x0.detach().clone()
    t = theta.detach()
    if depth > 300:
        raise ValueError("no minimum after 300 steps")
    g = torch.func.grad(f)(x, t)
    H = torch.func.hessian(f)(x, t)
    w, V = torch.linalg.eigh(H)
    step = V @ (V.T @ g / w.abs().clamp(min=1e-10))
    if w[0] > 1e-12 * w[-1] and step.norm() <= tol:
        return x
    if step.norm() > 3:
        step = step * 3 / step.norm()
    if depth > 0 and not torch.isfinite(step).all():
        raise ValueError("nan")
    s = 1.0
    while s > 1e-9 and f(x - s * step, t) > f(x, t):
        s *= 0.5
    return minimise(f, x - (s if s > 1e-9 else 1.0) * step, t, tol, depth + 1)

# %% wrong: not-your-own -- the house's own, another error that is a ValueError
from gradlab.maths import implicit

class NoMinimum(ValueError):
    pass
def minimise(f, x0, theta, tol=1e-10):
    try:
        return implicit.minimise(f, x0, theta, tol=tol).detach().clone()
    except ValueError as e:
        raise NoMinimum(str(e)) from None

# %% right: float64 inside, Cholesky
def minimise(f, x0: torch.Tensor, theta: torch.Tensor, tol: float = 1e-10) -> torch.Tensor:
    assert x0.ndim == 1
    dtype = x0.dtype
    x, th = x0.detach().to(torch.float64).clone(), theta.detach().to(torch.float64)
    x.requires_grad_(True)
    opt = torch.optim.LBFGS([x], max_iter=1000, max_eval=2000, tolerance_grad=1e-12, tolerance_change=1e-14, line_search_fn="strong_wolfe")
    def again() -> torch.Tensor:
        opt.zero_grad(set_to_none=True)
        out = f(x, th)
        out.backward()
        return out
    opt.step(again)
    with torch.no_grad():
        y = x.detach().clone()
    for _ in range(100):
        H = torch.autograd.functional.hessian(lambda p: f(p, th), y)
        g = torch.autograd.functional.jacobian(lambda p: f(p, th), y)
        try:
            L = torch.linalg.cholesky(H)
        except RuntimeError as e:
            raise ValueError("H is not positive definite") from e
        ev = torch.linalg.eigvalsh(H)
        if ev[0] <= 1e-12 * ev[-1]:
            raise ValueError("H is singular")
        s = torch.cholesky_solve(g[:, None], L)[:, 0]
        if torch.linalg.vector_norm(s) <= tol:
            return y.to(dtype)
        y -= s
    raise ValueError("no convergence")

# %% wrong: ran-away -- gradients never cleared
def minimise(f, x0, theta, tol=1e-10):
    x = x0.detach().clone().requires_grad_(True)
    opt = torch.optim.Adam([x], lr=0.5)
    for _ in range(350):
        f(x, theta.detach()).backward()
        opt.step()
    return x.detach()

# %% wrong: gives-up -- curvature below a fixed number
from gradlab.maths import implicit

def minimise(f, x0, theta, tol=1e-10):
    x = implicit.minimise(f, x0, theta, tol)
    H = torch.func.hessian(f)(x, theta)
    if torch.linalg.eigvalsh(H)[0] < 1e-2:
        raise ValueError("flat")
    return x

# %% wrong: raised -- tol is not taken
from gradlab.maths import implicit

def minimise(f, x0, theta):
    return implicit.minimise(f, x0, theta)

# %% wrong: wrong-dtype
from gradlab.maths import implicit

def minimise(f, x0, theta, tol=1e-10):
    return implicit.minimise(f, x0, theta, tol).float()

# %% wrong: not-a-tensor -- point and value
from gradlab.maths import implicit

def minimise(f, x0, theta, tol=1e-10):
    x = implicit.minimise(f, x0, theta, tol)
    return x, f(x, theta)

# %% half: nan -- nan compares false, at a singular Hessian
def minimise(f, x0, theta, tol=1e-10):
    x, theta = x0.detach().clone(), theta.detach()
    for _ in range(300):
        g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
        e, V = torch.linalg.eigh(H)
        step = V @ ((V.T @ g) / e.abs())
        step = step / max(1.0, step.norm() / 2)
        if step.norm() <= tol:
            return x
        x = x - step
    if step.norm() > tol:
        raise ValueError("no convergence")
    return x
