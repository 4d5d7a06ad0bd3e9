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

# %% wrong: left-grad
def layer_inner_products(weights, x):
    ws = [w if w.requires_grad else w.clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    before = [w.grad.clone() if w.grad is not None else torch.zeros_like(w) for w in ws]
    (ws[-1] @ a).backward()
    return [(w * (w.grad - b)).sum().item() for w, b in zip(ws, before)]

# %% wrong: changed-input
def layer_inner_products(weights, x):
    for w in weights:
        w.requires_grad_(True)
    a = x
    for w in weights[:-1]:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad((weights[-1] @ a)[0], weights)
    return [(w * g).sum().item() for w, g in zip(weights, gs)]
