# %% mistake: missing-half
# This is twice the change: the ½ of ½‖W‖² is missing, as in the first line of the lecture's proof.
balance_drift = lambda weights, *call: changes(weights, train(weights, *call), lambda a, b: 2 * grown(a, b))

# %% mistake: sign
# This is before minus after: the change is after minus before.
balance_drift = lambda weights, *call: changes(weights, train(weights, *call), lambda a, b: -grown(a, b))

# %% mistake: relu-on-output
# The last layer has no ReLU: f may be negative, and where it is the gradient is not 0.
balance_drift = along(lambda at, X, Y: loss_gradients([*at, torch.ones(1, 1, dtype=X.dtype)], X, Y)[:-1])

# %% mistake: compares-with-itself
# Every change is exactly 0: were the old norms taken from tensors that the steps then changed in place? Work on copies.
balance_drift = lambda weights, *call: changes(weights, train(weights, *call), lambda a, b: 0.0)

# %% mistake: norm-not-squared
# This is the change of the norm, not of half its square.
balance_drift = lambda weights, *call: changes(weights, train(weights, *call), lambda a, b: b.norm() - a.norm())
balance_drift = lambda weights, *call: changes(weights, train(weights, *call), lambda a, b: (b.norm() - a.norm()) / 2)

# %% mistake: final-value
# This is ½‖W‖² at the end. You were asked for its change: subtract the value at the start.
balance_drift = lambda weights, *call: changes(weights, train(weights, *call), lambda a, b: grown(0 * a, b))

# %% mistake: differences-of-layers
# These are differences between neighbouring layers. Return the change of each layer; the lesson compares them.
def balance_drift(*call):
    right = reference(*call)
    return [a - b for a, b in zip(right, right[1:])]

# %% mistake: steps-cut-off
# One step is missing: time/lr is a hair below a whole number here, and int() cuts it off. Use round(time / lr).
balance_drift = lambda weights, X, Y, lr, time: reference(weights, X, Y, lr, int(time / lr) * lr)

# %% mistake: loss-without-half
# The steps are twice too long: the loss is ½ mean (f − Y)², with the ½.
balance_drift = lambda weights, X, Y, lr, time: reference(weights, X, Y, 2 * lr, 2 * time)

# %% mistake: sum-not-mean
# The steps are too long by the number of samples: the loss is the mean over samples, not the sum.
balance_drift = lambda weights, X, Y, lr, time: reference(weights, X, Y, len(Y) * lr, len(Y) * time)
balance_drift = lambda weights, X, Y, lr, time: reference(weights, X, Y, 2 * len(Y) * lr, 2 * len(Y) * time)

# %% mistake: broadcast
# f and Y were subtracted as a column and a row: an N×N table of all differences. Bring f to the shape (N,) first.
balance_drift = lambda weights, X, Y, lr, time: reference(weights, X, Y.mean().expand_as(Y), lr, time)
balance_drift = lambda weights, X, Y, lr, time: reference(weights, X, Y.mean().expand_as(Y), 2 * lr, 2 * time)

# %% mistake: uphill
# These steps go uphill: subtract lr times the gradient.
balance_drift = along(lambda *at: [-g for g in loss_gradients(*at)])

# %% mistake: accumulated
# Gradients of earlier steps were added up: clear .grad after each step, or use torch.autograd.grad.
def balance_drift(weights, *call):
    total = [torch.zeros_like(w) for w in weights]
    added_up = along(lambda *at: [t.add_(g) for t, g in zip(total, loss_gradients(*at))])
    return added_up(weights, *call)

# %% mistake: no-relu
# These are steps of the network without its ReLUs. There is one after each matrix but the last.
balance_drift = lambda weights, *call: changes(weights, train(weights, *call, activation=lambda z: z))

# %% mistake: distance-moved
# This is ½‖W − W₀‖², how far the weights went. You were asked how much ½‖W‖² changed.
balance_drift = lambda weights, *call: changes(weights, train(weights, *call), lambda a, b: grown(0 * a, b - a))

# %% mistake: one-gradient
# Every step used the gradients at the start. Take them anew at the weights where each step begins.
balance_drift = lambda weights, X, Y, lr, time: reference(weights, X, Y, time, time)

# %% mistake: second-order-only
# This is the sum of ½η²‖G_h‖², the part in which layers differ. The part −η⟨W_h, G_h⟩ is the same for all, and not 0.
def balance_drift(weights, X, Y, lr, time):
    path = [train(weights, X, Y, lr, steps * lr) for steps in range(round(time / lr))]
    squares = [[(lr * g).square().sum().item() / 2 for g in loss_gradients(at, X, Y)] for at in path]
    return [sum(layer) for layer in zip(*squares)]

# %% mistake: layer-by-layer
# The layers moved one after the other, each by a gradient at weights that had moved already. Take all gradients first.
def balance_drift(weights, X, Y, lr, time):
    moving = [w.detach() for w in weights]
    for _ in range(round(time / lr)):
        for h in range(len(moving)):
            moving[h] = moving[h] - lr * loss_gradients(moving, X, Y)[h]
    return changes(weights, moving)
