# %% right: eigenvalues, then the Newton step
def is_strict_minimum(f, x, theta, tol=1e-6):
    g = torch.func.grad(f)(x, theta)
    H = torch.func.hessian(f)(x, theta)
    eigenvalues = torch.linalg.eigvalsh(H)
    if not eigenvalues[0] > 1e-12 * eigenvalues[-1].abs():
        return False
    return bool(torch.linalg.solve(H, g).norm() <= tol)

# %% right: a 0-d bool tensor
def is_strict_minimum(f, x, theta, tol=1e-6):
    point = x.detach().requires_grad_(True)
    (g,) = torch.autograd.grad(f(point, theta), point, create_graph=True)
    H = torch.stack([torch.autograd.grad(entry, point, retain_graph=True)[0] for entry in g])
    values, vectors = torch.linalg.eigh(H)
    definite = (values[0] > 0) & (values[0] > 1e-12 * values[-1])
    step = vectors @ ((vectors.T @ g.detach()) / values)
    return definite & (step.norm() <= tol)

# %% right: the functional Hessian and Cholesky
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.autograd.functional.hessian(lambda p: f(p, theta), x)
    g = torch.autograd.functional.jacobian(lambda p: f(p, theta), x)
    low, *_, high = [float(e) for e in torch.linalg.eigvalsh(H)] * 2
    if low <= 0 or low <= 1e-12 * float(torch.linalg.eigvalsh(H).max()):
        return False
    step = torch.cholesky_solve(g.unsqueeze(1), torch.linalg.cholesky(H))
    return step.norm().item() <= tol

# %% right: numpy
def is_strict_minimum(f, x, theta, tol=1e-6):
    g = torch.func.grad(f)(x, theta).detach().numpy()
    H = torch.func.hessian(f)(x, theta).detach().numpy()
    e = np.linalg.eigvalsh(H)
    return bool(e[0] > 0 and e[0] > 1e-12 * e[-1]) and np.linalg.norm(np.linalg.solve(H, g)) <= tol

# %% wrong: curvature-only
def is_strict_minimum(f, x, theta, tol=1e-6):
    e = torch.linalg.eigvalsh(torch.func.hessian(f)(x, theta))
    return bool(e[0] > max(0.0, 1e-12 * float(e[-1])))

# %% wrong: gradient-only
def is_strict_minimum(f, x, theta, tol=1e-6):
    return bool(torch.func.grad(f)(x, theta).norm() <= tol)

# %% wrong: gradient-and-curvature
def is_strict_minimum(f, x, theta, tol=1e-6):
    e = torch.linalg.eigvalsh(torch.func.hessian(f)(x, theta))
    return bool(torch.func.grad(f)(x, theta).norm() <= tol and e[0] > max(0.0, 1e-12 * float(e[-1])))

# %% wrong: step-only
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    return bool((torch.linalg.pinv(H, hermitian=True) @ torch.func.grad(f)(x, theta)).norm() <= tol)

# %% wrong: semidefinite
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    e = torch.linalg.eigvalsh(H)
    step = torch.linalg.pinv(H, hermitian=True) @ torch.func.grad(f)(x, theta)
    return bool(e[0] >= -1e-16 * e[-1] and step.norm() <= tol)

# %% wrong: absolute-threshold
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    if torch.linalg.eigvalsh(H)[0] <= 1e-8:
        return False
    return bool(torch.linalg.solve(H, torch.func.grad(f)(x, theta)).norm() <= tol)

# %% wrong: absolute-threshold -- only rounding is allowed for
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    if torch.linalg.eigvalsh(H)[0] <= 1e-12:
        return False
    return bool(torch.linalg.solve(H, torch.func.grad(f)(x, theta)).norm() <= tol)

# %% wrong: diagonal-only
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    step = torch.linalg.pinv(H, hermitian=True) @ torch.func.grad(f)(x, theta)
    return bool((H.diagonal() > 0).all() and step.norm() <= tol)

