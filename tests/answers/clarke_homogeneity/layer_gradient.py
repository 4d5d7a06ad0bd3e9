# %% right: column from above times row from below
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(above, below[h - 1])

# %% right: diagonal matrices, as in the lecture, slope 1 at zero
def layer_gradient(weights, x, h):
    A, z = [], x
    for W in weights[:-1]:
        z = W @ z
        A.append(torch.diag((z >= 0).to(x.dtype)))
        z = A[-1] @ z
    left = torch.eye(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        left = left @ weights[k] @ A[k - 1]
    right = x[:, None]
    for k in range(h - 1):
        right = A[k] @ weights[k] @ right
    return left.T @ right.T

# %% right: half a slope at zero, heaviside, einsum
def layer_gradient(weights, x, h):
    half = torch.tensor(0.5, dtype=x.dtype)
    inputs, slopes = [x], []
    for w in weights[:-1]:
        z = torch.einsum("ij,j->i", w, inputs[-1])
        slopes.append(torch.heaviside(z, half))
        inputs.append(torch.clamp(z, min=0))
    delta = torch.ones(1, dtype=x.dtype)
    for k in reversed(range(h, len(weights))):
        delta = torch.einsum("i,ij,j->j", delta, weights[k], slopes[k - 1])
    return torch.einsum("i,j->ij", delta, inputs[h - 1])

# %% right: backpropagation in columns, sign of the relu, with locals called grad and backward
def layer_gradient(weights, x, h):
    with torch.no_grad():
        acts = [x.reshape(-1, 1)]
        for w in weights[:-1]:
            acts.append(F.relu(w @ acts[-1]))
        grad = torch.ones((1, 1), dtype=x.dtype)
        for k in range(len(weights) - 1, h - 1, -1):
            backward = weights[k].T @ grad
            grad = backward * torch.sign(acts[k])
        return grad @ acts[h - 1].T

# %% right: loops over entries
def layer_gradient(weights, x, h):
    vals, on = [x], []
    for w in weights[:-1]:
        z = w @ vals[-1]
        on.append([1.0 if float(t) > 0 else 0.0 for t in z])
        vals.append(torch.stack([t if t > 0 else t * 0 for t in z]))
    up = [1.0]
    for k in range(len(weights) - 1, h - 1, -1):
        w = weights[k]
        up = [on[k - 1][j] * sum(up[i] * float(w[i, j]) for i in range(len(up))) for j in range(w.shape[1])]
    return torch.tensor(up, dtype=x.dtype)[:, None] * vals[h - 1][None, :]

# %% right: NumPy
def layer_gradient(weights, x, h):
    ws, v = [w.numpy() for w in weights], x.numpy()
    vs, ms = [v], []
    for w in ws[:-1]:
        z = w @ vs[-1]
        ms.append((z > 0).astype(z.dtype))
        vs.append(np.maximum(z, 0))
    row = np.ones(1, dtype=v.dtype)
    for k in range(len(ws) - 1, h - 1, -1):
        row = (row @ ws[k]) * ms[k - 1]
    return torch.from_numpy(np.outer(row, vs[h - 1]))

# %% right: a comparison with autograd stands below the answer
def layer_gradient(weights, x, h):
    zs, g = [], x
    for w in weights[:-1]:
        zs.append(w @ g)
        g = torch.relu(zs[-1])
    bottom, top = x, weights[-1]
    for k in range(h - 1):
        bottom = torch.relu(weights[k] @ bottom)
    for k in range(len(weights) - 2, h - 1, -1):
        top = (top * (zs[k] > 0)) @ weights[k]
    return (top * (zs[h - 1] > 0)).T @ bottom[None, :] if h < len(weights) else bottom[None, :].clone()

w, x = torch.ones(1, 2, requires_grad=True), torch.ones(2)
g = torch.autograd.grad((w @ x)[0], w)[0]

# %% wrong: activation-not-slope
def layer_gradient(weights, x, h):
    zs, a = [], x
    for w in weights[:-1]:
        zs.append(w @ a)
        a = torch.relu(zs[-1])
    A = [torch.diag(torch.relu(z)) for z in zs]
    left = torch.eye(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        left = left @ weights[k] @ A[k - 1]
    right = x
    for k in range(h - 1):
        right = A[k] @ weights[k] @ right
    return torch.outer(left[0], right)

# %% wrong: counts-from-zero
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    below[h]
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h + 1 :]), reversed(masks[h:])):
        above = above @ w * m
    return torch.outer(above, below[h])

# %% wrong: transposed
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(below[h - 1], above)

# %% wrong: own-slope-missing
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = torch.ones(1, dtype=x.dtype)
    for k in range(len(weights) - 1, h - 1, -1):
        above = above @ weights[k]
        if k > h:
            above = above * masks[k - 1]
    return torch.outer(above, below[h - 1])

# %% wrong: no-slopes-below
def layer_gradient(weights, x, h):
    masks, a, v = [], x, x
    for w in weights[:-1]:
        masks.append(((w @ a) > 0).to(x.dtype))
        a = torch.relu(w @ a)
    for w in weights[: h - 1]:
        v = w @ v
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(above, v)

# %% wrong: no-relu
def layer_gradient(weights, x, h):
    above, v = torch.ones(1, dtype=x.dtype), x
    for w in reversed(weights[h:]):
        above = above @ w
    for w in weights[: h - 1]:
        v = w @ v
    return torch.outer(above, v)

# %% wrong: relu-on-output
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights:
        z = w @ below[-1]
        masks.append((z > 0).to(z.dtype))
        below.append(masks[-1] * z)
    above = masks[-1]
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 : -1])):
        above = above @ w * m
    return torch.outer(above, below[h - 1])

# %% wrong: slope-by-division
def layer_gradient(weights, x, h):
    below, masks = [x], []
    for w in weights[:-1]:
        z = w @ below[-1]
        masks.append(torch.relu(z) / z)
        below.append(torch.relu(z))
    above = torch.ones(1, dtype=x.dtype)
    for w, m in zip(reversed(weights[h:]), reversed(masks[h - 1 :])):
        above = above @ w * m
    return torch.outer(above, below[h - 1])

# %% wrong: autograd
def layer_gradient(weights, x, h):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    return torch.autograd.grad((ws[-1] @ a)[0], ws[h - 1])[0]

# %% wrong: autograd -- torch.func
def layer_gradient(weights, x, h):
    from torch.func import grad

    def net(w):
        a = x
        for k, v in enumerate(weights):
            a = (w if k == h - 1 else v.detach()) @ a
            a = torch.relu(a) if k < len(weights) - 1 else a
        return a[0]
    return grad(net)(weights[h - 1].detach())

# %% wrong: autograd -- in a helper elsewhere
import torch.autograd as ag

def helper(weights, x, h):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    return ag.grad((ws[-1] @ a)[0], ws[h - 1])[0]

def layer_gradient(weights, x, h):
    return helper(weights, x, h)

# %% wrong: finite-differences
def layer_gradient(weights, x, h):
    def net(ws):
        a = x
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        return (ws[-1] @ a)[0]
    found = torch.zeros_like(weights[h - 1])
    for i in range(found.shape[0]):
        for j in range(found.shape[1]):
            step = torch.zeros_like(found)
            step[i, j] = 1e-6
            ws = list(weights)
            ws[h - 1] = weights[h - 1] + step
            found[i, j] = (net(ws) - net(weights)) / 1e-6
    return found
