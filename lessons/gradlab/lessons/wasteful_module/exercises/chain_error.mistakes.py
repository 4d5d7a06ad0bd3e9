# %% mistake: matrices-first
# Here the error comes out as 0, as it does where A⁻¹A is multiplied out first, to the identity. Applied to the vector
# factor by factor, in the dtype of v, A rounds the small entry away, and no inverse brings it back. (Or v itself was
# overwritten, and compared with itself.)
def chain_error(A, v, n): return torch.dist(CHAINS["matrices first"](A, v, n), v) / v.norm()

# %% mistake: not-relative
# This is ‖(A⁻¹A)ⁿv − v‖ itself. Divide by ‖v‖: an error means nothing without a size to hold it against.
def chain_error(A, v, n): return torch.dist(end(A, v, n), v)

# %% mistake: squared
# This is the square of the relative error: sums of squares want a square root.
def chain_error(A, v, n): return relative_error(A, v, n) ** 2

# %% mistake: largest-entry
# This compares largest entries. ‖·‖ is the Euclidean norm, torch.linalg.norm.
def chain_error(A, v, n): return (end(A, v, n) - v).abs().max() / v.abs().max()

# %% mistake: other-norm
# ‖·‖ is the Euclidean norm, torch.linalg.norm; this sums absolute values, or takes a mean.
def chain_error(A, v, n): return (end(A, v, n) - v).abs().sum() / v.abs().sum()
def chain_error(A, v, n): return ((end(A, v, n) - v) / v).norm()

# %% mistake: difference-of-norms
# This compares the lengths of the two vectors. A vector may keep its length and be wrong: take the norm of the
# difference.
def chain_error(A, v, n): return (end(A, v, n).norm() - v.norm()).abs() / v.norm()

# %% mistake: divided-by-the-result
# This divides by the norm of the result. Divide by ‖v‖, which carries no error.
def chain_error(A, v, n): return torch.dist(end(A, v, n), v) / end(A, v, n).norm()