# %% wrong: determinant
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    if torch.linalg.det(H) <= 0:
        return False
    step = torch.linalg.pinv(H, hermitian=True) @ torch.func.grad(f)(x, theta)
    return bool(step.norm() <= tol)

# %% wrong: singular-unchecked
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    step = torch.linalg.solve(H, torch.func.grad(f)(x, theta))
    e = torch.linalg.eigvalsh(H)
    return bool(e[0] > max(0.0, 1e-12 * float(e[-1])) and step.norm() <= tol)

# %% wrong: always-true
def is_strict_minimum(f, x, theta, tol=1e-6):
    return True

# %% wrong: not-a-bool
def is_strict_minimum(f, x, theta, tol=1e-6):
    return torch.func.grad(f)(x, theta).norm()

# %% wrong: curvature-only -- the sign of the smallest eigenvalue
def is_strict_minimum(f, x, theta, tol=1e-6):
    return bool(torch.linalg.eigvalsh(torch.func.hessian(f)(x, theta)).min() > 0)

# %% wrong: gradient-only -- by a fixed number
def is_strict_minimum(f, x, theta, tol=1e-6):
    return bool(torch.func.grad(f)(x, theta).norm() < 1e-3)

# %% wrong: gradient-and-curvature -- by a fixed number
def is_strict_minimum(f, x, theta, tol=1e-6):
    return bool(torch.func.grad(f)(x, theta).norm() < 1e-3 and torch.linalg.eigvalsh(torch.func.hessian(f)(x, theta)).min() > 0)

# %% wrong: determinant -- and then a solve
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    return bool(torch.linalg.det(H) > 0 and torch.linalg.solve(H, torch.func.grad(f)(x, theta)).norm() <= tol)

# %% right: an eigenbasis, element by element
def is_strict_minimum(f, x, theta, tol=1e-6):
    p = x.detach().clone().requires_grad_(True)
    y = f(p, theta.detach())
    (g,) = torch.autograd.grad(y, p, create_graph=True)
    rows = [torch.autograd.grad(gi, p, retain_graph=True)[0] for gi in g]
    H = torch.stack(rows)
    w, V = torch.linalg.eigh(H)
    ok = w.min() > 1e-12 * w.max()
    newton = (V.T @ g.detach()) / w
    return (ok & (newton.norm() <= tol)).item()

# %% right: vmap of jvp
def is_strict_minimum(f, x, theta, tol=1e-6):
    gradient = lambda p: torch.func.grad(f)(p, theta)
    I = torch.eye(x.shape[0], dtype=x.dtype)
    H = torch.func.vmap(lambda v: torch.func.jvp(gradient, (x,), (v,))[1])(I)
    e = torch.linalg.eigvalsh(0.5 * (H + H.T))
    positive = bool(e[0] > 1e-12 * e[-1])
    return positive and bool(torch.linalg.norm(torch.linalg.solve(H, gradient(x))) <= tol)

# %% right: Cholesky, tensors of the smallest and the largest
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x.detach(), theta.detach()).detach()
    lo, hi = torch.linalg.eigvalsh(H).aminmax()
    if not lo > 1e-12 * hi: return False
    return torch.linalg.vector_norm(torch.cholesky_solve(torch.func.grad(f)(x, theta).detach()[:, None], torch.linalg.cholesky(H))) <= tol

# %% right: errors are caught
def is_strict_minimum(f, x, theta, tol=1e-6):
    try:
        H = torch.func.jacfwd(torch.func.grad(f))(x, theta)
        e = torch.linalg.eigvalsh(H)
        assert e[0] > 1e-12 * e[-1]
        step = torch.linalg.solve(H, -torch.func.grad(f)(x, theta))
        return float(step.norm()) <= tol
    except Exception:
        return False

# %% wrong: gradient-and-curvature -- definite, and a fixed number
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    e = torch.linalg.eigvalsh(H)
    g = torch.func.grad(f)(x, theta)
    return bool(e[0] > 1e-12 * e[-1]) and bool(g.norm() <= 1e-3)

