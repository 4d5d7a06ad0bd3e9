# %% right: forward mode, jvp
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2

    def run(lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.relu(u - t * lam) - torch.relu(-u - t * lam)
        return x

    at = torch.as_tensor(lam, dtype=D.dtype)
    return torch.func.jvp(run, (at,), (torch.ones_like(at),))[1]

# %% right: backward, one entry at a time
def unrolled_slope(D, b, lam, steps):
    from gradlab.maths.prox import soft_threshold

    at = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    t = 1 / torch.linalg.svdvals(D)[0] ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = soft_threshold(x - t * D.T @ (D @ x - b), t * at)
    return torch.stack([torch.autograd.grad(x[i], at, retain_graph=True)[0] for i in range(len(x))])

# %% right: sensitivities by hand
def unrolled_slope(D, b, lam, steps):
    L = torch.linalg.eigvalsh(D.T @ D)[-1]
    x = s = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        u, du = x - D.T @ (D @ x - b) / L, s - D.T @ (D @ s) / L
        on = (u.abs() > lam / L).to(D.dtype)
        x, s = on * (u - torch.sign(u) * lam / L), on * (du - torch.sign(u) / L)
    return s

# %% right: functional jacobian
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2

    def run(lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * lam)
        return x

    return torch.autograd.functional.jacobian(run, torch.as_tensor(lam, dtype=D.dtype).clone())

# %% right: jacfwd
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2

    def run(lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * lam)
        return x

    return torch.func.jacfwd(run)(torch.as_tensor(lam, dtype=D.dtype))

# %% right: numpy sensitivities
def unrolled_slope(D, b, lam, steps):
    A, c = D.numpy(), b.numpy()
    t = 1 / np.linalg.norm(A, 2) ** 2
    x, s = np.zeros(A.shape[1], A.dtype), np.zeros(A.shape[1], A.dtype)
    for _ in range(steps):
        u, du = x - t * A.T @ (A @ x - c), s - t * A.T @ (A @ s)
        x = np.sign(u) * np.maximum(np.abs(u) - t * float(lam), 0)
        s = np.where(x != 0, du - t * np.sign(u), 0)
    return torch.from_numpy(s).to(D.dtype)

# %% wrong: implicit-slope
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(1000):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    active = x != 0
    A, s = D[:, active], torch.zeros_like(x)
    s[active] = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return s

# %% wrong: implicit-at-iterate
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    active = x != 0
    A, s = D[:, active], torch.zeros_like(x)
    s[active] = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return s

# %% wrong: last-step-only
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2

    def run(lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            x = x.detach()
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * lam)
        return x

    return torch.autograd.functional.jacobian(run, torch.as_tensor(lam, dtype=D.dtype).clone())

# %% wrong: no-mask
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = s = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        s = s - t * D.T @ (D @ s) - t * torch.sign(u)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return s

# %% wrong: summed
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    at = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * at)
    return torch.autograd.grad(x.sum(), at)[0]

# %% wrong: value-not-slope
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: log-slope
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2

    def run(log_lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * log_lam.exp())
        return x

    return torch.autograd.functional.jacobian(run, torch.as_tensor(lam, dtype=D.dtype).log())

# %% wrong: threshold-not-scaled
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2

    def run(lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - lam)
        return x

    return torch.autograd.functional.jacobian(run, torch.as_tensor(lam, dtype=D.dtype).clone())

# %% wrong: frobenius-step
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.norm(D) ** 2

    def run(lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * lam)
        return x

    return torch.autograd.functional.jacobian(run, torch.as_tensor(lam, dtype=D.dtype).clone())

# %% wrong: untracked-lam
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    at = torch.as_tensor(lam, dtype=D.dtype)
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * at)
    return torch.stack([torch.autograd.grad(entry, at, retain_graph=True)[0] for entry in x])

# %% half: changed-input
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    at = torch.as_tensor(lam, dtype=D.dtype).requires_grad_(True)
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * at)
    return torch.stack([torch.autograd.grad(entry, at, retain_graph=True)[0] for entry in x])

# %% wrong: wrong-shape -- lam as a vector of one entry
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2

    def run(lam):
        x = D.new_zeros(D.shape[1])
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * lam)
        return x

    return torch.autograd.functional.jacobian(run, torch.as_tensor(lam, dtype=D.dtype).reshape(1).clone())

# %% wrong: not-your-own -- dual numbers
from gradlab.maths import ista as ready

