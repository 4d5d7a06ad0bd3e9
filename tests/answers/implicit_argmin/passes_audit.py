# %% right: entry by entry, then the sum
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(abs((W1 * dW1).sum() + x_star) <= tol * abs(x_star))

# %% right: a matrix product
def passes_audit(W1, dW1, x_star, tol=1e-3):
    defect = (W1.T @ dW1).item() + float(x_star)
    return abs(defect) <= tol * abs(float(x_star))

# %% right: torch.dot of flat tensors
def passes_audit(W1, dW1, x_star, tol=1e-3):
    x = torch.as_tensor(x_star, dtype=W1.dtype).reshape(())
    return (torch.dot(W1.flatten(), dW1.flatten()) + x).abs().le(tol * x.abs()).item()

# %% right: the quotient
def passes_audit(W1, dW1, x_star, tol=1e-3):
    x = float(x_star)
    return abs(float(torch.sum(torch.mul(W1, dW1))) / x + 1) <= tol

# %% right: a Python sum
def passes_audit(W1, dW1, x_star, tol=1e-3):
    total = sum(w.item() * g.item() for w, g in zip(W1, dW1))
    if math.isnan(total):
        return False
    return -tol * abs(float(x_star)) <= total + float(x_star) <= tol * abs(float(x_star))

# %% right: math.isclose
def passes_audit(W1, dW1, x_star, tol=1e-3):
    x, total = float(x_star), float(torch.tensordot(W1, dW1))
    return not math.isnan(x) and math.isclose(total + x, 0.0, rel_tol=0.0, abs_tol=tol * abs(x))

# %% right: NumPy and einsum, a Python bool at the end
def passes_audit(W1, dW1, x_star, tol=1e-3):
    total = np.einsum("ij,ij->", W1.detach().numpy(), dW1.detach().numpy())
    x = np.asarray(x_star).item()
    return bool(np.abs(total + x) <= tol * np.abs(x))

# %% right: an if
def passes_audit(W1, dW1, x_star, tol=1e-3):
    defect = torch.abs(torch.sum(W1 * dW1) + x_star)
    if defect <= tol * abs(x_star):
        return True
    return False

# %% wrong: sign
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(abs((W1 * dW1).sum() - x_star) <= tol * abs(x_star))

# %% wrong: one-sided
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool((W1 * dW1).sum() + x_star <= tol * abs(x_star))

# %% wrong: sizes-only
def passes_audit(W1, dW1, x_star, tol=1e-3):
    x = abs(float(x_star))
    return abs(abs((W1 * dW1).sum().item()) - x) <= tol * x

# %% wrong: absolute-tolerance
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(abs((W1 * dW1).sum() + x_star) <= tol)

# %% wrong: absolute-tolerance -- allclose, with its own relative one set to 0
def passes_audit(W1, dW1, x_star, tol=1e-3):
    x = torch.as_tensor(x_star, dtype=W1.dtype).reshape(())
    return torch.allclose((W1 * dW1).sum(), -x, rtol=0, atol=tol)

# %% wrong: negative-bound
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(abs((W1 * dW1).sum() + x_star) <= tol * x_star)

# %% wrong: relative-to-sum
def passes_audit(W1, dW1, x_star, tol=1e-3):
    total = (W1 * dW1).sum()
    return bool(abs(total + x_star) <= tol * abs(total))

# %% wrong: tol-ignored
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(abs((W1 * dW1).sum() + x_star) <= 1e-3 * abs(x_star))

# %% wrong: weights-forgotten
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(abs(dW1.sum() + x_star) <= tol * abs(x_star))

# %% wrong: not-summed
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool((abs(W1 * dW1 + x_star) <= tol * abs(x_star)).all())

# %% wrong: nan-passes
def passes_audit(W1, dW1, x_star, tol=1e-3):
    if abs((W1 * dW1).sum() + x_star) > tol * abs(x_star):
        return False
    return True

# %% wrong: reversed
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return not bool(abs((W1 * dW1).sum() + x_star) <= tol * abs(x_star))

# %% wrong: always-false
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return x_star is W1

# %% half: tensor-not-bool
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return torch.abs(torch.sum(W1 * dW1) + torch.as_tensor(x_star).reshape(())) <= tol * abs(float(x_star))

# %% wrong: element-asked
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return abs((W1 * dW1).sum().item() + x_star.item()) <= tol * abs(x_star.item())

# %% wrong: returned-none
def passes_audit(W1, dW1, x_star, tol=1e-3):
    abs((W1 * dW1).sum() + x_star) <= tol * abs(x_star)

# %% wrong: allclose
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return torch.allclose((W1 * dW1).sum(), -torch.as_tensor(x_star, dtype=W1.dtype), rtol=tol, equal_nan=True)

# %% wrong: allclose -- nan is nothing
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(torch.isclose((W1 * dW1).sum(), -torch.as_tensor(x_star, dtype=W1.dtype), rtol=tol))

# %% wrong: allclose -- numpy's
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(np.isclose(float((W1 * dW1).sum()), -float(x_star), rtol=tol))

# %% wrong: allclose -- atol 0, nan equals nan
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return bool(np.isclose(float((W1 * dW1).sum()), -float(x_star), rtol=tol, atol=0, equal_nan=True))

# %% right: allclose without its own atol
def passes_audit(W1, dW1, x_star, tol=1e-3):
    return torch.allclose((W1 * dW1).sum(), -torch.as_tensor(x_star, dtype=W1.dtype), rtol=tol, atol=0)
