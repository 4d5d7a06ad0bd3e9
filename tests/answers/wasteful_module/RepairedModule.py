# %% right: published lines, entries stacked
def soft(y, T):
    if y > T:
        return y - T
    if y < -T:
        return y + T
    return 0 * y


class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = torch.stack([soft(val, self.T) for val in v])
        return torch.matmul(torch.linalg.inv(self.M), fy)

# %% right: a whole-vector threshold, the rest as published
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.inv(self.M) @ fy

# %% right: inverse once
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v, inverse = self.M @ x, torch.linalg.inv(A)
        for _ in range(self.n):
            v = A @ (inverse @ v)
        return torch.linalg.solve(self.M, v - v.clamp(-self.T, self.T))

# %% right: solve each round
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = A @ torch.linalg.solve(A, v)
        return torch.linalg.solve(self.M, torch.relu(v - self.T) - torch.relu(-v - self.T))

# %% right: LU once
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = (self.M @ x)[:, None]
        LU, pivots = torch.linalg.lu_factor(A)
        for _ in range(self.n):
            v = A @ torch.linalg.lu_solve(LU, pivots, v)
        v = v[:, 0]
        return torch.linalg.inv(self.M) @ (torch.sign(v) * torch.relu(v.abs() - self.T))

# %% right: Cholesky once, M cloned
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M.clone())
        self.T = T
        self.n = n

    def forward(self, x, A):
        v, L = (self.M @ x).unsqueeze(1), torch.linalg.cholesky(A)
        for _ in range(self.n):
            v = A @ torch.cholesky_solve(v, L)
        v = v.squeeze(1)
        return torch.cholesky_solve((torch.sign(v) * torch.relu(v.abs() - self.T))[:, None], torch.linalg.cholesky(self.M))[:, 0]

# %% right: three factors in one line, A⁻¹ and A multiplied anew in every round
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = A @ torch.linalg.inv(A) @ v
        return torch.linalg.inv(self.M) @ torch.where(v.abs() > self.T, v - self.T * v.sign(), 0 * v)

# %% right: an inverse made of eigenvectors in each round
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            values, vectors = torch.linalg.eigh(A)
            v = (vectors @ torch.diag(1 / values) @ vectors.T) @ v
            v = A @ v
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% right: multi_dot and softshrink
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v, inverse = self.M @ x, A.inverse()
        for _ in range(self.n):
            v = torch.linalg.multi_dot([A, inverse, v])
        return torch.linalg.inv(self.M) @ F.softshrink(v, float(self.T))

# %% right: einsum, chain in a function of its own
def chain(A, v, n):
    inverse = torch.linalg.inv(A)
    for _ in range(n):
        v = torch.einsum("ij,j->i", inverse, v)
        v = torch.einsum("ij,j->i", A, v)
    return v


class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = chain(A, torch.einsum("ij,j->i", self.M, x), self.n)
        zero = torch.zeros_like(v)
        return torch.linalg.solve(self.M, torch.maximum(v - self.T, zero) + torch.minimum(v + self.T, zero))

# %% right: solve with the transpose, A is symmetric
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = torch.linalg.solve(A.T, v)
            v = v @ A
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: graph-cut -- as published
def soft(y, T):
    return torch.sign(y) * torch.relu(y.abs() - T)


class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = torch.FloatTensor([soft(val, self.T) for val in v]).double()
        return torch.matmul(torch.linalg.inv(self.M), fy)

# %% wrong: graph-cut -- float64, still a new tensor
def soft(y, T):
    return torch.sign(y) * torch.relu(y.abs() - T)


class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = torch.tensor([soft(val, self.T).item() for val in v], dtype=self.M.dtype)
        return torch.matmul(torch.linalg.inv(self.M), fy)

# %% wrong: graph-cut -- detach and apply_
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = v.detach().clone().apply_(lambda val: max(abs(val) - self.T, 0.0) * (1 if val > 0 else -1))
        return torch.linalg.inv(self.M) @ fy

# %% wrong: float32 -- the graph is whole, the digits are not
def soft(y, T):
    return torch.sign(y) * torch.relu(y.abs() - T)


class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = torch.stack([soft(val, self.T) for val in v]).float().to(self.M.dtype)
        return torch.linalg.inv(self.M) @ fy

# %% wrong: elementwise
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        return torch.linalg.inv(self.M) * (torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: chain-skipped
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: A-not-reached
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v, inverse = self.M @ x, torch.linalg.inv(A.detach())
        for _ in range(self.n):
            v = A.detach() @ (inverse @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: A-half-detached
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v, inverse = self.M @ x, torch.linalg.inv(A).detach()
        for _ in range(self.n):
            v = A @ (inverse @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: A-first
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = torch.linalg.inv(A) @ (A @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: A-first -- by solve
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = torch.linalg.solve(A, A @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: matrices-first
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        chain = torch.eye(len(x), dtype=x.dtype)
        for _ in range(self.n):
            chain = torch.matmul(chain, torch.linalg.inv(A))
            chain = torch.matmul(chain, A)
        v = chain @ self.M @ x
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: ready-made-product
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v, product = self.M @ x, A @ torch.linalg.inv(A)
        for _ in range(self.n):
            v = product @ v
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: M-cut
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M.detach() @ x
        for _ in range(self.n):
            v = A @ torch.linalg.solve(A, v)
        return torch.linalg.solve(self.M.detach(), torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: M-first-term-only
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M.data @ x
        for _ in range(self.n):
            v = A @ torch.linalg.solve(A, v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: M-not-a-parameter
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = M
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = A @ torch.linalg.solve(A, v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: n-ignored
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(100):
            v = A @ torch.linalg.solve(A, v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: other-default
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=1000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = A @ torch.linalg.solve(A, v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(v.abs() - self.T))

# %% wrong: dtype-of-M-lost -- always float64
def soft(y, T):
    return torch.sign(y) * torch.relu(y.abs() - T)


class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = torch.stack([soft(val, self.T) for val in v]).double()
        return torch.matmul(torch.linalg.inv(self.M), fy)

# %% wrong: definition-typo
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n

    def forward(self, x, A):
        v = torch.matmul(self.M, x)
        for _ in range(self.n):
            v = torch.matmul(torch.linalg.inv(A), v)
            v = torch.matmul(A, v)
        fy = torch.where(v < self.T, v + self.T, torch.where(v > self.T, v - self.T, 0 * v))
        return torch.linalg.inv(self.M) @ fy


# %% right: matrix times vector by mv, entries joined by cat
from gradlab.maths.prox import soft_threshold
from gradlab.maths.finite_differences import central_gradient
class RepairedModule(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n
    def forward(self, x, A):
        vector = torch.matmul(self.M, x)
        B = torch.linalg.inv(A)
        for _ in range(self.n):
            vector = A.mv(B.mv(vector))
        shrunk = torch.cat([soft_threshold(entry, self.T).reshape(1) for entry in vector])
        return torch.matmul(torch.linalg.inv(self.M), shrunk)