import torch.autograd.forward_ad as fwAD
def unrolled_slope(D, b, lam, steps):
    with fwAD.dual_level():
        l = torch.as_tensor(lam, dtype=D.dtype).detach().clone()
        dual = fwAD.make_dual(l, torch.ones_like(l))
        out = ready.ista(D, b, dual, steps)
        tangent = fwAD.unpack_dual(out).tangent
        return torch.zeros(D.shape[1], dtype=D.dtype) if tangent is None else tangent.clone()

# %% wrong: not-your-own -- batched cotangents
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    l = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    x = ready.ista(D, b, l, steps)
    return torch.autograd.grad(x, l, torch.eye(len(x), dtype=D.dtype), is_grads_batched=True)[0]

# %% wrong: not-your-own -- two backward passes make a forward one
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    l = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    x = ready.ista(D, b, l, steps)
    v = torch.zeros_like(x, requires_grad=True)
    g, = torch.autograd.grad(x, l, v, create_graph=True)
    return torch.autograd.grad(g, v)[0]

# %% wrong: not-your-own -- backward, a new leaf for every entry
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    out = torch.zeros(D.shape[1], dtype=D.dtype)
    for j in range(D.shape[1]):
        l = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
        ready.ista(D, b, l, steps)[j].backward()
        out[j] = l.grad
    return out

# %% wrong: summed -- and repeated
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    l = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    return torch.autograd.grad(ready.ista(D, b, l, steps).sum(), l)[0].expand(D.shape[1])

# %% wrong: summed -- one .grad in every place
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    l = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    x = ready.ista(D, b, l, steps)
    out = []
    for xi in x:
        xi.backward(retain_graph=True)
        out.append(l.grad)
    return torch.stack(out)

# %% wrong: accumulated
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    l = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    x = ready.ista(D, b, l, steps)
    out = []
    for xi in x:
        xi.backward(retain_graph=True)
        out.append(l.grad.clone())
    return torch.stack(out)

# %% wrong: all-zero
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    l = torch.tensor(float(lam), dtype=D.dtype, requires_grad=True)
    x = ready.ista(D, b, l.item(), steps)
    return torch.zeros_like(x)

# %% wrong: shift-not-scaled
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype); s = torch.zeros_like(x)
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b); du = s - t * D.T @ (D @ s)
        on = u.abs() > t * lam
        x = torch.where(on, u - t * lam * torch.sign(u), 0)
        s = torch.where(on, du - torch.sign(u), 0)
    return s

# %% wrong: signs-lost
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype); s = torch.zeros_like(x)
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b); du = s - t * D.T @ (D @ s)
        on = u.abs() > t * lam
        x = torch.where(on, u - t * lam * torch.sign(u), 0)
        s = torch.where(on, du - t, 0)
    return s

# %% wrong: gradient-step-skipped
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype); s = torch.zeros_like(x)
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b); du = s
        on = u.abs() > t * lam
        x = torch.where(on, u - t * lam * torch.sign(u), 0)
        s = torch.where(on, du - t * torch.sign(u), 0)
    return s

# %% wrong: no-mask -- the slope kept as it was
def unrolled_slope(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype); s = torch.zeros_like(x)
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b); du = s - t * D.T @ (D @ s)
        on = u.abs() > t * lam
        x = torch.where(on, u - t * lam * torch.sign(u), 0)
        s = torch.where(on, du - t * torch.sign(u), du)
    return s

# %% wrong: finite-differences -- nothing is left of it in float32
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    h = 1e-5 * float(lam)
    return (ready.ista(D, b, float(lam) + h, steps) - ready.ista(D, b, float(lam) - h, steps)) / (2 * h)

# %% wrong: one-step-more
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    return torch.func.jacfwd(lambda l: ready.ista(D, b, l, steps + 1))(torch.as_tensor(lam, dtype=D.dtype).detach())

# %% wrong: momentum
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    lam = torch.as_tensor(lam, dtype=D.dtype).detach()
    return torch.func.jvp(lambda l: ready.ista(D, b, l, steps, momentum=True), (lam,), (torch.ones_like(lam),))[1]

# %% wrong: sign
from gradlab.maths import ista as ready

def unrolled_slope(D, b, lam, steps):
    l = torch.tensor(float(lam), dtype=D.dtype)
    return -torch.func.jacfwd(lambda l: ready.ista(D, b, l, steps))(l)
