from gradlab.maths.prox import soft_threshold

# %% mistake: no-super-init
# An nn.Module must be told that it is one before it can hold a Parameter: call super().__init__() on the first line of
# __init__.
class EfficientMatmulSofttMatmulinv(nn.Module):
    def __init__(self, T, M): self.M = nn.Parameter(M)

# %% mistake: one-number-threshold
# A Python `if` decides once, for one number, and M x has many entries. A threshold made of torch.where, torch.clamp or
# torch.relu decides for each entry, and keeps the graph.
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: y - T if y > T else y)

# %% mistake: changed-parameter
# forward changes M or an input in place, which autograd does not allow. Compute a new tensor.
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: x.mul_(2)

# %% mistake: elementwise
# The result has the shape of M: `*` multiplies entry by entry. A matrix meets a vector with `@`.
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: torch.linalg.inv(M) * soft_threshold(M @ x, T)
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: (1 / M) * soft_threshold(M @ x, T)

# %% mistake: M-and-inverse-exchanged
# This is M f_T(M⁻¹ x): M and its inverse changed places. M comes first, M⁻¹ brings the result back.
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: M @ soft_threshold(torch.linalg.solve(M, x), T)

# %% mistake: thresholded-x
# This thresholds x itself. The threshold acts on M x, and M⁻¹ brings the result back.
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: torch.linalg.solve(M, soft_threshold(x, T))
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: soft_threshold(x, T)

# %% mistake: no-way-back
# This is f_T(M x). The last step is missing: M⁻¹ brings the result back to the coordinates of x.
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: soft_threshold(M @ x, T)

# %% mistake: M-for-its-inverse
# The last step multiplies by M once more. It must undo M: solve M g = f_T(M x).
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: M @ soft_threshold(M @ x, T)

# %% mistake: one-sided-threshold
# The threshold is right for positive entries of M x only. It is odd, f(−y) = −f(y): negative entries rise by T and stay
# negative.
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: torch.relu(y - T))
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: torch.relu(y.abs() - T))
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: torch.where(y.abs() > T, y - T, 0 * y))

# %% mistake: solved-with-A
# The last step solves with A. It must undo M: solve M g = f_T(M x).
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: torch.linalg.solve(A, soft_threshold(M @ x, T))

# %% mistake: entries-for-inverse
# This divides by entries of M, one by one: 1 / M is no inverse, and division undoes no matrix product. Solve
# M g = f_T(M x).
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: soft_threshold(M @ x, T) / M.diag()
def EfficientMatmulSofttMatmulinv(T, M): return lambda x, A: (1 / M) @ soft_threshold(M @ x, T)

# %% mistake: hard-threshold
# This is hard-thresholding: entries outside the dead zone are kept as they are. Soft-thresholding also moves them
# towards 0 by T.
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: torch.where(y.abs() > T, y, 0 * y))

# %% mistake: no-threshold
# This is x itself: nothing was thresholded between M and M⁻¹.
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: y)

# %% mistake: definition-typo
# This adds T wherever y < T, as the homework's printed definition says. The third case must read y < −T.
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: torch.where(y < T, y + T, soft_threshold(y, T)))

# %% mistake: fixed-T
# The threshold is not the T that the module was constructed with: a number stands in the code. Keep T in __init__ and
# use it in forward.
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: soft_threshold(y, 3.14))
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: soft_threshold(y, 3.1415))
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: soft_threshold(y, 3.14159))
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: soft_threshold(y, math.pi))
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: soft_threshold(y, 3.0))
def EfficientMatmulSofttMatmulinv(T, M): return after(M, lambda y: soft_threshold(y, 1.0))
