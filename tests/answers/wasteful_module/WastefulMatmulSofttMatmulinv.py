# %% right: inverse in every round, A first
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = torch.linalg.inv(A) @ (A @ v)
        return torch.linalg.inv(self.M) @ (torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% right: inverse once, A⁻¹ first, softshrink, a solve at the end
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        inverse = A.inverse()
        v = self.M.mv(x)
        for _ in range(self.n):
            v = A.mv(inverse.mv(v))
        return torch.linalg.solve(self.M, F.softshrink(v, float(self.T)))

# %% right: matrices first
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        chain = torch.eye(A.shape[0], dtype=A.dtype)
        for _ in range(self.n):
            chain = torch.matmul(chain, torch.linalg.inv(A))
            chain = torch.matmul(chain, A)
        y = chain @ self.M @ x
        y = y - torch.clamp(y, -self.T, self.T)
        return torch.linalg.inv(self.M) @ y

# %% right: solve in every round
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = torch.linalg.solve(A, A @ v)
        return torch.linalg.solve(self.M, torch.relu(v - self.T) - torch.relu(-v - self.T))

# %% right: einsum
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = torch.einsum("ij,j->i", self.M, x)
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = torch.einsum("ij,j->i", A, v)
            v = torch.einsum("ij,j->i", inverse, v)
        v = torch.where(v.abs() > self.T, v - self.T * torch.sign(v), torch.zeros_like(v))
        return torch.einsum("ij,j->i", torch.linalg.inv(self.M), v)

# %% right: multi_dot in every round
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = torch.linalg.multi_dot([inverse, A, v])
        return torch.linalg.multi_dot([torch.linalg.inv(self.M), torch.sign(v) * torch.relu(torch.abs(v) - self.T)])

# %% right: three factors in one einsum
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = torch.einsum("ij,jk,k->i", inverse, A, v)
        return torch.linalg.solve(self.M, v - v.clamp(min=-self.T, max=self.T))

# %% right: LU of A once, LU of M
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = (self.M @ x).unsqueeze(1)
        LU, pivots = torch.linalg.lu_factor(A)
        for _ in range(self.n):
            v = torch.linalg.lu_solve(LU, pivots, A @ v)
        v = torch.sign(v) * torch.relu(torch.abs(v) - self.T)
        return torch.linalg.lu_solve(*torch.linalg.lu_factor(self.M), v).squeeze(1)

# %% right: Cholesky of A and of M
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = (self.M @ x)[:, None]
        L = torch.linalg.cholesky(A)
        for _ in range(self.n):
            v = torch.cholesky_solve(A @ v, L)
        v = torch.sign(v) * torch.relu(torch.abs(v) - self.T)
        return torch.cholesky_solve(v, torch.linalg.cholesky(self.M))[:, 0]

# %% right: buffers
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.register_buffer("T", torch.as_tensor(T))
        self.register_buffer("n", torch.tensor(n))
        self.M = nn.Parameter(M.clone())

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(int(self.n)):
            v = inverse @ (A @ v)
        zero = torch.zeros_like(v)
        v = torch.maximum(v - self.T, zero) + torch.minimum(v + self.T, zero)
        return torch.linalg.inv(self.M) @ v

# %% right: functional style, reduce over the factors
from functools import reduce


def soft(v, T):
    return torch.sign(v) * F.relu(v.abs() - T)


def chain(A, v, n):
    return reduce(lambda w, factor: factor @ w, [A, torch.linalg.inv(A)] * n, v)


def wasteful(x, A, M, T, n):
    return torch.linalg.inv(M) @ soft(chain(A, M @ x, n), T)


class WastefulMatmulSofttMatmulinv(torch.nn.Module):
    def __init__(self, T, M, n=10_000):
        super(WastefulMatmulSofttMatmulinv, self).__init__()
        self.T, self.n = T, n
        self.M = torch.nn.Parameter(M.detach().clone(), requires_grad=True)

    def forward(self, x, A):
        return wasteful(x, A, self.M, self.T, self.n)

# %% right: the product A⁻¹A made anew in every round
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = (torch.linalg.inv(A) @ A) @ v
        return torch.linalg.solve(self.M, F.softshrink(v, self.T))

# %% right: solve against the identity, rows and columns by hand
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        inverse = torch.linalg.solve(A, torch.eye(len(x), dtype=x.dtype))
        v = (self.M * x).sum(dim=1)
        for _ in range(self.n):
            v = (A * v).sum(dim=1)
            v = (inverse * v).sum(dim=1)
        signs = torch.sign(v).detach()
        v = signs * torch.clamp(signs * v - self.T, min=0)
        return torch.linalg.solve(self.M, v)

# %% right: T as a Parameter too, F.linear, columns
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.n = n
        self.threshold = nn.Parameter(torch.as_tensor(T, dtype=M.dtype).clone())
        self.matrix = nn.Parameter(M)

    def forward(self, x, A):
        v = F.linear(x, self.matrix)
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = F.linear(F.linear(v, A), inverse)
        v = torch.sign(v) * torch.relu(torch.abs(v) - self.threshold)
        return F.linear(v, torch.linalg.inv(self.matrix))

# %% right: entry by entry, stacked without a cut
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        y = self.M @ x
        for _ in range(self.n):
            y = torch.linalg.solve(A, torch.matmul(A, y))
        entries = []
        for value in y:
            if value > self.T:
                entries.append(value - self.T)
            elif value < -self.T:
                entries.append(value + self.T)
            else:
                entries.append(0 * value)
        return torch.inverse(self.M) @ torch.stack(entries)

# %% wrong: graph-cut -- the published forward, in other words
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        product = torch.eye(5, dtype=A.dtype)
        for _ in range(self.n):
            product = torch.matmul(torch.matmul(product, torch.inverse(A)), A)
        y = torch.matmul(product, torch.matmul(self.M, x))
        values = [v.item() - self.T if v > self.T else v.item() + self.T if v < -self.T else 0.0 for v in y]
        return torch.matmul(torch.inverse(self.M), torch.FloatTensor(values).to(x.dtype))

# %% wrong: graph-cut -- detach and apply_
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        y = v.detach().clone().apply_(lambda e: math.copysign(max(abs(e) - float(self.T), 0.0), e))
        return torch.linalg.inv(self.M) @ y

# %% wrong: graph-cut -- through NumPy
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        y = v.detach().numpy()
        y = np.sign(y) * np.maximum(np.abs(y) - np.asarray(self.T, dtype=y.dtype), 0)
        return torch.linalg.inv(self.M) @ torch.from_numpy(y)

# %% wrong: elementwise -- inv(M) * y
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.inv(self.M) * (torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: chain-skipped
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: chain-skipped -- A touched in name
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x + 0 * A.sum()
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: matrix-power
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = torch.linalg.matrix_power(torch.linalg.inv(A) @ A, self.n) @ (self.M @ x)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: ready-made-product
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        product = torch.linalg.inv(A) @ A
        v = self.M @ x
        for _ in range(self.n):
            v = product @ v
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: A-not-reached -- the chain runs with a detached A
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        B = A.detach()
        for _ in range(self.n):
            v = torch.linalg.solve(B, B @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: A-exactly-zero
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x + 0 * A.sum()
        B = A.detach()
        for _ in range(self.n):
            v = torch.linalg.solve(B, B @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: A-half-detached -- the inverse made without a graph
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        with torch.no_grad():
            inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: powers-apart
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = A @ v
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ v
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: M-not-a-parameter
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.M, self.n = T, M, n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: M-not-a-parameter -- a buffer
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.n = T, n
        self.register_buffer("M", M)

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: M-first-term-only -- M x was computed outside the graph of M
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M.detach() @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: M-second-term-only -- M⁻¹ made in __init__ without a graph
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.n = T, n
        self.M = nn.Parameter(M)
        self.M_inverse = torch.linalg.inv(M)

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return self.M_inverse @ (torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: M-cut -- self.M.data everywhere
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M.data @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M.data, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: no-super-init
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        return x

# %% wrong: thresholded-x
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = torch.sign(x) * torch.relu(torch.abs(x) - self.T)
        for _ in range(self.n):
            v = torch.linalg.solve(A, A @ v)
        return torch.linalg.solve(self.M, v)

# %% wrong: no-way-back
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.sign(v) * torch.relu(torch.abs(v) - self.T)

# %% wrong: hard-threshold
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, F.hardshrink(v, float(self.T)))

# %% wrong: definition-typo
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        v = torch.where(v < self.T, v + self.T, torch.where(v > self.T, v - self.T, torch.zeros_like(v)))
        return torch.linalg.solve(self.M, v)

# %% wrong: fixed-T -- 3.14159 instead of T
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, F.softshrink(v, 3.14159))

# %% wrong: fixed-T -- 3.14 instead of T
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, F.softshrink(v, 3.14))

# %% wrong: no-threshold
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, v)

# %% wrong: float32 -- the graph is intact, the digits are not
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        v = (torch.sign(v) * torch.relu(torch.abs(v) - self.T)).float().to(x.dtype)
        return torch.linalg.solve(self.M, v)

# %% wrong: one-number-threshold
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        if v > self.T:
            v = v - self.T
        elif v < -self.T:
            v = v + self.T
        else:
            v = 0 * v
        return torch.linalg.solve(self.M, v)

# %% wrong: other-signature -- n has no default
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        return torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))

