# %% mistake: missing-half
# This is twice the change: the ½ of ½‖W‖² is missing, as in the first line of the lecture's proof.
def balance_drift(*call):
    return [2 * change for change in reference(*call)]

# %% mistake: sign
# This is before minus after: the change is after minus before.
def balance_drift(*call):
    return [-change for change in reference(*call)]

# %% mistake: relu-on-output
# The last layer has no ReLU: f may be negative, and where it is the gradient is not 0.
def balance_drift(weights, X, Y, lr, time):
    def rectified(at, X, Y):
        return loss_gradients([*at, torch.ones(1, 1, dtype=X.dtype)], X, Y)[:-1]
    return changes(weights, descended(weights, X, Y, lr, round(time / lr), rectified))

# %% mistake: compares-with-itself
# Every change is exactly 0: were the old norms taken from the same tensors that the steps changed in place? Take them
# before the first step, and work on copies.
def balance_drift(weights, X, Y, lr, time):
    return [0.0] * len(weights)

# %% mistake: norm-not-squared
# This is the change of the norm, not of half its square.
def balance_drift(weights, *call):
    return [(b.norm() - a.norm()).item() for a, b in zip(weights, train(weights, *call))]

# %% mistake: norm-not-squared -- halved
def balance_drift(weights, *call):
    return [(b.norm() - a.norm()).item() / 2 for a, b in zip(weights, train(weights, *call))]

# %% mistake: final-value
# This is ½‖W‖² at the end. You were asked for its change: subtract the value at the start.
def balance_drift(*call):
    return [after.square().sum().item() / 2 for after in train(*call)]

# %% mistake: differences-of-layers
# These are differences between neighbouring layers. Return the change of each layer; the lesson compares them.
def balance_drift(*call):
    return [a - b for a, b in pairwise(reference(*call))]

# %% mistake: steps-cut-off
# One step is missing: time/lr is a hair below a whole number here, and int() cuts it off. Use round(time / lr).
def balance_drift(weights, X, Y, lr, time):
    return changes(weights, descended(weights, X, Y, lr, int(time / lr)))

# %% mistake: loss-without-half
# The steps are twice too long: the loss is ½ mean (f − Y)², with the ½.
def balance_drift(weights, X, Y, lr, time):
    return reference(weights, X, Y, 2 * lr, 2 * time)

# %% mistake: sum-not-mean
# The steps are too long by the number of samples: the loss is the mean over samples, not the sum.
def balance_drift(weights, X, Y, lr, time):
    return reference(weights, X, Y, len(Y) * lr, len(Y) * time)

# %% mistake: sum-not-mean -- without the half
def balance_drift(weights, X, Y, lr, time):
    return reference(weights, X, Y, 2 * len(Y) * lr, 2 * len(Y) * time)

# %% mistake: broadcast
# f and Y were subtracted as a column and a row: that makes an N×N table of all differences. Bring the output to the
# shape (N,) first.
def balance_drift(weights, X, Y, lr, time):
    return reference(weights, X, Y.mean().expand_as(Y), lr, time)

# %% mistake: broadcast -- without the half
def balance_drift(weights, X, Y, lr, time):
    return reference(weights, X, Y.mean().expand_as(Y), 2 * lr, 2 * time)

# %% mistake: uphill
# These steps go uphill: subtract lr times the gradient.
def balance_drift(weights, X, Y, lr, time):
    return changes(weights, descended(weights, X, Y, -lr, round(time / lr)))

# %% mistake: accumulated
# Gradients of earlier steps were added up: clear .grad after each step, or use torch.autograd.grad.
def balance_drift(weights, X, Y, lr, time):
    total = [torch.zeros_like(w) for w in weights]
    def added_up(at, X, Y):
        for t, g in zip(total, loss_gradients(at, X, Y)):
            t += g
        return total
    return changes(weights, descended(weights, X, Y, lr, round(time / lr), added_up))

# %% mistake: no-relu
# These are steps of the network without its ReLUs. There is one after each matrix but the last.
def balance_drift(weights, *call):
    return changes(weights, train(weights, *call, activation=lambda z: z))

# %% mistake: distance-moved
# This is ½‖W − W₀‖², how far the weights went. You were asked how much ½‖W‖² changed.
def balance_drift(weights, *call):
    return [(b - a).square().sum().item() / 2 for a, b in zip(weights, train(weights, *call))]

# %% mistake: one-gradient
# Every step used the gradients at the start. Take them anew at the weights where each step begins.
def balance_drift(weights, X, Y, lr, time):
    return reference(weights, X, Y, time, time)

# %% mistake: second-order-only
# This is the sum of ½η²‖G_h‖², the part in which layers differ. The part −η⟨W_h, G_h⟩ is the same for all, and not 0.
def balance_drift(weights, X, Y, lr, time):
    path = [descended(weights, X, Y, lr, steps) for steps in range(round(time / lr))]
    squares = [[(lr * g).square().sum().item() / 2 for g in loss_gradients(at, X, Y)] for at in path]
    return [sum(layer) for layer in zip(*squares)]

# %% mistake: layer-by-layer
# The layers were updated one after the other, each with gradients at weights that had already moved. Take all gradients
# first, then move all layers.
def balance_drift(weights, X, Y, lr, time):
    moving = [w.detach() for w in weights]
    for _ in range(round(time / lr)):
        for h in range(len(moving)):
            moving[h] = moving[h] - lr * loss_gradients(moving, X, Y)[h]
    return changes(weights, moving)

# %% mistake: layer-by-layer -- from the last one
def balance_drift(weights, X, Y, lr, time):
    moving = [w.detach() for w in weights]
    for _ in range(round(time / lr)):
        for h in reversed(range(len(moving))):
            moving[h] = moving[h] - lr * loss_gradients(moving, X, Y)[h]
    return changes(weights, moving)
