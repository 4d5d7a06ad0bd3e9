# %% mistake: always-true
# It says True of every matrix.
def is_projector(J, tol=1e-8): return True

# %% mistake: always-false
# It says False of every matrix.
def is_projector(J, tol=1e-8): return False

# %% mistake: inverted
# This is right every time, with True and False exchanged.
def is_projector(J, tol=1e-8): return largest(J) > tol

# %% mistake: elementwise
# J * J squares every entry. The matrix applied twice is J @ J.
def is_projector(J, tol=1e-8): return (J * J - J).abs().max() <= tol

# %% mistake: symmetry-demanded
# A projector need not be symmetric: J² = J is all. This one is oblique, as M⁻¹DM is.
def is_projector(J, tol=1e-8): return largest(J) <= tol and (J - J.T).abs().max() <= max(tol, 1e-6)

# %% mistake: sign-not-removed
# The entries of J² − J are compared with their sign, so a large negative one passes. Take absolute values.
def is_projector(J, tol=1e-8): return (J @ J - J).max() <= tol
def is_projector(J, tol=1e-8): return (J - J @ J).max() <= tol

# %% mistake: allclose-rtol
# torch.allclose also allows a relative error of 1e-5 unless told otherwise, which lets this matrix pass. Give it
# rtol=0, or compare the largest entry of |J² − J| yourself.
def is_projector(J, tol=1e-8): return torch.allclose(J @ J, J, atol=tol)
def is_projector(J, tol=1e-8): return torch.allclose(J @ J, J, rtol=tol)

# %% mistake: tol-ignored
# The tolerance is not the one that was asked for: use the argument `tol`, which is 1e-8 by default.
def is_projector(J, tol=1e-8): return largest(J) <= 1e-8
def is_projector(J, tol=1e-8): return torch.equal(J @ J, J)
def is_projector(J, tol=1e-8): return torch.allclose(J @ J, J)
def is_projector(J, tol=1e-8): return largest(J) <= 1e-12
def is_projector(J, tol=1e-8): return largest(J) <= 1e-6
def is_projector(J, tol=1e-6): return largest(J) <= tol
def is_projector(J, tol=1e-5): return largest(J) <= tol

# %% mistake: mean-entry
# An average over all entries hides a single bad one. The largest entry of |J² − J| decides.
def is_projector(J, tol=1e-8): return (J @ J - J).abs().mean() <= tol
def is_projector(J, tol=1e-8): return ((J @ J - J) ** 2).mean() <= tol

# %% mistake: trace-or-eigenvalues
# A whole-numbered trace, or eigenvalues that are 0 and 1, do not make a projector: this J² differs from J.
def is_projector(J, tol=1e-8): return abs(J.trace() - J.trace().round()) <= tol
def is_projector(J, tol=1e-8):
    values = torch.linalg.eigvals(J)
    return torch.minimum(values.abs(), (values - 1).abs()).max() <= max(tol, 1e-6)

# %% mistake: identity-expected
# You were not asked for J² = I: a projector applied twice gives the projector, J² = J.
def is_projector(J, tol=1e-8): return (J @ J - torch.eye(len(J), dtype=J.dtype)).abs().max() <= tol
