# %% right: solve and softshrink
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.linalg.solve(self.M, F.softshrink(self.M @ x, float(self.T)))

# %% right: sign and relu, einsum, a column
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = torch.einsum("ij,j->i", self.M, x)
        v = torch.sign(v) * torch.relu(torch.abs(v) - self.T)
        return torch.linalg.solve(self.M, v.unsqueeze(1)).squeeze(1)

# %% right: LU
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        v = torch.sign(v) * torch.relu(torch.abs(v) - self.T)
        LU, pivots = torch.linalg.lu_factor(self.M)
        return torch.linalg.lu_solve(LU, pivots, v[:, None])[:, 0]

# %% right: Cholesky
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        v = torch.relu(v - self.T) - torch.relu(-v - self.T)
        return torch.cholesky_solve(v.reshape(-1, 1), torch.linalg.cholesky(self.M)).reshape(-1)

# %% right: Cholesky by two triangular solves
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        v = v - torch.clamp(v, -self.T, self.T)
        L = torch.linalg.cholesky(self.M)
        half = torch.linalg.solve_triangular(L, v[:, None], upper=False)
        return torch.linalg.solve_triangular(L.mT, half, upper=True)[:, 0]

# %% right: QR
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        v = torch.where(torch.abs(v) > self.T, v - self.T * torch.sign(v), torch.zeros_like(v))
        Q, R = torch.linalg.qr(self.M)
        return torch.linalg.solve_triangular(R, (Q.T @ v)[:, None], upper=True).squeeze(-1)

# %% right: eigenvectors applied to the vector
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        values, vectors = torch.linalg.eigh(self.M)
        v = vectors @ (values * (vectors.T @ x))
        v = torch.sign(v) * torch.relu(torch.abs(v) - self.T)
        return vectors @ ((vectors.T @ v) / values)

# %% right: least squares
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = F.softshrink(torch.mv(self.M, x), float(self.T))
        return torch.linalg.lstsq(self.M, v[:, None]).solution[:, 0]

# %% right: the identity left in, as the source does
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        identity = torch.eye(len(x), dtype=x.dtype)
        v = torch.matmul(torch.matmul(identity, self.M), x)
        v = torch.sign(v) * torch.relu(torch.abs(v) - self.T)
        return torch.linalg.solve(self.M, v)

# %% right: the dead zone subtracted: x − M⁻¹ clamp(M x)
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        clipped = torch.clamp(self.M @ x, -self.T, self.T)
        return x - torch.linalg.solve(self.M, clipped)

# %% right: T a buffer, torch.linalg.solve on a batch of one
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.register_buffer("T", torch.as_tensor(T))
        self.M = nn.Parameter(M.clone())

    def forward(self, x, A):
        v = x[None] @ self.M.T
        v = torch.sign(v) * torch.clamp(v.abs() - self.T, min=0)
        return torch.linalg.solve(self.M[None], v[..., None])[0, :, 0]

# %% wrong: inverse-formed -- linalg.inv
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.linalg.inv(self.M) @ F.softshrink(self.M @ x, float(self.T))

# %% wrong: inverse-formed -- solve against the identity
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        inverse = torch.linalg.solve(self.M, torch.eye(len(x), dtype=x.dtype))
        return inverse @ F.softshrink(self.M @ x, float(self.T))

# %% wrong: inverse-formed -- pinv
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.linalg.pinv(self.M) @ F.softshrink(self.M @ x, float(self.T))

# %% wrong: inverse-formed -- cholesky_inverse
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.cholesky_inverse(torch.linalg.cholesky(self.M)) @ F.softshrink(self.M @ x, float(self.T))

# %% wrong: inverse-formed -- in __init__, with its graph
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.inverse = torch.linalg.inv(self.M)

    def forward(self, x, A):
        return self.inverse @ F.softshrink(self.M @ x, float(self.T))

# %% wrong: M-second-term-only -- the inverse stored in __init__
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)
        self.inverse = torch.linalg.inv(M.detach())

    def forward(self, x, A):
        return self.inverse @ F.softshrink(self.M @ x, float(self.T))

# %% wrong: graph-too-large -- the chain is still there
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        for _ in range(100):
            v = torch.linalg.solve(A, A @ v)
        return torch.linalg.solve(self.M, F.softshrink(v, float(self.T)))

