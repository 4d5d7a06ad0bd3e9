# %% right: iterate until the residual passes
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(2000):
        new = phi(z, theta)
        step = (new - z).norm()
        if not torch.isfinite(step):
            break
        if step <= tol * max(1, z.norm()):
            return z
        z = new
    raise ValueError("no fixed point found")

# %% right: while, under no_grad, the newer point returned
@torch.no_grad()
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.clone()
    for step in range(2500):
        before, z = z, phi(z, theta)
        if not z.isfinite().all():
            raise ValueError("the iteration left the numbers")
        if torch.norm(z - before) <= tol * max(1.0, float(torch.norm(z))) / 2:
            return z
    raise ValueError("no convergence")

# %% right: Newton's method after some steps
def fixed_point(phi, z0, theta, tol=1e-10):
    z, t = z0.detach(), theta.detach()
    for _ in range(100):
        z = phi(z, t)
    for _ in range(20):
        residual = phi(z, t) - z
        if not residual.isfinite().all():
            break
        if residual.norm() <= tol * max(1, z.norm()):
            return z
        K = torch.func.jacrev(phi)(z, t) - torch.eye(len(z), dtype=z.dtype)
        try:
            z = z - torch.linalg.solve(K, residual)
        except torch.linalg.LinAlgError:
            break
    raise ValueError("no fixed point")

# %% right: damped steps, which also tame a swing
def fixed_point(phi, z0, theta, tol=1e-10):
    with torch.no_grad():
        z = z0.clone()
        for _ in range(2500):
            residual = phi(z, theta) - z
            if not bool(torch.isfinite(residual).all()):
                raise ValueError("not finite")
            if residual.norm() <= tol * max(1.0, z.norm().item()):
                return z
            z = z + 0.75 * residual
    raise ValueError("no convergence")

# %% right: Anderson, depth one, with a fall-back
def fixed_point(phi, z0, theta, tol=1e-10):
    theta = theta.detach()
    x = z0.detach()
    fx = phi(x, theta)
    y, gx = fx, fx - x
    for _ in range(1500):
        fy = phi(y, theta)
        gy = fy - y
        if not gy.isfinite().all():
            break
        if gy.norm() <= tol * max(1, y.norm()):
            return y
        x, y, gx = y, fy, gy
    raise ValueError("did not settle")

# %% right: plain numbers in the test
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    best = z
    for k in range(2500):
        nxt = phi(z, theta)
        gap = float((nxt - z).norm())
        if math.isnan(gap) or math.isinf(gap):
            raise ValueError(f"diverged after {k} steps")
        if gap <= tol * max(1.0, float(z.norm())):
            return z.clone()
        z = nxt
    raise ValueError(f"the residual is still {gap}")

# %% wrong: one-step
def fixed_point(phi, z0, theta, tol=1e-10):
    return phi(z0.detach(), theta.detach())

# %% wrong: start
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    while (z - z).norm() > tol:
        z = phi(z, theta.detach())
    return z

# %% wrong: stopped-early -- fifty steps
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    for _ in range(50):
        z = phi(z, theta.detach())
    return z

# %% wrong: stopped-early -- a tolerance of its own
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    for _ in range(1000):
        new = phi(z, theta.detach())
        if (new - z).norm() < 1e-4:
            return new
        z = new
    raise ValueError("no fixed point")

# %% half: no-fixed-point -- while ends at nan
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(1500):
        if not (phi(z, theta) - z).norm() > tol * max(1, z.norm()):
            return z
        z = phi(z, theta)
    raise ValueError("no fixed point")

# %% right: nan fails every test
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(1500):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: no-fixed-point -- nan and infinity come back
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    for _ in range(1500):
        z = phi(z, theta.detach())
    return z

# %% wrong: no-fixed-point
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(2000):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            break
        z = new
    return torch.nan_to_num(z)

# %% wrong: absolute-tolerance
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(1500):
        new = phi(z, theta)
        if not new.isfinite().all():
            break
        if (new - z).norm() <= tol / 10:
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: gives-up -- a hundred steps
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(100):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new
        z = new
    raise ValueError("no fixed point in a hundred steps")

# %% half: attached
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0
    for _ in range(2000):
        new = phi(z, theta)
        if not new.isfinite().all():
            break
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: root-of-phi
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    for _ in range(50):
        f = phi(z, theta.detach())
        if f.norm() < tol:
            return z
        z = z - torch.linalg.solve(torch.func.jacrev(phi)(z, theta.detach()), f)
    return z

# %% wrong: changed-input -- detach shares the numbers of z0
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    for _ in range(1500):
        new = phi(z, theta.detach())
        step = (new - z).norm()
        z.copy_(new)
        if step <= tol:
            return z.clone()
    raise ValueError("no fixed point")

# %% half: singular-unchecked -- Newton meets I − I
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(100):
        r = phi(z, theta) - z
        if not r.isfinite().all():
            raise ValueError("not finite")
        if r.norm() <= tol * max(1, z.norm()):
            return z
        z = z - torch.linalg.solve(torch.func.jacrev(phi)(z, theta) - torch.eye(len(z), dtype=z.dtype), r)
    raise ValueError("no fixed point")

# %% wrong: not-your-own
from gradlab.maths import fixed_points
def fixed_point(phi, z0, theta, tol=1e-10):
    return fixed_points.fixed_point(phi, z0, theta, tol)

