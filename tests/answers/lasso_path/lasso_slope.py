# %% right: solve on the active set, rank first
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return slope

# %% right: numpy, condition number
def lasso_slope(D, b, lam, x):
    M, z = D.numpy(), x.numpy()
    on = np.flatnonzero(z)
    slope = np.zeros_like(z)
    if len(on):
        A = M[:, on]
        if A.shape[1] > A.shape[0] or np.linalg.cond(A) > 1 / (10 * np.finfo(A.dtype).eps):
            raise ValueError("dependent columns")
        slope[on] = -np.linalg.solve(A.T @ A, np.sign(z[on]))
    return torch.from_numpy(slope)

# %% right: eigenvalues of the Gram matrix
def lasso_slope(D, b, lam, x):
    on = x.nonzero().flatten()
    result = torch.zeros(len(x), dtype=x.dtype)
    if len(on) == 0:
        return result
    G = D[:, on].T @ D[:, on]
    values, vectors = torch.linalg.eigh(G)
    if values[0] <= len(on) * torch.finfo(G.dtype).eps * values[-1]:
        raise ValueError(f"eigenvalues {values.tolist()}: dependent to working precision")
    result[on] = -(vectors @ ((vectors.T @ x[on].sign()) / values))
    return result

# %% right: QR
def lasso_slope(D, b, lam, x):
    mask = x.abs() > 0
    k = int(mask.sum())
    if k == 0:
        return torch.zeros_like(x)
    if k > D.shape[0]:
        raise ValueError("more active columns than rows")
    Q, R = torch.linalg.qr(D[:, mask])
    diagonal = R.diagonal().abs()
    if diagonal.min() < 1e-6 * diagonal.max() * (1e-6 if x.dtype == torch.float64 else 1):
        raise ValueError("dependent columns")
    s = torch.sign(x[mask])[:, None]
    z = torch.linalg.solve_triangular(R, torch.linalg.solve_triangular(R.T, s, upper=False), upper=True)
    out = torch.zeros_like(x)
    out.masked_scatter_(mask, -z[:, 0])
    return out

# %% right: Cholesky and a selection matrix, numpy error
def lasso_slope(D, b, lam, x):
    E = torch.eye(len(x), dtype=x.dtype)[:, x != 0]
    A = D @ E
    if E.shape[1] and torch.linalg.svdvals(A).min() <= 1e-6 * torch.linalg.svdvals(A).max() or E.shape[1] > len(b):
        raise np.linalg.LinAlgError("the active columns depend on each other")
    L = torch.linalg.cholesky(A.T @ A)
    return -E @ torch.cholesky_solve((E.T @ x.sign())[:, None], L)[:, 0]

# %% right: rank of the Gram matrix, least squares
def lasso_slope(D, b, lam, x):
    lam = torch.as_tensor(lam)
    S = [i for i in range(len(x)) if x[i] != 0]
    out = [torch.zeros((), dtype=x.dtype)] * len(x)
    if S:
        G = D[:, S].T @ D[:, S]
        if int(torch.linalg.matrix_rank(G)) < len(S):
            raise ValueError("singular")
        for i, value in zip(S, torch.linalg.lstsq(G, -torch.sign(x[S])[:, None]).solution[:, 0]):
            out[i] = value
    return torch.stack(out)

# %% wrong: sign
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    slope = torch.zeros_like(x)
    slope[active] = torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return slope

# %% wrong: all-columns
def lasso_slope(D, b, lam, x):
    if torch.linalg.matrix_rank(D) < D.shape[1]:
        raise ValueError("The columns are dependent.")
    return -torch.linalg.solve(D.T @ D, torch.sign(x))

# %% wrong: signs-lost
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.T @ A, torch.ones_like(x[active]))
    return slope

# %% wrong: diagonal-only
def lasso_slope(D, b, lam, x):
    if torch.linalg.matrix_rank(D[:, x != 0]) < (x != 0).sum():
        raise ValueError("The active columns are dependent.")
    return -torch.sign(x) / (D**2).sum(0)

# %% wrong: ridge
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.T @ A, x[active])
    return slope

# %% wrong: mean-loss
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.T @ A / len(b), torch.sign(x[active]))
    return slope

