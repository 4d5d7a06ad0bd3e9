# %% right: relu minus relu
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.relu(u - t * lam) - torch.relu(-u - t * lam)
    return x

# %% right: sign times relu, Gram matrix, largest eigenvalue
def ista(D, b, lam, steps):
    G, target = D.T @ D, D.T @ b
    L = torch.linalg.eigvalsh(G)[-1]
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for k in range(steps):
        u = x - (G @ x - target) / L
        x = torch.sign(u) * torch.relu(u.abs() - lam / L)
    return x

# %% right: the package's prox, a number for the step
def ista(D, b, lam, steps):
    from gradlab.maths.prox import soft_threshold

    step = 1 / torch.linalg.svdvals(D)[0].item() ** 2
    x = torch.zeros_like(D[0])
    for _ in range(steps):
        x = soft_threshold(x - step * (D.T @ (D @ x - b)), step * lam)
    return x

# %% right: u minus its clamp, gradient by autograd
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    T = torch.as_tensor(t * lam, dtype=D.dtype)
    for _ in range(steps):
        gradient = torch.mv(D.T, torch.mv(D, x) - b)
        u = x - t * gradient
        x = u - torch.maximum(torch.minimum(u, T), -T)
    return x

# %% right: where, maximum and minimum
def ista(D, b, lam, steps):
    t = torch.linalg.svdvals(D).max() ** -2
    x = (0 * D).sum(0)
    zero = torch.zeros((), dtype=D.dtype)
    for _ in range(steps):
        u = x + t * (b - D @ x) @ D
        x = torch.where(u > t * lam, u - t * lam, torch.where(u < -t * lam, u + t * lam, zero))
    return x

# %% wrong: no-threshold
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = x - t * D.T @ (D @ x - b)
    return x

# %% wrong: threshold-not-scaled
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - lam)
    return x

# %% wrong: norm-not-squared
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2)
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: frobenius-step
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.norm(D) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: gradient-doubled
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - 2 * t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: no-half
def ista(D, b, lam, steps):
    L = 2 * torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - 2 * D.T @ (D @ x - b) / L
        x = torch.sign(u) * torch.relu(u.abs() - lam / L)
    return x

# %% wrong: mean-loss
def ista(D, b, lam, steps):
    m = len(b)
    L = torch.linalg.matrix_norm(D, 2) ** 2 / m
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - D.T @ (D @ x - b) / m / L
        x = torch.sign(u) * torch.relu(u.abs() - lam / L)
    return x

# %% wrong: momentum
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = z = D.new_zeros(D.shape[1])
    s = 1.0
    for _ in range(steps):
        u = z - t * D.T @ (D @ z - b)
        new, later = torch.sign(u) * torch.relu(u.abs() - t * lam), (1 + math.sqrt(1 + 4 * s * s)) / 2
        z = new + (s - 1) / later * (new - x)
        x, s = new, later
    return x

# %% wrong: hard-threshold
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.where(u.abs() > t * lam, u, torch.zeros_like(u))
    return x

# %% wrong: one-sided
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = torch.relu(x - t * D.T @ (D @ x - b) - t * lam)
    return x