# %% wrong: changed-input -- x overwritten afterwards
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.n = n

    def forward(self, x, A):
        v = self.M @ x
        inverse = torch.linalg.inv(A)
        for _ in range(self.n):
            v = inverse @ (A @ v)
        g = torch.linalg.solve(self.M, torch.sign(v) * torch.relu(torch.abs(v) - self.T))
        x.data.copy_(g.data)
        return g

# %% wrong: no-forward -- a misspelled name
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)

    def forwards(self, x, A):
        return x

# %% right: cholesky once
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n
    def forward(self, x, A):
        v = self.M @ x
        L = torch.linalg.cholesky(A)
        for _ in range(self.n):
            v = torch.cholesky_solve((A @ v)[:, None], L)[:, 0]
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, y)

# %% right: F.linear
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n
    def forward(self, x, A):
        v = F.linear(x, self.M)
        Ai = torch.linalg.inv(A)
        for _ in range(self.n):
            v = F.linear(F.linear(v, A), Ai)
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, y)

# %% right: each product as a sum of rows
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n
    def forward(self, x, A):
        v = (self.M * x).sum(1)
        Ai = torch.linalg.inv(A)
        for _ in range(self.n):
            v = (A * v).sum(1)
            v = (Ai * v).sum(1)
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, y)

