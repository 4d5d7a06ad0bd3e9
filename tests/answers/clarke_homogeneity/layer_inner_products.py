# %% right: autograd.grad on copies
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    f = (ws[-1] @ a).squeeze()
    gs = torch.autograd.grad(f, ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% right: backward on copies, 0-d tensors with a graph
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x.detach()
    for i, w in enumerate(ws):
        a = w @ a
        if i < len(ws) - 1:
            a = a.clamp(min=0)
    a.sum().backward()
    return [torch.sum(w * w.grad) for w in ws]

# %% right: torch.func over a tuple
def layer_inner_products(weights, x):
    def net(ws):
        a = x
        for w in ws[:-1]:
            a = F.relu(w @ a)
        return (ws[-1] @ a)[0]
    ws = tuple(w.detach() for w in weights)
    gs = torch.func.grad(net)(ws)
    return [torch.trace(w.T @ g) for w, g in zip(ws, gs)]

# %% right: the matrix formula
def layer_inner_products(weights, x):
    inputs, masks = [x], []
    for w in weights[:-1]:
        z = w @ inputs[-1]
        masks.append((z > 0).to(z.dtype))
        inputs.append(masks[-1] * z)
    row, found = torch.ones(1, dtype=x.dtype), []
    for h in reversed(range(len(weights))):
        found.insert(0, float((row @ weights[h] @ inputs[h]).detach()))
        row = row @ weights[h] * masks[h - 1] if h else row
    return found

# %% right: the theorem says it
def layer_inner_products(weights, x):
    a = x
    for w in weights[:-1]:
        a = torch.maximum(w @ a, torch.zeros((), dtype=x.dtype))
    f = (weights[-1] @ a)[0].detach()
    return [f] * len(weights)

# %% right: derivative along the weights themselves, a tuple
def layer_inner_products(weights, x):
    def scaled(t, h):
        a = x
        for i, w in enumerate(weights):
            a = (t * w if i == h else w) @ a
            a = torch.relu(a) if i < len(weights) - 1 else a
        return a[0]
    found = []
    for h in range(len(weights)):
        t = torch.ones((), dtype=x.dtype, requires_grad=True)
        found.append(torch.autograd.grad(scaled(t, h), t)[0])
    return tuple(found)

# %% right: modules
def layer_inner_products(weights, x):
    layers = []
    for w in weights:
        layer = nn.Linear(w.shape[1], w.shape[0], bias=False, dtype=w.dtype)
        layer.weight = nn.Parameter(w.detach().clone())
        layers += [layer, nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    net(x).backward()
    return [(p * p.grad).sum().item() for p in net.parameters()]

# %% wrong: activation-not-slope
def layer_inner_products(weights, x):
    zs, a = [], x
    for w in weights[:-1]:
        zs.append(w @ a)
        a = torch.relu(zs[-1])
    v = x
    for w, z in zip(weights[:-1], zs):
        v = torch.relu(z) * (w @ v)
    return [(weights[-1] @ v)[0]] * len(weights)

# %% wrong: relu-on-output
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad(a[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: no-relu
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws:
        a = w @ a
    gs = torch.autograd.grad(a[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: accumulated
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    found = []
    for w in ws:
        a = x
        for v in ws[:-1]:
            a = torch.relu(v @ a)
        (ws[-1] @ a).backward()
        found.append((w * w.grad).sum().item())
    return found

# %% wrong: sum-of-gradient
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    return [g.sum().item() for g in torch.autograd.grad((ws[-1] @ a)[0], ws)]

# %% wrong: squared-norm
def layer_inner_products(weights, x):
    return [(w * w).sum().item() for w in weights]

# %% wrong: untracked
def layer_inner_products(weights, x):
    a = x
    for w in weights[:-1]:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad((weights[-1] @ a)[0], weights)
    return [(w * g).sum().item() for w, g in zip(weights, gs)]

# %% wrong: one-number
def layer_inner_products(weights, x):
    a = x
    for w in weights[:-1]:
        a = torch.relu(w @ a)
    return (weights[-1] @ a)[0].item()

# %% wrong: last-layer-missing
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad((ws[-1] @ a)[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws[:-1], gs)]

# %% wrong: entries-with-axes
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad((ws[-1] @ a)[0], ws)
    return [w * g for w, g in zip(ws, gs)]

# %% half: left-grad
def layer_inner_products(weights, x):
    ws = [w if w.requires_grad else w.clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    before = [w.grad.clone() if w.grad is not None else torch.zeros_like(w) for w in ws]
    (ws[-1] @ a).backward()
    return [(w * (w.grad - b)).sum().item() for w, b in zip(ws, before)]

# %% half: changed-input
def layer_inner_products(weights, x):
    for w in weights:
        w.requires_grad_(True)
    a = x
    for w in weights[:-1]:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad((weights[-1] @ a)[0], weights)
    return [(w * g).sum().item() for w, g in zip(weights, gs)]

# %% right: the derivative in a factor of each layer
def layer_inner_products(weights, x):
    alpha = torch.ones(len(weights), dtype=x.dtype, requires_grad=True)
    a = x.detach()
    for k, w in enumerate(weights):
        a = alpha[k] * (w.detach() @ a)
        if k + 1 < len(weights):
            a = torch.relu(a)
    g, = torch.autograd.grad(a[0], alpha)
    return g.tolist()

# %% right: difference quotients in such a factor
def layer_inner_products(weights, x):
    ws = [w.detach() for w in weights]
    def net(ws):
        a = x
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        return (ws[-1] @ a).item()
    e = 1e-3 if x.dtype == torch.float64 else 1e-2
    out = []
    for h in range(len(ws)):
        up, down = list(ws), list(ws)
        up[h], down[h] = ws[h] * (1 + e), ws[h] * (1 - e)
        out.append((net(up) - net(down)) / (2 * e))
    return out

# %% right: nn.Sequential
def layer_inner_products(weights, x):
    layers = []
    for w in weights:
        lin = nn.Linear(w.shape[1], w.shape[0], bias=False, dtype=w.dtype)
        with torch.no_grad():
            lin.weight.copy_(w)
        layers += [lin, nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    net(x).backward()
    return [(p * p.grad).sum().item() for p in net.parameters()]

# %% right: NumPy and einsum
def layer_inner_products(weights, x):
    W = [w.detach().numpy().copy() for w in weights]
    a = [x.detach().numpy()]
    for w in W[:-1]:
        a.append(np.maximum(w @ a[-1], 0))
    back = np.ones(1, dtype=a[0].dtype)
    res = []
    for h in range(len(W) - 1, -1, -1):
        res.append(np.einsum("i,j,ij->", back, a[h], W[h]))
        back = back @ W[h]
        if h > 0:
            back = back * (a[h] > 0)
    return [float(r) for r in res[::-1]]

# %% right: traces, the input as a column
def layer_inner_products(weights, x):
    leaves = [w.detach().clone().requires_grad_() for w in weights]
    y = x.unsqueeze(1)
    for w in leaves[:-1]:
        y = torch.maximum(w @ y, torch.zeros(1, dtype=y.dtype))
    grads = torch.autograd.grad((leaves[-1] @ y).squeeze(), leaves)
    return [torch.trace(w.detach().T @ g).item() for w, g in zip(leaves, grads)]

# %% right: the weights themselves where they are tracked
def layer_inner_products(weights, x):
    with torch.enable_grad():
        ws = [w if w.requires_grad else w.clone().requires_grad_() for w in weights]
        a = x
        for w in ws[:-1]:
            a = torch.relu(w @ a)
        grads = torch.autograd.grad((ws[-1] @ a).sum(), ws)
    return [(w * g).sum().item() for w, g in zip(ws, grads)]

# %% wrong: matrix-product
def layer_inner_products(weights, x):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a)
    g = torch.autograd.grad((W[-1] @ a)[0], W)
    return [(w.detach().T @ d).sum().item() for w, d in zip(W, g)]

# %% wrong: mean-not-sum
def layer_inner_products(weights, x):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a)
    g = torch.autograd.grad((W[-1] @ a)[0], W)
    return [(w * d).mean().item() for w, d in zip(W, g)]

# %% wrong: product-of-norms
def layer_inner_products(weights, x):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a)
    g = torch.autograd.grad((W[-1] @ a)[0], W)
    return [(w.norm() * d.norm()).item() for w, d in zip(W, g)]

# %% wrong: squared-gradient
def layer_inner_products(weights, x):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a)
    g = torch.autograd.grad((W[-1] @ a)[0], W)
    return [(d * d).sum().item() for d in g]

# %% wrong: all-layers-at-once
def layer_inner_products(weights, x):
    a = x
    for w in weights[:-1]:
        a = torch.relu(w @ a)
    f = (weights[-1] @ a).item()
    return [f * len(weights)] * len(weights)

# %% wrong: of-the-loss
def layer_inner_products(weights, x):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a)
    g = torch.autograd.grad((W[-1] @ a)[0]**2 / 2, W)
    return [(w * d).sum().item() for w, d in zip(W, g)]

# %% wrong: sign-lost
def layer_inner_products(weights, x):
    a = x
    for w in weights[:-1]:
        a = torch.relu(w @ a)
    f = abs((weights[-1] @ a).item())
    return [f] * len(weights)

# %% wrong: graph-cut-between-layers
def layer_inner_products(weights, x):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a).detach()
    g = torch.autograd.grad((W[-1] @ a)[0], W, allow_unused=True)
    return [0.0 if d is None else (w * d).sum().item() for w, d in zip(W, g)]

# %% wrong: float32-inside
def layer_inner_products(weights, x):
    W = [w.detach().float().requires_grad_() for w in weights]
    a = x.float()
    for w in W[:-1]:
        a = torch.relu(w @ a)
    g = torch.autograd.grad((W[-1] @ a)[0], W)
    return [(w * d).sum().item() for w, d in zip(W, g)]

# %% half: changed-input -- the list
def layer_inner_products(weights, x):
    n = len(weights)
    last = weights.pop()
    a = x
    for w in weights:
        a = torch.relu(w @ a)
    return [(last @ a).item()] * n

# %% wrong: returned-none
def layer_inner_products(weights, x):
    W = [w.detach().clone().requires_grad_() for w in weights]
    a = x
    for w in W[:-1]:
        a = torch.relu(w @ a)
    g = torch.autograd.grad((W[-1] @ a)[0], W)
    print([(w * d).sum().item() for w, d in zip(W, g)])

# %% wrong: two-layers-only
def layer_inner_products(weights, x):
    W1, W2 = [w.detach().clone().requires_grad_() for w in weights]
    f = (W2 @ torch.relu(W1 @ x))[0]
    g = torch.autograd.grad(f, (W1, W2))
    return [(W1 * g[0]).sum().item(), (W2 * g[1]).sum().item()]
