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
