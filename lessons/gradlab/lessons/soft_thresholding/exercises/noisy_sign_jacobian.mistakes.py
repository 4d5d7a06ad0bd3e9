# %% mistake: hard-answer
# This is E, the Jacobian that autograd reports for the hard sign. With the soft sign each diagonal entry also has A
# times the slope λ/B³.
# look: “1 · Ask about the sign of noise”
def noisy_sign_jacobian(x, a, lam): return on_the_diagonal(torch.ones_like(x))

# %% mistake: sign-not-slope
# This is E + A ⊙ S: the soft sign itself stands where its derivative λ/B³ belongs.
def noisy_sign_jacobian(x, a, lam): return on_the_diagonal(1 + a * soft.soft_sign(x, lam))

# %% mistake: quotient-rule-cut-short
# This is E + A/B, the first half of the quotient rule: in S = x/B the B depends on x too.
def noisy_sign_jacobian(x, a, lam): return on_the_diagonal(1 + a / soft.soft_abs(x, lam))

# %% mistake: square-for-cube
# This is E + λA/B². dS = (1 − S²)/B has one more division by B: λ/B³.
def noisy_sign_jacobian(x, a, lam): return on_the_diagonal(1 + a * lam / (x**2 + lam))

# %% mistake: lam-squared
# This is the Jacobian for λ² in place of λ: B = √(x² + λ), and λ is not squared.
def noisy_sign_jacobian(x, a, lam): return jacobian(x, a, lam**2)

# %% mistake: A-forgotten
# This is E + λ/B³: the constant A fell out on the way. dY = dX + A ⊙ dS.
def noisy_sign_jacobian(x, a, lam): return jacobian(x, torch.ones_like(a), lam)

# %% mistake: sign-flipped
# This is E − λA/B³. Both terms of Y rise with X.
def noisy_sign_jacobian(x, a, lam): return jacobian(x, -a, lam)

# %% mistake: E-forgotten
# This is λA/B³, the derivative of A ⊙ S(X) alone. Y also contains X itself, whose Jacobian is E.
def noisy_sign_jacobian(x, a, lam): return on_the_diagonal(a * soft.soft_sign_slope(x, lam))

# %% mistake: slope-of-sign-alone
# This is λ/B³, the Jacobian of the soft sign. Y is X plus A times it.
def noisy_sign_jacobian(x, a, lam): return on_the_diagonal(soft.soft_sign_slope(x, lam))

# %% mistake: derivative-in-A
# This is S on the diagonal, the Jacobian with respect to A. You were asked for the one with respect to X.
def noisy_sign_jacobian(x, a, lam): return on_the_diagonal(soft.soft_sign(x, lam))

# %% mistake: flattened
# This is the Jacobian as an mn × mn matrix. You were asked for its four indices: reshape it to (m, n, m, n).
def noisy_sign_jacobian(x, a, lam): return jacobian(x, a, lam).reshape(x.numel(), x.numel())

# %% mistake: sparse
# This is a sparse tensor. You were asked for an ordinary, dense one: .to_dense() makes it.
def noisy_sign_jacobian(x, a, lam): return jacobian(x, a, lam).to_sparse()
