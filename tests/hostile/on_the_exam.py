"""Attacks on the exam: lies over its socket, patches of what asks and looks, thefts of what it expects."""

from tests.hostile.attack import GRADIENT, RIGHT, WRONG, Attack

CONNECT = "import json, os, socket, struct, threading, time\nexam = socket.socket(fileno=os.dup(int(os.environ['GRADLAB_EXAM_FD'])))\n"
FRAME = "def frame(head, body=b''):\n    head = head if isinstance(head, bytes) else json.dumps(head).encode()\n    return struct.pack('!II', len(head), len(body)) + head + body\n"
ASK = "{'examine': 'gradient', 'defined': True, 'callable': True}"
SPEAK = CONNECT + FRAME


def answering(seen: str) -> str:
    """Every look at an answer shows this."""
    return f"import gradlab.probe.perform as perform\nperform.Performer.perform = lambda self, request: {seen}\n"


def lying_examine(messages: str) -> str:
    """The test cell speaks these lines over the socket in the place of an exam."""
    return (
        SPEAK
        + f"import gradlab.probe.examine\ndef examine(name):\n    exam.sendall(frame({ASK}))\n{messages}\ngradlab.probe.examine.examine = examine\n"
    )


ATTACKS = {
    # what asks
    "examine-does-nothing": Attack("import gradlab.probe.examine\ngradlab.probe.examine.examine = lambda name: None"),
    "exam-module-replaced": Attack(
        "import sys, types\nfake = types.ModuleType('gradlab.probe.examine')\nfake.examine = lambda name: 2.0\nsys.modules['gradlab.probe.examine'] = fake"
    ),
    "imports-patched": Attack(
        "import builtins\ntrue_import = builtins.__import__\ndef lie(name, *rest):\n    if 'exam' in name:\n        raise ImportError(name)\n    return true_import(name, *rest)\nbuiltins.__import__ = lie"
    ),
    "check-patched": Attack("import gradlab\ngradlab.check = check = lambda name: print('✓ gradient: right.')"),
    "verdict-shown": Attack(
        "import gradlab\nfrom IPython.display import display\n"
        "def check(name):\n    display({'text/html': '<b>✓ Right</b>', 'text/plain': '✓', 'application/vnd.gradlab.verdict+json': {'exercise': name, 'outcome': 'right', 'misconception': None, 'message': ''}}, raw=True)\n"
    ),
    "socket-of-its-own": Attack(
        "import os, socket\nmine, theirs = socket.socketpair()\nos.environ['GRADLAB_EXAM_FD'] = str(theirs.fileno())\nmine.sendall(b'\\0\\0\\0\\x0e\\0\\0\\0\\0{\"done\": true}')"
    ),
    "variable-gone": Attack("import os\ndel os.environ['GRADLAB_EXAM_FD']"),
    # the session
    "asks-early": Attack(
        SPEAK
        + f"exam.sendall(frame({ASK}))\nfor _ in range(50):\n    exam.sendall(frame({{'seen': {{'value': 1.0}}}}))"
    ),
    "asks-in-threads": Attack(
        SPEAK
        + f"def again():\n    for _ in range(200):\n        try:\n            exam.sendall(frame({ASK}))\n            time.sleep(0.005)\n        except OSError:\n            return\nfor _ in range(2):\n    threading.Thread(target=again, daemon=True).start()"
    ),
    "asks-without-end": Attack(
        SPEAK
        + f"def again():\n    while True:\n        exam.sendall(frame({ASK.replace('gradient', 'other')}))\n        exam.recv(1 << 16)\nthreading.Thread(target=again, daemon=True).start()"
    ),
    "asks-for-another": Attack(lying_examine("    pass").replace("'gradient'", "'soft_abs'")),
    "sends-a-verdict": Attack(
        lying_examine(
            "    for _ in range(30):\n        exam.sendall(frame({'seen': {'outcome': 'right'}, 'verdict': 'right', 'done': True, 'points': 2}))"
        )
    ),
    "sends-noise": Attack(lying_examine("    exam.sendall(os.urandom(10000))")),
    "sends-too-much": Attack(
        lying_examine("    exam.sendall(struct.pack('!II', 2**32 - 1, 2**32 - 1) + bytes(1 << 20))")
    ),
    "sends-bytes-used-twice": Attack(
        lying_examine(
            "    one = b'{\"bytes\": [0, 50000000]}'\n    exam.sendall(frame(b'{\"seen\": {\"value\": {\"list\": [' + b','.join([one] * 100000) + b']}}}', bytes(50000000)))"
        )
    ),
    "sends-bytes-in-crumbs": Attack(
        lying_examine(
            "    crumbs = [{'bytes': [n, 1]} for n in range(40_000)]\n    exam.sendall(frame({'seen': {'value': {'list': crumbs}}}, bytes(40_000)))"
        )
    ),
    "sends-counts-without-end": Attack(
        lying_examine('    exam.sendall(frame(b\'{"seen": {"value": 1.0, "node_count": Infinity, "raised": false}}\'))')
    ),
    "sends-deep": Attack(lying_examine("    exam.sendall(frame(b'[' * 1000000))")),
    "sends-slowly": Attack(
        lying_examine(
            "    for byte in struct.pack('!II', 1000, 0) + b'{' * 1000:\n        exam.sendall(bytes([byte]))\n        time.sleep(0.5)"
        )
    ),
    "sends-nothing": Attack(lying_examine("    time.sleep(60)")),
    "closes-the-socket": Attack("import os\nos.close(int(os.environ['GRADLAB_EXAM_FD']))"),
    "two-processes-answer": Attack(
        "import os, time\nif os.fork() == 0:\n    from gradlab.probe.examine import examine\n    time.sleep(0.3)\n    try:\n        examine('gradient')\n    finally:\n        os._exit(0)\n"
    ),
    "answers-after-the-cell": Attack(
        SPEAK
        + f"def late():\n    time.sleep(2)\n    exam.sendall(frame({ASK}))\nthreading.Thread(target=late, daemon=True).start()",
        after=("import time; time.sleep(3)", "def gradient(f, x):\n    return x"),
    ),
    # what looks
    "look-says-right": Attack(answering("{'value': True, 'type': 'Tensor', 'outcome': 'right'}")),
    "look-says-nan": Attack(
        answering(
            "{'value': {'tensor': 'float64', 'shape': [], 'data': struct.pack('d', float('nan'))}, 'type': 'Tensor'}"
        ).replace("import", "import struct\nimport", 1)
    ),
    "look-says-digits": Attack(answering("{'value': 10 ** 400, 'type': 'int'}")),
    "look-says-itself": Attack(
        answering(
            "{'value': request['arguments']['tuple'][1], 'type': 'Tensor', 'requires_grad': True, 'gradients': {}}"
        )
    ),
    "look-says-garbage": Attack(
        answering(
            "{'value': {'tensor': 'float64', 'shape': [0, 2**25, 2**25], 'data': b''}, 'gradients': [], 'kept': -1, 'operations': 3}"
        )
    ),
    "look-never-times-out": Attack(
        "import signal\nimport gradlab.probe.perform as perform, contextlib\nsignal.signal = lambda *a: None\nsignal.setitimer = lambda *a: None\nperform.time_limit = lambda seconds: contextlib.nullcontext()",
        answer="def gradient(f, x):\n    while True:\n        pass\n",
    ),
    "ignores-the-clock": Attack(
        answer="def gradient(f, x):\n    while True:\n        try:\n            while True:\n                pass\n        except BaseException:\n            pass\n"
    ),
    # what comes back
    "nan": Attack(answer="def gradient(f, x):\n    return x.detach() * float('nan')\n"),
    "equal-to-anything": Attack(
        answer="class Yes(float):\n    __eq__ = __le__ = __ge__ = __lt__ = lambda *a: True\n    __hash__ = None\n    __sub__ = __rsub__ = __abs__ = lambda self, *a: Yes()\ndef gradient(f, x):\n    return Yes()\n"
    ),
    "lying-tensor": Attack(
        answer="class Liar(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, function, types, args=(), kwargs=None):\n"
        "        if getattr(function, '__name__', '') in ('allclose', 'equal', 'all', 'eq', 'isclose', '__bool__'):\n            return True\n"
        "        return super().__torch_function__(function, types, args, kwargs or {})\n"
        "def gradient(f, x):\n    return torch.zeros_like(x).as_subclass(Liar)\n"
    ),
    "pickles": Attack(
        answer="import os\nclass Bomb:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/gradlab-hostile-mark-pickle',)\ndef gradient(f, x):\n    return Bomb()\n"
    ),
    "raises-html": Attack(
        answer="def gradient(f, x):\n    raise ValueError('<script>document.documentElement.dataset.hacked = 1</script>')\n"
    ),
    "raises-unprintable": Attack(
        answer="class Bad(Exception):\n    def __str__(self):\n        raise self\ndef gradient(f, x):\n    raise Bad\n"
    ),
    "raises-exit": Attack(answer="def gradient(f, x):\n    raise SystemExit(0)\n"),
    "type-name-html": Attack(
        answer="Evil = type('<script>document.documentElement.dataset.hacked = 1</script>', (), {})\ndef gradient(f, x):\n    return Evil()\n"
    ),
    "raises-zero-bytes": Attack(answer="def gradient(f, x):\n    raise ValueError('a\\0b')\n"),
    "rows-without-entries": Attack(answer="def gradient(f, x):\n    return torch.empty(2**25, 0)\n"),
    "many-lists": Attack(answer="def gradient(f, x):\n    return [[[0.5] * 30] * 30] * 30\n"),
    "lone-halves": Attack(answer="def gradient(f, x):\n    raise ValueError('\\ud800' * 10)\n"),
    # what it expects
    "patched-comparisons": Attack(
        "import torch\nfor name in ('allclose', 'equal', 'isclose', 'all', 'isfinite'):\n    setattr(torch, name, lambda *a, **k: True)\nimport numpy\nnumpy.allclose = lambda *a, **k: True"
    ),
    "remembers-visible-cases": Attack(
        "from gradlab.exercises import Draw\nfrom gradlab.lessons.start_here.exercises.gradient import cases, forward_mode\nknown = [case.call.arguments[1] for case in cases(Draw())]",
        answer="def gradient(f, x):\n    for point, expected in known:\n        if point.shape == x.shape and bool((point == x).all()):\n            return expected\n    return torch.zeros_like(x)\n",
    ),
    "reads-frames": Attack(
        answer="import sys\ndef gradient(f, x):\n    frame = sys._getframe()\n    while frame:\n        for value in list(frame.f_locals.values()):\n            expected = getattr(value, 'expected', None)\n            if isinstance(expected, torch.Tensor):\n                return expected\n        frame = frame.f_back\n    return torch.zeros_like(x)\n"
    ),
    "reads-its-test": Attack(
        answer="def gradient(f, x):\n    import re\n    numbers = re.findall(r'[0-9.]+', ' '.join(In))\n    return torch.zeros_like(x) + float(numbers[-1] if numbers else 0)\n"
    ),
    "searches-memory": Attack(
        answer="import gc\ndef gradient(f, x):\n    for thing in gc.get_objects():\n        if type(thing).__name__ == 'Case' and isinstance(thing.expected, torch.Tensor) and thing.expected.shape == x.shape:\n            return thing.expected\n    return torch.zeros_like(x)\n"
    ),
    "worked-answer": Attack(
        answer=WRONG
        + "from gradlab.exercises.worked import worked_answer\ntext = worked_answer('gradient')\nif text:\n    exec(text)\n"
    ),
    "solution-file": Attack(
        "import os\nfound = ''\nfor root, folders, names in os.walk('/'):\n    if root in ('/proc', '/sys', '/usr'):\n        folders.clear()\n"
        "    for name in names:\n        if name in ('start_here.py', 'start_here.ipynb', '00-start-here.b64') and 'gradlab/' not in root + '/':\n            try:\n                text = open(os.path.join(root, name)).read()\n            except OSError:\n                continue\n            if 'materialize_grads=True)[0].detach()' in text:\n                found = text\n",
        answer=WRONG + "if found:\n    exec(found[found.index('def gradient'):].split('# %%')[0])\n",
    ),
    "grader-imported": Attack(
        answer=WRONG
        + "try:\n    from gradlab.lessons.start_here.exercises.gradient import exercise\n    from autograder.release.source import worked_answers\nexcept ImportError:\n    pass\nelse:\n    gradient = lambda f, x: torch.autograd.functional.jacobian(f, x)\n"
    ),
    # whose answer it is
    "changed-after-the-exam": Attack(answer=RIGHT, after=WRONG, fair=GRADIENT),
    "redefined-by-an-event": Attack(
        "def worse(*_):\n    globals()['gradient'] = lambda f, x: x\nget_ipython().events.register('pre_run_cell', worse)"
    ),
    "deleted-by-reset": Attack(after="%reset -f\n", answer=RIGHT, fair=GRADIENT),
}
