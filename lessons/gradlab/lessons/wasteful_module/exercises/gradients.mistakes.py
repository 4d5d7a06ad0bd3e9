from gradlab.maths.module_gradients import squared_distance

# %% mistake: only-x
# This is the gradient with respect to x alone. The published solution looked at that one too, and at no other. Return
# all three, in the order x, A, M.
def gradients(module, x, A): return reported_gradients(module, x, A)[0]
def gradients(module, x, A): return reported_gradients(module, x, A)[:1]

# %% mistake: none-for-zero
# One of the three is None: no graph leads there. The task asks for zeros then, shaped like the tensor.
# look: “What None, zero and noise mean”
def gradients(module, x, A): return reported_gradients(module, x, A, zeros=False)

# %% mistake: accumulated
# This is the gradient plus what was in .grad before: backward adds to .grad. torch.autograd.grad does not touch it.
def gradients(module, x, A): return changed(module, x, A, 2, lambda G: G if module.M.grad is None else G + module.M.grad)
def gradients(module, x, A):
    pairs = zip(reported_gradients(module, x, A), (x, A, module.M))
    return tuple(new if tensor.grad is None else new + tensor.grad for new, tensor in pairs)

# %% mistake: other-order
# All three are there, in another order: the task asks for x, A, M.
def gradients(module, x, A): return [reported_gradients(module, x, A)[k] for k in (0, 2, 1)]
def gradients(module, x, A): return [reported_gradients(module, x, A)[k] for k in (2, 0, 1)]
def gradients(module, x, A): return [reported_gradients(module, x, A)[k] for k in (2, 1, 0)]

# %% mistake: output-detached
# This is 2(x − g) and two zeros: the graph was cut between the module and φ. Do not detach module(x, A), nor run it
# under no_grad.
def gradients(module, x, A): return reported_gradients(module, x, A, lambda x, g: squared_distance(x, g.detach()))

# %% mistake: cut-formula
# ∇x is 2(x − g), as in the published solution: the graph was cut between the module and φ. Ask autograd, which also
# follows the way from x through g.
# look: “Convict the published answer”
def gradients(module, x, A):
    g = module(x, A).detach()
    return 2 * (x - g), torch.zeros_like(A), 2 * torch.outer(torch.linalg.solve(module.M.detach(), x - g), g)
def gradients(module, x, A): return 2 * (x - module(x, A).detach()), *reported_gradients(module, x, A)[1:]

# %% mistake: A-detached
# ∇A is 0 here and must not be: this module depends on A. Give A a graph too, and differentiate with respect to it.
def gradients(module, x, A): return changed(module, x, A, 1, torch.zeros_like)

# %% mistake: M-not-reached
# ∇M is 0 here and must not be: differentiate with respect to module.M itself. A copy of it plays no part in
# module(x, A).
def gradients(module, x, A): return changed(module, x, A, 2, torch.zeros_like)

# %% mistake: number-for-zeros
# One of the three is a bare number. Where the graph does not reach, the task asks for zeros in the shape of the tensor:
# torch.zeros_like.
def gradients(module, x, A): return tuple(0 if g is None else g for g in reported_gradients(module, x, A, zeros=False))

# %% mistake: direct-term-lost
# x stands in φ = ‖x − g‖² twice: by itself, and inside g. Only the way through g was followed; 2(x − g) is missing.
def gradients(module, x, A): return reported_gradients(module, x, A, lambda x, g: squared_distance(x.detach(), g))

# %% mistake: half
# This is half of it: φ is ‖x − g‖², without a ½.
def gradients(module, x, A): return reported_gradients(module, x, A, lambda x, g: squared_distance(x, g) / 2)

# %% mistake: mean-not-sum
# This is the gradient of the mean of the squares, as F.mse_loss takes it. φ is their sum.
def gradients(module, x, A): return reported_gradients(module, x, A, F.mse_loss)

# %% mistake: norm-not-squared
# This is the gradient of ‖x − g‖. φ is its square.
def gradients(module, x, A): return reported_gradients(module, x, A, lambda x, g: squared_distance(x, g).sqrt())

# %% mistake: sign
# This is minus the gradient of φ.
def gradients(module, x, A): return reported_gradients(module, x, A, lambda x, g: -squared_distance(x, g))

# %% mistake: sum-of-outputs
# This is the gradient of the sum of the entries of g. φ is ‖x − g‖².
def gradients(module, x, A): return reported_gradients(module, x, A, lambda x, g: g.sum() + 0 * x.sum())

# %% mistake: M-symmetrised
# ∇M was made symmetric. A symmetric M does not have a symmetric gradient: return it as autograd reports it.
def gradients(module, x, A): return changed(module, x, A, 2, lambda in_M: (in_M + in_M.T) / 2)
def gradients(module, x, A): return changed(module, x, A, 2, lambda in_M: in_M + in_M.T)

# %% mistake: M-transposed
# ∇M is transposed: entry (i, j) belongs to M[i, j].
def gradients(module, x, A): return changed(module, x, A, 2, lambda in_M: in_M.T)

# %% mistake: part-of-M
# This is one row of ∇M. Return all of it: in row 0 even the published solution is right.
def gradients(module, x, A): return changed(module, x, A, 2, lambda in_M: in_M[0])
