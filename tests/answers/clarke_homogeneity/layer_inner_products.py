# %% right: autograd.grad on copies
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ a
        if biases is not None:
            a = a + biases[h]
        if h < len(ws) - 1:
            a = torch.relu(a)
    gs = torch.autograd.grad(a.squeeze(), ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% right: backward on copies, 0-d tensors with a graph
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    bs = [torch.zeros(len(w), dtype=w.dtype) for w in ws] if biases is None else biases
    a = x.detach()
    for w, b in zip(ws[:-1], bs[:-1]):
        a = (w @ a + b).clamp(min=0)
    (ws[-1] @ a + bs[-1]).sum().backward()
    return [torch.sum(w * w.grad) for w in ws]

# %% right: torch.func over a tuple, traces
def layer_inner_products(weights, x, biases=None):
    def net(ws):
        a = x
        for h, w in enumerate(ws):
            a = w @ (F.relu(a) if h else a) + (biases[h] if biases else 0)
        return a[0]
    ws = tuple(w.detach() for w in weights)
    return [torch.trace(w.T @ g) for w, g in zip(ws, torch.func.grad(net)(ws))]

# %% right: the matrix formula, downwards
def layer_inner_products(weights, x, biases=None):
    inputs, masks = [x], []
    for h, w in enumerate(weights[:-1]):
        z = w @ inputs[-1] + (0 if biases is None else biases[h])
        masks.append((z > 0).to(z.dtype))
        inputs.append(masks[-1] * z)
    row, found = torch.ones(1, dtype=x.dtype), []
    for h in reversed(range(len(weights))):
        found.insert(0, float((row @ weights[h] @ inputs[h]).detach()))
        row = row @ weights[h] * masks[h - 1] if h else row
    return found

# %% right: the derivative in a factor of each layer
def layer_inner_products(weights, x, biases=None):
    alpha = torch.ones(len(weights), dtype=x.dtype, requires_grad=True)
    a = x.detach()
    for k, w in enumerate(weights):
        a = alpha[k] * (w.detach() @ a)
        a = a if biases is None else a + biases[k]
        a = torch.relu(a) if k + 1 < len(weights) else a
    return torch.autograd.grad(a[0], alpha)[0].tolist()

# %% right: modules with a bias, a tuple
def layer_inner_products(weights, x, biases=None):
    layers = []
    for h, w in enumerate(weights):
        layer = nn.Linear(w.shape[1], w.shape[0], bias=biases is not None, dtype=w.dtype)
        with torch.no_grad():
            layer.weight.copy_(w)
            if biases is not None:
                layer.bias.copy_(biases[h])
        layers += [layer, nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    net(x).backward()
    return tuple((p * p.grad).sum() for name, p in net.named_parameters() if "weight" in name)

# %% right: forward mode along each layer's weights
def layer_inner_products(weights, x, biases=None):
    def net(*ws):
        a = x
        for h, w in enumerate(ws[:-1]):
            a = torch.relu(w @ a + (0.0 if biases is None else biases[h]))
        return (ws[-1] @ a)[0]
    ws = [w.detach() for w in weights]
    return [torch.func.jvp(net, tuple(ws), tuple(w * (h == k) for k, w in enumerate(ws)))[1].item() for h in range(len(ws))]

# %% right: NumPy throughout
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().numpy() for w in weights]
    bs = [np.zeros(len(w), w.dtype) for w in ws] if biases is None else [b.detach().numpy() for b in biases]
    zs, layers = [], [x.detach().numpy()]
    for w, b in zip(ws, bs):
        zs.append(w @ layers[-1] + b)
        layers.append(np.maximum(zs[-1], 0))
    found, delta = [], np.ones(1, ws[0].dtype)
    for h in range(len(ws) - 1, -1, -1):
        found.append(float(np.sum(ws[h] * np.outer(delta, layers[h]))))
        delta = (ws[h].T @ delta) * (zs[h - 1] > 0) if h else delta
    return found[::-1]

# %% wrong: theorem-assumed
def layer_inner_products(weights, x, biases=None):
    a = x
    for h, w in enumerate(weights):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    return [a[0].item()] * len(weights)

# %% wrong: biases-ignored
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad((ws[-1] @ a)[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: biases-ignored -- the theorem of the network without them
def layer_inner_products(weights, x, biases=None):
    a = x
    for w in weights[:-1]:
        a = torch.relu(w @ a)
    return [(weights[-1] @ a)[0].item()] * len(weights)

# %% wrong: last-bias-moved
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    gs = torch.autograd.grad(a[0], ws)
    return [*((w * g).sum().item() for w, g in zip(ws[:-1], gs)), a[0].item()]

# %% wrong: bias-counted
def layer_inner_products(weights, x, biases=None):
    bs = [torch.zeros(len(w), dtype=w.dtype) for w in weights] if biases is None else biases
    pairs = [torch.cat([w, b[:, None]], 1).detach().requires_grad_(True) for w, b in zip(weights, bs)]
    a = x
    for h, pair in enumerate(pairs):
        a = pair @ torch.cat([torch.relu(a) if h else a, torch.ones(1, dtype=x.dtype)])
    gs = torch.autograd.grad(a[0], pairs)
    return [(p * g).sum().item() for p, g in zip(pairs, gs)]

# %% wrong: biases-or-none -- None is not asked for
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, (w, b) in enumerate(zip(ws, biases)):
        a = w @ (torch.relu(a) if h else a) + b
    gs = torch.autograd.grad(a[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: biases-or-none -- no third argument
def layer_inner_products(weights, x):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for w in ws[:-1]:
        a = torch.relu(w @ a)
    gs = torch.autograd.grad((ws[-1] @ a)[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: relu-on-output
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = torch.relu(w @ a + (0 if biases is None else biases[h]))
    gs = torch.autograd.grad(a[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: no-relu
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ a + (0 if biases is None else biases[h])
    gs = torch.autograd.grad(a[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: accumulated
def layer_inner_products(weights, x, biases=None):
    ws, total, found = [w.detach().clone().requires_grad_(True) for w in weights], 0.0, []
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    for w in ws:
        total += (w * torch.autograd.grad(a[0], w, retain_graph=True)[0]).sum().item()
        found.append(total)
    return found

# %% wrong: sum-of-gradient
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    return [g.sum().item() for g in torch.autograd.grad(a[0], ws)]

# %% wrong: squared-norm
def layer_inner_products(weights, x, biases=None):
    return [(w * w).sum().item() for w in weights]

# %% wrong: untracked
def layer_inner_products(weights, x, biases=None):
    a = x
    for h, w in enumerate(weights):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    gs = torch.autograd.grad(a[0], weights)
    return [(w * g).sum().item() for w, g in zip(weights, gs)]

# %% wrong: last-layer-missing
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    gs = torch.autograd.grad(a[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws[:-1], gs)]

# %% wrong: entries-with-axes
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    return [w * g for w, g in zip(ws, torch.autograd.grad(a[0], ws))]

# %% wrong: one-number
def layer_inner_products(weights, x, biases=None):
    a = x
    for h, w in enumerate(weights):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    return a[0].item()

# %% wrong: graph-cut-between-layers
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a).detach() if h else a) + (0 if biases is None else biases[h])
    gs = torch.autograd.grad(a[0], ws, allow_unused=True)
    return [0.0 if g is None else (w * g).sum().item() for w, g in zip(ws, gs)]

# %% half: left-grad
def layer_inner_products(weights, x, biases=None):
    ws = [w if w.requires_grad else w.clone().requires_grad_(True) for w in weights]
    before = [w.grad.clone() if w.grad is not None else torch.zeros_like(w) for w in ws]
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    a[0].backward()
    return [(w * (w.grad - b)).sum().item() for w, b in zip(ws, before)]

# %% wrong: float32-inside
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().float().requires_grad_(True) for w in weights]
    a = x.float()
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h].float())
    gs = torch.autograd.grad(a[0], ws)
    return [(w * g).sum().item() for w, g in zip(ws, gs)]

# %% wrong: two-layers-only
def layer_inner_products(weights, x, biases=None):
    W1, W2 = (w.detach().clone().requires_grad_(True) for w in weights)
    b1, b2 = (0, 0) if biases is None else biases
    gs = torch.autograd.grad((W2 @ torch.relu(W1 @ x + b1) + b2)[0], (W1, W2))
    return [(w * g).sum().item() for w, g in zip((W1, W2), gs)]

# %% wrong: returned-none
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    [torch.relu(w).sum() for w in ws]

# %% wrong: sign-lost
def layer_inner_products(weights, x, biases=None):
    ws = [w.detach().clone().requires_grad_(True) for w in weights]
    a = x
    for h, w in enumerate(ws):
        a = w @ (torch.relu(a) if h else a) + (0 if biases is None else biases[h])
    return [(w * g).sum().abs().item() for w, g in zip(ws, torch.autograd.grad(a[0], ws))]


# %% right: forward mode, a layer along itself
def layer_inner_products(weights, x, biases=None):
    out = []
    def f(ws):
        h = x
        for i in range(len(ws)):
            h = torch.matmul(ws[i], h) + (0 if biases is None else biases[i])
            if i + 1 < len(ws): h = F.relu(h)
        return h[0]
    for i in range(len(weights)):
        w = weights[i].detach()
        jv = torch.func.jvp(lambda t: f([*[q.detach() for q in weights[:i]], t, *[q.detach() for q in weights[i+1:]]]), (w,), (w,))[1]
        out.append(jv)
    return out

# %% right: the package's own network forwards, where there are no biases
def layer_inner_products(weights, x, biases=None):
    from gradlab.maths import homogeneous
    leaves = [w.detach().clone().requires_grad_() for w in weights]
    if biases is None:
        value = homogeneous.network(leaves, x.detach())
    else:
        value = x.detach()
        for h, (w, b) in enumerate(zip(leaves, biases)):
            value = w @ value + b
            value = torch.relu(value) if h < len(leaves) - 1 else value[0]
    return [float((w * g).sum()) for w, g in zip(leaves, torch.autograd.grad(value, leaves))]
