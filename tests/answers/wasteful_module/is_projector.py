# %% right: largest entry
def is_projector(J, tol=1e-8):
    return bool((J @ J - J).abs().max() <= tol)

# %% right: allclose without a relative part
def is_projector(J, tol=1e-8):
    return torch.allclose(J @ J, J, rtol=0, atol=tol)

# %% right: a 0-d tensor
def is_projector(J, tol=1e-8):
    return torch.max(torch.abs(torch.matmul(J, J) - J)) <= tol

# %% right: all entries
def is_projector(J, tol=1e-8):
    error = torch.linalg.matrix_power(J, 2) - J
    return ((error < tol) & (error > -tol)).all().item()

# %% right: Frobenius norm
def is_projector(J, tol=1e-8):
    return float(torch.linalg.norm(J.mm(J) - J)) <= tol

# %% right: NumPy
def is_projector(J, tol=1e-8):
    J = J.detach().numpy()
    return np.max(np.abs(J @ J - J)) <= tol

# %% wrong: elementwise
def is_projector(J, tol=1e-8):
    return bool((J**2 - J).abs().max() <= tol)

# %% wrong: symmetry-demanded
def is_projector(J, tol=1e-8):
    return torch.allclose(J, J.T) and bool((J @ J - J).abs().max() <= tol)

# %% wrong: sign-not-removed
def is_projector(J, tol=1e-8):
    return bool((J @ J - J).max() <= tol)

# %% wrong: allclose-rtol
def is_projector(J, tol=1e-8):
    return torch.allclose(J @ J, J, atol=tol)

# %% wrong: tol-ignored
def is_projector(J, tol=1e-8):
    return bool((J @ J - J).abs().max() <= 1e-8)

# %% wrong: tol-ignored -- bit for bit
def is_projector(J, tol=1e-8):
    return torch.equal(J @ J, J)

# %% wrong: mean-entry
def is_projector(J, tol=1e-8):
    return bool((J @ J - J).abs().mean() <= tol)

# %% wrong: inverted
def is_projector(J, tol=1e-8):
    return bool((J @ J - J).abs().max() > tol)

# %% wrong: trace-or-eigenvalues -- eigenvalues 0 and 1
def is_projector(J, tol=1e-8):
    values = torch.linalg.eigvals(J)
    return bool(torch.minimum(values.abs(), (values - 1).abs()).max() <= max(tol, 1e-6))

# %% wrong: identity-expected
def is_projector(J, tol=1e-8):
    return bool((J @ J - torch.eye(len(J), dtype=J.dtype)).abs().max() <= tol)

# %% wrong: not-one-answer
def is_projector(J, tol=1e-8):
    return (J @ J - J).abs() <= tol

# %% wrong: tol-not-accepted
def is_projector(J):
    return bool((J @ J - J).abs().max() <= 1e-8)

# %% wrong: always-true
def is_projector(J, tol=1e-8):
    return True

# %% right: entry by entry in a list
def is_projector(J, tol=1e-8):
    D = torch.einsum("ij,jk->ik", J, J) - J
    return max(abs(v) for v in D.reshape(-1).tolist()) <= tol

# %% wrong: trace-or-eigenvalues -- a whole trace
def is_projector(J, tol=1e-8):
    t = torch.trace(J)
    return bool((t - t.round()).abs() <= tol)

# %% wrong: tol-ignored -- another default
def is_projector(J, tol=1e-6):
    return bool((J @ J - J).abs().max() <= tol)