# %% wrong: too-slow -- a loop without an end
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    while not (phi(z, theta) - z).norm() <= tol * max(1, z.norm()):
        z = phi(z, theta)
    return z

# %% right: Picard in double steps, recursion by for-else
def fixed_point(phi, z0, theta, tol=1e-10):
    with torch.no_grad():
        z = z0 + 0.0
        for _ in range(3000):
            new = phi(z, theta)
            if torch.linalg.vector_norm(new - z) <= tol * torch.linalg.vector_norm(z).clamp(min=1):
                break
            z = new
        else:
            raise ValueError("no fixed point in 3000 steps")
        return z

# %% right: steps halved where the residual grows, theta and z0 cloned
def fixed_point(phi, z0, theta, tol=1e-10):
    z, t, size = z0.detach().clone(), theta.detach().clone(), 1.0
    with torch.no_grad():
        r = phi(z, t) - z
        for _ in range(4000):
            if not torch.isfinite(r).all():
                raise ValueError("the numbers ran away")
            if r.norm() <= tol * max(1.0, z.norm().item()):
                return z
            trial = z + size * r
            s = phi(trial, t) - trial
            if s.isfinite().all() and s.norm() < r.norm():
                z, r = trial, s
            else:
                size /= 2
    raise ValueError(f"residual {r.norm():.1e}")

# %% right: SciPy's root finder, polished by the iteration
def fixed_point(phi, z0, theta, tol=1e-10):
    from scipy.optimize import root

    t = theta.detach()
    f = lambda x: (phi(torch.from_numpy(x).to(z0.dtype), t) - torch.from_numpy(x).to(z0.dtype)).detach().double().numpy()
    z = z0.detach()
    for _ in range(300):
        z = phi(z, t).detach()
    if not z.isfinite().all():
        raise ValueError("not finite")
    found = torch.from_numpy(root(f, z.double().numpy(), tol=1e-14).x).to(z0.dtype)
    for candidate in (found, z):
        if (phi(candidate, t).detach() - candidate).norm() <= tol * max(1, candidate.norm()):
            return candidate
    raise ValueError("no fixed point")

# %% right: Anderson with a window of three, by least squares
@torch.no_grad()
def fixed_point(phi, z0, theta, tol=1e-10):
    zs, gs = [z0.clone()], []
    for k in range(2500):
        g = phi(zs[-1], theta)
        r = g - zs[-1]
        if not torch.isfinite(r).all():
            raise ValueError("no fixed point: not finite")
        if r.norm() <= tol * max(1.0, float(zs[-1].norm())):
            return zs[-1]
        gs.append(g)
        zs.append(g)
        zs, gs = zs[-4:], gs[-3:]
    raise ValueError("no fixed point")

# %% right: a generator of iterates and itertools
import itertools
def fixed_point(phi, z0, theta, tol=1e-10):
    def iterates():
        z = z0.detach().clone()
        while True:
            yield z
            z = phi(z, theta).detach()

    for z, new in itertools.islice(itertools.pairwise(iterates()), 3000):
        if float((new - z).norm()) <= tol * max(1.0, float(z.norm())):
            return z
    raise ValueError("no fixed point")

# %% wrong: stopped-early -- compares components, stops at once in one of them
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    for _ in range(3000):
        new = phi(z, theta.detach())
        if (new - z).abs().min() <= tol:
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: stopped-early -- the signed mean of the step
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach()
    for _ in range(3000):
        new = phi(z, theta.detach())
        if (new - z).mean() <= tol:
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: stopped-early -- gradient descent on the residual, a hundred steps
def fixed_point(phi, z0, theta, tol=1e-10):
    z = z0.detach().clone().requires_grad_()
    for _ in range(100):
        loss = ((phi(z, theta.detach()) - z) ** 2).sum()
        (g,) = torch.autograd.grad(loss, z)
        z = (z - 0.1 * g).detach().requires_grad_()
    return z.detach()

# %% wrong: no-fixed-point -- RuntimeError instead of ValueError
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(3000):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new
        z = new
    raise RuntimeError("no fixed point")

# %% wrong: no-fixed-point -- returns None where there is none
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(3000):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new
        z = new

# %% wrong: not-a-tensor -- a pair comes back
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for k in range(3000):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new, k
        z = new
    raise ValueError("no fixed point")

# %% half: wrong-dtype -- float64 inside, float64 back
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach().double(), theta.detach().double()
    for k in range(3000):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: stopped-early -- tolerance squared forgotten, norm of squares
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for k in range(3000):
        new = phi(z, theta)
        if ((new - z) ** 2).sum() <= tol * max(1, z.norm()):
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: stopped-early -- tol ignored in favour of allclose
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for k in range(3000):
        new = phi(z, theta)
        if torch.allclose(new, z):
            return new
        z = new
    raise ValueError("no fixed point")

# %% wrong: gives-up -- two hundred rounds
def fixed_point(phi, z0, theta, tol=1e-10):
    z, theta = z0.detach(), theta.detach()
    for _ in range(200):
        new = phi(z, theta)
        if (new - z).norm() <= tol * max(1, z.norm()):
            return new
        z = new
    raise ValueError("no fixed point")
