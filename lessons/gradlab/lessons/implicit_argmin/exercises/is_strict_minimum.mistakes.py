# %% mistake: semidefinite
# You accept a Hessian with an eigenvalue that is 0, exactly or to working precision. Along that direction f is flat, and
# the minimiser is not one point: ask for λ_min > 1e-12 λ_max.
is_strict_minimum = decided_by(lambda at, tol: at.eigenvalues[0] > 0 and at.newton_step <= tol)
is_strict_minimum = decided_by(lambda at, tol: at.eigenvalues[0] >= -1e-12 * at.eigenvalues[-1] and at.newton_step <= tol)

# %% mistake: curvature-only
# You test the curvature only. At 456 it is positive all the way out, and there is no minimum: the point must be
# stationary as well, with a Newton step below tol.
# look: “Meet a function without a minimum”
is_strict_minimum = decided_by(lambda at, tol: at.positive_definite)
is_strict_minimum = decided_by(lambda at, tol: at.eigenvalues[0] > 0)

# %% mistake: tol-ignored
# The Newton step is compared with a fixed number. It must be at most the tol that was given.
# look: “Stop when the step is small, not the gradient”
is_strict_minimum = decided_by(lambda at, tol: at.positive_definite and at.newton_step <= 1e-6)
is_strict_minimum = decided_by(lambda at, tol: at.positive_definite and at.newton_step <= 1e-4)
is_strict_minimum = decided_by(lambda at, tol: at.positive_definite and at.newton_step <= 1e-10)

# %% mistake: gradient-and-curvature
# You test for a small gradient and positive curvature. At 456 both hold and there is no minimum. Measure how far away
# the minimum would be: the Newton step ‖H⁻¹f_x‖.
# look: “Stop when the step is small, not the gradient”
is_strict_minimum = decided_by(lambda at, tol: at.positive_definite and at.gradient.norm() <= tol)
is_strict_minimum = decided_by(lambda at, tol: at.eigenvalues[0] > 0 and at.gradient.norm() <= tol)

# %% mistake: gradient-only
# You test the gradient only. It also vanishes at a maximum, at a saddle, and far out on a slope that flattens.
# look: “Stop when the step is small, not the gradient”
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= tol)

# %% mistake: step-only
# The Newton step leads to any stationary point, maxima and saddles included. H must be positive definite as well.
# look: “Stop when the step is small, not the gradient”
is_strict_minimum = decided_by(lambda at, tol: at.newton_step <= tol)
is_strict_minimum = decided_by(
    lambda at, tol: torch.linalg.matrix_rank(at.hessian) == len(at.hessian) and at.newton_step <= tol
)

# %% mistake: largest-eigenvalue
# You look at the largest eigenvalue, or at any: one of a saddle's is positive too. The smallest one decides.
is_strict_minimum = decided_by(lambda at, tol: at.eigenvalues[-1] > 0 and at.newton_step <= tol)

# %% mistake: maximum
# You accept maxima: at a minimum the eigenvalues are positive.
is_strict_minimum = decided_by(lambda at, tol: at.eigenvalues[-1] < 0 and at.newton_step <= tol)

# %% mistake: compares-values
# You compare f with its values nearby. Steps along the axes miss a saddle that lies across them. Look at eigenvalues.
def is_strict_minimum(f, x, theta, tol=1e-6):
    steps = 1e-4 * torch.eye(len(x), dtype=x.dtype)
    return all(f(x + step, theta) > f(x, theta) for step in (*steps, *-steps))
def is_strict_minimum(f, x, theta, tol=1e-6):
    steps = 1e-5 * torch.eye(len(x), dtype=x.dtype)
    return all(f(x + step, theta) > f(x, theta) for step in (*steps, *-steps))

# %% mistake: absolute-threshold
# You compare the smallest eigenvalue with a fixed number. Multiply f by 1e-8: its minimum stays where it is, and the
# eigenvalues shrink. Compare λ_min with λ_max.
is_strict_minimum = decided_by(lambda at, tol: at.eigenvalues[0] > 1e-8 and at.newton_step <= tol)

# %% mistake: diagonal-only
# You look at the diagonal of H only. [[1, 2], [2, 1]] has a positive diagonal and the eigenvalue −1: it is a saddle.
is_strict_minimum = decided_by(lambda at, tol: (at.hessian.diagonal() > 0).all() and at.newton_step <= tol)

# %% mistake: determinant
# You test the determinant, which is positive at a maximum in two dimensions too. Look at the eigenvalues.
is_strict_minimum = decided_by(lambda at, tol: torch.linalg.det(at.hessian) > 0 and at.newton_step <= tol)

# %% mistake: gradient-and-determinant
# You test the gradient and the determinant of H. The determinant is positive at a maximum in two dimensions too, where two
# eigenvalues are negative: ask for λ_min > 1e-12 λ_max. And the task asks for the Newton step ‖H⁻¹f_x‖, not for the gradient.
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= tol and torch.linalg.det(at.hessian) > 0)
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= tol and torch.linalg.det(at.hessian) > 1e-12)
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= 1e-4 and torch.linalg.det(at.hessian) > 1e-12)
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= 1e-4 and torch.linalg.det(at.hessian) > 0)
# %% mistake: determinant -- alone
is_strict_minimum = decided_by(lambda at, tol: torch.linalg.det(at.hessian) > 0)

# %% mistake: gradient-and-diagonal
# You test the gradient and the diagonal of H. [[1, 2], [2, 1]] has a positive diagonal and the eigenvalue −1: look at
# eigenvalues. And the task asks for the Newton step ‖H⁻¹f_x‖, not for the gradient.
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= tol and (at.hessian.diagonal() > 0).all())
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= 1e-4 and (at.hessian.diagonal() > 0).all())

# %% mistake: gradient-and-threshold
# You compare the gradient with tol and an eigenvalue with a fixed number. Multiply f by 1e-20: its minimum stays where it
# is, and both shrink. Ask for λ_min > 1e-12 λ_max, and measure the Newton step ‖H⁻¹f_x‖.
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= tol and at.eigenvalues[0] > 1e-8)
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= 1e-4 and at.eigenvalues[0] > 1e-8)

# %% mistake: gradient-and-largest
# You test the gradient and the largest eigenvalue, or any: one of a saddle's is positive too, the smallest one decides. And
# the task asks for the Newton step ‖H⁻¹f_x‖, not for the gradient.
is_strict_minimum = decided_by(lambda at, tol: at.gradient.norm() <= tol and at.eigenvalues[-1] > 0)

# %% mistake: always-true
# You accept everything.
is_strict_minimum = decided_by(lambda at, tol: True)

# %% mistake: always-false
# You reject everything, minima included.
is_strict_minimum = decided_by(lambda at, tol: False)