# %% wrong: log-slope
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    slope = torch.zeros_like(x)
    slope[active] = -lam * torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return slope

# %% wrong: active-only
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    return -torch.linalg.solve(A.T @ A, torch.sign(x[active]))

# %% half: dependent-columns -- solve, and hope
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return slope

# %% half: dependent-columns -- only what solve itself notices
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    slope = torch.zeros_like(x)
    try:
        slope[active] = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    except RuntimeError:
        raise ValueError("singular") from None
    return slope

# %% half: dependent-columns -- pseudo-inverse
def lasso_slope(D, b, lam, x):
    active = x != 0
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.pinv(D[:, active].T @ D[:, active]) @ torch.sign(x[active])
    return slope

# %% half: linalg-error
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise torch.linalg.LinAlgError("singular")
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return slope

# %% half: empty-active-set
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if A.shape[1] > A.shape[0] or torch.linalg.svdvals(A).min() < 1e-6:
        raise ValueError("The active columns are dependent.")
    slope = torch.zeros_like(x)
    slope[active] = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    return slope

# %% half: changed-input
def lasso_slope(D, b, lam, x):
    active = x != 0
    A = D[:, active]
    if torch.linalg.matrix_rank(A) < A.shape[1]:
        raise ValueError("The active columns are dependent.")
    slope = -torch.linalg.solve(A.T @ A, torch.sign(x[active]))
    x.zero_()
    x[active] = slope
    return x.clone()

# %% right: the path is straight between kinks
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    if A.any():
        DA = D[:, A]
        if torch.linalg.matrix_rank(DA) < DA.size(1): raise ValueError("dependent")
        ls = torch.linalg.lstsq(DA, b[:, None]).solution[:, 0]
        out[A] = (x[A] - ls) / lam
    return out

# %% right: the whole matrix, idle rows made trivial
def lasso_slope(D, b, lam, x):
    a = (x != 0).to(D.dtype)
    if a.sum() and torch.linalg.matrix_rank(D[:, x != 0]) < a.sum(): raise ValueError("dependent")
    G = (D * a).T @ (D * a) + torch.diag(1 - a)
    return -torch.linalg.solve(G, torch.sign(x))

# %% right: Hessian and mixed derivative by torch.func
def lasso_slope(D, b, lam, x):
    A = x != 0
    if not A.any(): return torch.zeros_like(x)
    if torch.linalg.matrix_rank(D[:, A]) < A.sum(): raise ValueError("dependent")
    s = torch.sign(x[A])
    f = lambda z, l: 0.5 * ((D[:, A] @ z - b) ** 2).sum() + l * (s * z).sum()
    l = torch.as_tensor(lam, dtype=x.dtype)
    H = torch.func.hessian(f)(x[A], l)
    m = torch.func.jacrev(torch.func.grad(f), argnums=1)(x[A], l)
    out = torch.zeros_like(x); out[A] = -torch.linalg.solve(H, m)
    return out

# %% right: signs from the residual
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    if A.sum() == 0: return out
    DA = D[:, A]
    if torch.linalg.matrix_rank(DA) < DA.size(1): raise ValueError("dependent")
    out[A] = torch.linalg.solve(DA.T @ DA, DA.T @ (D @ x - b) / lam)
    return out

# %% right: least squares twice
def lasso_slope(D, b, lam, x):
    A = torch.where(x != 0)[0]
    out = torch.zeros_like(x)
    if A.numel() == 0:
        return out
    DA = D.index_select(1, A)
    if torch.linalg.matrix_rank(DA).item() < A.numel():
        raise ValueError("no unique solution, no slope")
    w = torch.linalg.lstsq(DA.T, torch.sign(x[A])[:, None], driver="gelsd").solution
    z = torch.linalg.lstsq(DA, w, driver="gelsd").solution[:, 0]
    return out.index_put((A,), -z)

# %% wrong: all-columns -- rank not looked at
def lasso_slope(D, b, lam, x):
    return -torch.linalg.solve(D.T @ D, torch.sign(x))