# %% wrong: graph-cut -- a new tensor from a list
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = [float(e.detach()) for e in self.M @ x]
        v = [e - self.T if e > self.T else e + self.T if e < -self.T else 0.0 for e in v]
        return torch.linalg.solve(self.M, torch.tensor(v, dtype=x.dtype))

# %% wrong: graph-cut -- FloatTensor
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = F.softshrink(self.M @ x, float(self.T))
        return torch.linalg.solve(self.M, torch.FloatTensor(v.tolist()).to(x.dtype))

# %% wrong: elementwise
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        inverse = 1 / self.M
        return inverse * F.softshrink(self.M @ x, float(self.T))

# %% wrong: M-first-term-only
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.linalg.solve(self.M, F.softshrink(self.M.detach() @ x, float(self.T)))

# %% wrong: float32
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.linalg.solve(self.M, F.softshrink(self.M @ x, float(self.T)).float().to(x.dtype))

# %% wrong: M-for-its-inverse
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return self.M @ F.softshrink(self.M @ x, float(self.T))

# %% wrong: no-way-back
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return F.softshrink(self.M @ x, float(self.T))

# %% wrong: thresholded-x -- M⁻¹ M cancelled around the threshold
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return F.softshrink(x, float(self.T))

# %% wrong: M-not-a-parameter
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T, self.M = T, M

    def forward(self, x, A):
        return torch.linalg.solve(self.M, F.softshrink(self.M @ x, float(self.T)))

# %% wrong: depends-on-A
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.linalg.solve(self.M, F.softshrink(self.M @ x, float(self.T))) + A[0] - A[0].detach()

# %% wrong: wrong-shape
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        return torch.linalg.solve(self.M, F.softshrink(self.M @ x, float(self.T))[:, None])

# %% wrong: other-signature -- forward without A
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x):
        return torch.linalg.solve(self.M, F.softshrink(self.M @ x, float(self.T)))

# %% right: by eigenvectors
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
    def forward(self, x, A):
        w, Q = torch.linalg.eigh(self.M)
        v = self.M @ x
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return Q @ ((Q.T @ y) / w)

# %% right: QR
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
    def forward(self, x, A):
        v = self.M @ x
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        Q, R = torch.linalg.qr(self.M)
        return torch.linalg.solve_triangular(R, (Q.T @ y)[:, None], upper=True)[:, 0]

# %% right: x minus what the clamp takes
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
    def forward(self, x, A):
        v = self.M @ x
        return x - torch.linalg.solve(self.M, v.clamp(-self.T, self.T))

# %% wrong: inverse-formed -- matrix_power
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.M = nn.Parameter(M)
        self.T = T
    def forward(self, x, A):
        v = self.M @ x
        y = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.matrix_power(self.M, -1) @ y

# %% right: from a singular value decomposition
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        U, S, V = torch.linalg.svd(self.M)
        return V.T @ ((U.T @ f) / S)

# %% wrong: inverse-formed -- a solve for each column
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        columns = [torch.linalg.solve(self.M, e) for e in torch.eye(len(x), dtype=x.dtype)]
        return torch.stack(columns, dim=1) @ f

# %% wrong: M-and-inverse-exchanged
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = torch.linalg.solve(self.M, x)
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        return self.M @ f

# %% wrong: one-sided-threshold
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        f = torch.relu(v.abs() - self.T)
        return torch.linalg.solve(self.M, f)

# %% wrong: solved-with-A
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        return torch.linalg.solve(A, f)

# %% wrong: entries-for-inverse
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.T = T
        self.M = nn.Parameter(M)

    def forward(self, x, A):
        v = self.M @ x
        f = torch.sign(v) * torch.relu(v.abs() - self.T)
        return f / self.M.diag()


# %% right: x minus the solve with the clamped part
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M):
        super().__init__()
        self.register_buffer('T', torch.as_tensor(T, dtype=M.dtype)) if not torch.is_tensor(T) else setattr(self, 'T', T)
        self.M = nn.Parameter(M.detach().clone())
    def forward(self, x, A):
        y = self.M @ x
        c = torch.minimum(torch.maximum(y, -self.T), self.T)
        return x - torch.linalg.solve(self.M, c)