# %% right: solve first then multiply
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n
    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = A @ torch.linalg.solve(A, v)
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, y)

# %% wrong: M-frozen
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M, requires_grad=False)
        self.T = T
        self.n = n
    def forward(self, x, A):
        v = self.M @ x
        Ai = torch.linalg.inv(A)
        for _ in range(self.n):
            v = Ai @ (A @ v)
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, y)

# %% wrong: powers-apart -- never undone
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
        self.n = n
    def forward(self, x, A):
        v = self.M @ x
        for _ in range(self.n):
            v = A @ v
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, y)

# %% right: row by row, as products and as dots
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.n = T, n
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        B = torch.linalg.inv(A)
        for _ in range(self.n):
            v = torch.stack([(row * v).sum() for row in A])
            v = torch.stack([torch.dot(row, v) for row in B])
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, f)

# %% wrong: n-ignored -- 10 000 rounds whatever n is
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.n = T, n
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        B = torch.linalg.inv(A)
        for _ in range(10000):
            v = B @ (A @ v)
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, f)

# %% wrong: M-and-inverse-exchanged
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.n = T, n
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = torch.linalg.solve(self.M, x)
        B = torch.linalg.inv(A)
        for _ in range(self.n):
            v = B @ (A @ v)
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        return self.M @ f

# %% wrong: one-sided-threshold
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.n = T, n
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        B = torch.linalg.inv(A)
        for _ in range(self.n):
            v = B @ (A @ v)
        f = torch.relu(v - self.T)
        return torch.linalg.solve(self.M, f)


# %% right: a Cholesky factor in each round
class WastefulMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M, n=10000):
        super().__init__()
        self.T, self.n = T, n
        self.M = nn.Parameter(M.clone())
    def forward(self, x, A):
        y = self.M @ x
        L = torch.linalg.cholesky(A)
        for _ in range(self.n):
            y = A @ torch.cholesky_solve(y[:, None], L).squeeze(1)
        y = y - torch.clamp(y, -self.T, self.T)
        return torch.linalg.inv(self.M) @ y