# %% wrong: all-columns -- the rank of all of D
def lasso_slope(D, b, lam, x):
    if torch.linalg.matrix_rank(D) < D.shape[1]: raise ValueError("dep")
    return -torch.linalg.solve(D.T @ D, torch.sign(x))

# %% wrong: all-columns -- masked afterwards
def lasso_slope(D, b, lam, x):
    if torch.linalg.matrix_rank(D[:, x != 0]) < (x != 0).sum(): raise ValueError("dep")
    return -torch.linalg.solve(D.T @ D, torch.sign(x)) * (x != 0)

# %% wrong: multiplied
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    if A.any() and torch.linalg.matrix_rank(D[:, A]) < A.sum(): raise ValueError("dep")
    out[A] = -(D[:, A].T @ D[:, A]) @ torch.sign(x[A])
    return out

# %% wrong: positive-only
def lasso_slope(D, b, lam, x):
    A = x > 0
    out = torch.zeros_like(x)
    if A.any() and torch.linalg.matrix_rank(D[:, A]) < A.sum(): raise ValueError("dep")
    out[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
    return out

# %% wrong: no-half
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    if A.any() and torch.linalg.matrix_rank(D[:, A]) < A.sum(): raise ValueError("dep")
    out[A] = -torch.linalg.solve(2 * D[:, A].T @ D[:, A], torch.sign(x[A]))
    return out

# %% wrong: small-entries-dropped
def lasso_slope(D, b, lam, x):
    A = x.abs() > 1e-3
    out = torch.zeros_like(x)
    if A.any() and torch.linalg.matrix_rank(D[:, A]) < A.sum(): raise ValueError("dep")
    out[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
    return out

# %% wrong: too-strict -- a fixed number
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    if not A.any(): return out
    G = D[:, A].T @ D[:, A]
    if torch.linalg.eigvalsh(G)[0] < 1e-3: raise ValueError("dep")
    out[A] = -torch.linalg.solve(G, torch.sign(x[A]))
    return out

# %% wrong: too-strict -- the rank of all of D
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    if torch.linalg.matrix_rank(D) < D.shape[1]: raise ValueError("dep")
    out[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
    return out

# %% half: dependent-columns -- waits for Cholesky
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    try:
        L = torch.linalg.cholesky(D[:, A].T @ D[:, A])
    except RuntimeError:
        raise ValueError("dependent")
    out[A] = -torch.cholesky_solve(torch.sign(x[A])[:, None], L)[:, 0]
    return out

# %% half: empty-active-set -- singular values of nothing
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    s = torch.linalg.svdvals(D[:, A])
    if s[-1] < 1e-12 * s[0]: raise ValueError("dep")
    out[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
    return out

# %% half: other-exception
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    if A.any() and torch.linalg.matrix_rank(D[:, A]) < A.sum(): raise RuntimeError("dep")
    out[A] = -torch.linalg.solve(D[:, A].T @ D[:, A], torch.sign(x[A]))
    return out

# %% wrong: raised -- rows in the place of columns
def lasso_slope(D, b, lam, x):
    A = x != 0
    out = torch.zeros_like(x)
    out[A] = -torch.linalg.solve(D[A].T @ D[A], torch.sign(x[A]))
    return out


# %% right: QR and two triangles
def lasso_slope(D, b, lam, x):
    on = torch.nonzero(x).flatten()
    s = torch.zeros_like(x)
    if len(on) == 0: return s
    A = D.index_select(1, on)
    Q, R = torch.linalg.qr(A)
    sv = torch.linalg.svdvals(A)
    if A.shape[1] > A.shape[0] or sv[-1] < max(A.shape)*torch.finfo(D.dtype).eps*sv[0]: raise ValueError('dep')
    u = torch.linalg.solve_triangular(R.T, x[on].sign()[:, None], upper=False)
    return s.index_put((on,), -torch.linalg.solve_triangular(R, u, upper=True)[:, 0])


# %% right: pseudo-inverse
def lasso_slope(D, b, lam, x):
    on = x.abs() > 0
    if torch.linalg.matrix_rank(D[:, on]) < on.sum(): raise ValueError('dep')
    return torch.zeros_like(x).masked_scatter(on, -torch.linalg.pinv(D[:, on].T @ D[:, on]) @ torch.sign(x[on]))
