# %% mistake: sign
# You compare the sum with +x*. A larger W1 moves the minimum towards 0: the sum is −x*.
passes_audit = decided_by(lambda W1, dW1, x, tol: abs(total(W1, dW1) - x) <= tol * abs(x))

# %% mistake: one-sided
# You let a sum pass that is too large in one direction: the defect has a sign, and its size is what counts.
passes_audit = decided_by(lambda W1, dW1, x, tol: total(W1, dW1) + x <= tol * abs(x))
passes_audit = decided_by(lambda W1, dW1, x, tol: -total(W1, dW1) - x <= tol * abs(x))

# %% mistake: sizes-only
# You compare |Σ| with |x*|: a row whose signs are all turned passes.
passes_audit = decided_by(lambda W1, dW1, x, tol: abs(abs(total(W1, dW1)) - abs(x)) <= tol * abs(x))

# %% mistake: absolute-tolerance
# You compare the defect with tol itself. A defect of 0.001 is small for x* = 4000 and everything for x* = 0.00004:
# compare with tol·|x*|.
passes_audit = decided_by(lambda W1, dW1, x, tol: abs(total(W1, dW1) + x) <= tol)

# %% mistake: negative-bound
# The bound is tol·x*, which is negative where x* is: then nothing passes. It is tol·|x*|.
passes_audit = decided_by(lambda W1, dW1, x, tol: abs(total(W1, dW1) + x) <= tol * x)

# %% mistake: relative-to-sum
# The bound is tol·|Σ|. A sum that is far too large would set its own bound: compare with tol·|x*|.
passes_audit = decided_by(lambda W1, dW1, x, tol: abs(total(W1, dW1) + x) <= tol * abs(total(W1, dW1)))

# %% mistake: allclose
# allclose and isclose add an atol of their own, 1e-8, to the bound, and with equal_nan=True a nan equals a nan. The bound is
# tol·|x*| and nothing else, and a row with a nan fails: rtol=tol, atol=0.
passes_audit = decided_by(lambda W1, dW1, x, tol: np.isclose(total(W1, dW1), -x, rtol=tol, equal_nan=True))
passes_audit = decided_by(lambda W1, dW1, x, tol: np.isclose(total(W1, dW1), -x, rtol=tol))
passes_audit = decided_by(lambda W1, dW1, x, tol: np.isclose(total(W1, dW1), -x, rtol=tol, atol=0, equal_nan=True))

# %% mistake: tol-ignored
# The tolerance is fixed. The caller may give another `tol`.
passes_audit = decided_by(lambda W1, dW1, x, tol: abs(total(W1, dW1) + x) <= 1e-3 * abs(x))

# %% mistake: weights-forgotten
# This adds up ∂x*/∂W1 alone. Each entry is weighed with its own W1 first.
passes_audit = decided_by(lambda W1, dW1, x, tol: abs(float(dW1.sum()) + x) <= tol * abs(x))

# %% mistake: not-summed
# You compare each product with x*. Their *sum* is −x*.
passes_audit = decided_by(lambda W1, dW1, x, tol: bool(((W1 * dW1 + x).abs() <= tol * abs(x)).all()))

# %% mistake: nan-passes
# A row with nan passes: every comparison with nan is False, so “not larger than” is True. Ask for ≤.
passes_audit = decided_by(lambda W1, dW1, x, tol: not abs(total(W1, dW1) + x) > tol * abs(x))

# %% mistake: reversed
# Yes and no changed places: True means that the row passes.
passes_audit = decided_by(lambda W1, dW1, x, tol: not abs(total(W1, dW1) + x) <= tol * abs(x))

# %% mistake: always-true
# You accept every row.
passes_audit = decided_by(lambda W1, dW1, x, tol: True)

# %% mistake: always-false
# You reject every row.
passes_audit = decided_by(lambda W1, dW1, x, tol: False)