# %% wrong: ascent
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x + t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: wrong-start
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.T @ b
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: one-step-short
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(1, steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% half: lam-cut
def ista(D, b, lam, steps):
    lam = lam.item() if isinstance(lam, torch.Tensor) else lam
    t = 1 / torch.linalg.matrix_norm(D, 2).item() ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = F.softshrink(x - t * D.T @ (D @ x - b), t * lam)
    return x

# %% half: graph-cut
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    with torch.no_grad():
        for _ in range(steps):
            u = x - t * D.T @ (D @ x - b)
            x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% half: last-step-graph
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = x.detach()
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: nan-at-zero
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = u / u.abs() * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: softshrink-takes-a-number
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        x = F.softshrink(x - t * D.T @ (D @ x - b), t * lam)
    return x

# %% wrong: mixed-dtypes
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% wrong: lam-in-float32
def ista(D, b, lam, steps):
    lam = torch.as_tensor(float(lam) if not isinstance(lam, torch.Tensor) else lam.float())
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = D.new_zeros(D.shape[1])
    for _ in range(steps):
        u = x - t * D.T @ (D @ x - b)
        x = torch.sign(u) * torch.relu(u.abs() - t * lam)
    return x

# %% right: a recursion
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    if steps == 0:
        return torch.zeros(D.shape[1], dtype=D.dtype)
    x = ista(D, b, lam, steps - 1)
    u = x - t * D.T @ (D @ x - b)
    return torch.sign(u) * F.relu(torch.abs(u) - t * lam)

# %% right: a class, copysign
class Ista:
    def __init__(self, D, b, lam):
        self.D, self.b, self.lam = D, b, lam
        self.t = 1 / torch.linalg.matrix_norm(D, 2).square()
    def step(self, x):
        u = x + self.t * self.D.T @ (self.b - self.D @ x)
        return torch.copysign(torch.relu(u.abs() - self.t * self.lam), u)
def ista(D, b, lam, steps):
    run, x = Ista(D, b, lam), torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps): x = run.step(x)
    return x

# %% right: reduce, the norm by power iteration
from gradlab.maths import prox

from functools import reduce
def ista(D, b, lam, steps):
    v = torch.ones(D.shape[1], dtype=D.dtype)
    for _ in range(5000):
        v = D.T @ (D @ v)
        v = v / v.norm()
    t = 1 / (D @ v).norm() ** 2
    step = lambda x, _: prox.soft_threshold(x - t * D.T @ (D @ x - b), t * lam)
    return reduce(step, range(steps), torch.zeros(D.shape[1], dtype=D.dtype))

# %% right: columns inside
def ista(D, b, lam, steps):
    b_ = b.reshape(-1, 1)
    lam = torch.as_tensor(lam, dtype=D.dtype)
    s = torch.svd(D).S.max()
    x = torch.zeros(D.shape[1], 1, dtype=D.dtype)
    for i in range(int(steps)):
        u = x - D.T @ (D @ x - b_) / s**2
        x = torch.sign(u) * torch.clamp(torch.abs(u) - lam / s**2, min=0.0)
    return x.squeeze(1)

# %% wrong: subgradient-step
def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = x - t * (D.T @ (D @ x - b) + lam * torch.sign(x))
    return x

# %% wrong: step-halved
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 0.5 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x - t * D.T @ (D @ x - b), t * lam)
    return x

# %% wrong: order-exchanged
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x, t * lam)
        x = x - t * D.T @ (D @ x - b)
    return x

# %% wrong: solution-not-iterate
from gradlab.maths import lasso

def ista(D, b, lam, steps):
    return lasso.lasso_solution(D, b, float(lam))

# %% wrong: mean-gradient
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x - t * D.T @ (D @ x - b) / len(b), t * lam)
    return x

# %% wrong: return-in-loop
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x - t * D.T @ (D @ x - b), t * lam)
        return x

# %% wrong: start-at-ones
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.ones(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x - t * D.T @ (D @ x - b), t * lam)
    return x

# %% wrong: transpose-forgotten
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x - t * D @ (D @ x - b), t * lam)
    return x

# %% wrong: transpose-forgotten -- multiplied out
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x - t * (D.T @ D @ x - D @ b), t * lam)
    return x

# %% wrong: transpose-forgotten -- the residual times D.T from the wrong side
from gradlab.maths import prox

def ista(D, b, lam, steps):
    t = 1 / torch.linalg.matrix_norm(D, 2) ** 2
    x = torch.zeros(D.shape[1], dtype=D.dtype)
    for _ in range(steps):
        x = prox.soft_threshold(x - t * torch.matmul(torch.mv(D, x) - b, D.mT), t * lam)
    return x