# %% wrong: compares-values
def is_strict_minimum(f, x, theta, tol=1e-6):
    return all(f(x + 1e-4 * d, theta) > f(x, theta) for d in (*torch.eye(len(x), dtype=x.dtype), *-torch.eye(len(x), dtype=x.dtype)))

# %% wrong: largest-eigenvalue
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta); g = torch.func.grad(f)(x, theta)
    return bool((torch.linalg.eigvalsh(H) > 0).any()) and bool((torch.linalg.pinv(H) @ g).norm() <= tol)

# %% wrong: maximum
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta); g = torch.func.grad(f)(x, theta)
    e = torch.linalg.eigvalsh(H)
    return bool(e[-1] < 0) and bool(torch.linalg.solve(H, g).norm() <= tol)

# %% wrong: raises-instead
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta); g = torch.func.grad(f)(x, theta)
    e = torch.linalg.eigvalsh(H)
    if e[0] <= 1e-12 * e[-1]:
        raise ValueError("singular")
    return bool(torch.linalg.solve(H, g).norm() <= tol)

# %% wrong: tol-ignored
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta); g = torch.func.grad(f)(x, theta)
    e = torch.linalg.eigvalsh(H)
    return bool(e[0] > 1e-12 * e[-1] and torch.linalg.solve(H, g).norm() <= 1e-6)

# %% wrong: tol-ignored -- and very strict
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta); g = torch.func.grad(f)(x, theta)
    e = torch.linalg.eigvalsh(H)
    return bool(e[0] > 1e-12 * e[-1] and torch.linalg.solve(H, g).norm() <= 1e-10)

# %% wrong: step-only -- and full rank
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta); g = torch.func.grad(f)(x, theta)
    if torch.linalg.matrix_rank(H) < len(x): return False
    return bool(torch.linalg.solve(H, g).norm() <= tol)

# %% wrong: wrong-value -- computed in float32
def is_strict_minimum(f, x, theta, tol=1e-6):
    x, theta = x.float(), theta.float()
    H = torch.func.hessian(f)(x, theta); g = torch.func.grad(f)(x, theta)
    e = torch.linalg.eigvalsh(H)
    return bool(e[0] > 1e-12 * e[-1] and torch.linalg.solve(H, g).norm() <= tol)

# %% wrong: semidefinite -- positive, and no more
def is_strict_minimum(f, x, theta, tol=1e-6):
    H = torch.func.hessian(f)(x, theta)
    return bool(torch.linalg.eigvalsh(H)[0] > 0) and bool(torch.linalg.solve(H, torch.func.grad(f)(x, theta)).norm() <= tol)

# %% wrong: gradient-and-determinant
def is_strict_minimum(f, x, theta, tol=1e-6):
    g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
    return bool(g.norm() <= tol and torch.linalg.det(H) > 0)

# %% wrong: gradient-and-determinant -- by fixed numbers
def is_strict_minimum(f, x, theta, tol=1e-6):
    g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
    return bool(g.norm() < 1e-4 and torch.linalg.det(H) > 1e-12)

# %% wrong: gradient-and-diagonal
def is_strict_minimum(f, x, theta, tol=1e-6):
    g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
    return bool(g.norm() <= tol and (H.diagonal() > 0).all())

# %% wrong: determinant -- alone
def is_strict_minimum(f, x, theta, tol=1e-6):
    return bool(torch.linalg.det(torch.func.hessian(f)(x, theta)) > 0)

# %% wrong: gradient-and-threshold
def is_strict_minimum(f, x, theta, tol=1e-6):
    g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
    return bool(g.norm() <= tol and torch.linalg.eigvalsh(H)[0] > 1e-8)
# %% wrong: gradient-and-largest
def is_strict_minimum(f, x, theta, tol=1e-6):
    g, H = torch.func.grad(f)(x, theta), torch.func.hessian(f)(x, theta)
    return bool(g.norm() <= tol and torch.linalg.eigvalsh(H)[-1] > 0)
