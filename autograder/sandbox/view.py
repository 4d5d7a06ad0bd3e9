"""What a hand-in sees of this machine's files: the system, the interpreter and gradlab, read-only."""

import importlib.util
import os
import site
import sys
from pathlib import Path

from autograder.notebooks.places import EDITION, home_with, is_clone, lesson_packages

INSIDE = "/run/gradlab/inside"
NOBODY = 65534
APART = "/run/hand-in"

LIBRARIES = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
SYSTEM = (
    *(f"/{name}" for name in LIBRARIES),
    *(f"{place}/{name}" for place in ("/usr", "/usr/local") for name in (*LIBRARIES, "libexec", "include", "share")),
)
"""The system's programs and libraries; whatever else lies in /usr, such as a course in /usr/src, is nobody's business inside."""
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/fonts",
)


OF_AN_ENVIRONMENT = (
    *("bin", "include", "lib", "lib64", "libexec", "share", "pyvenv.cfg"),
    *("conda-meta", "ssl", "x86_64-conda-linux-gnu", "aarch64-conda-linux-gnu"),
)
"""What belongs to a Python environment; whatever else lies in its folder, such as a course, is nobody's business inside."""
FIT_TO_FORK = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or ipykernel's debugger warns while it is imported
}
"""The environment of a process that forks: it must have one thread, and libraries of linear algebra start theirs when imported."""
OWN_SETTINGS = ("passwd", "group", "hosts")
"""What a hand-in finds in /etc of its own: the one user that there is, and localhost."""


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    found = importlib.util.find_spec(name)
    return Path(found.submodule_search_locations[0]).absolute() if found else None


def _uses_user_site() -> bool:
    return bool(site.ENABLE_USER_SITE) and os.path.isdir(site.getusersitepackages())


def visible_folders() -> list[Path]:
    """The interpreter's own folders and files, gradlab and other packages of lessons, without those that lie in another."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)}
    folders = {prefix / name for prefix in prefixes for name in OF_AN_ENVIRONMENT if (prefix / name).exists()}
    folders.update(lesson_packages())
    folders.add(package_folder("torch").parent)  # an environment may borrow the packages of another
    if _uses_user_site():
        folders.add(Path(site.getusersitepackages()))
    folders.discard(None)
    system = set(map(Path, SYSTEM))
    return sorted(
        folder
        for folder in folders - system
        if not any(folder != other and folder.is_relative_to(other) for other in folders | system)
    )


def shown_folders() -> list[Path]:
    """All folders that a hand-in sees, with all that is in them but the hidden ones."""
    return [*visible_folders(), *map(Path, SYSTEM)]


def shown_around(folder: Path) -> Path | None:
    """The folder with all of which a hand-in would see this one too; None where it sees nothing of it."""
    return next((each for each in shown_folders() if folder.resolve().is_relative_to(each.resolve())), None)


def clones() -> list[Path]:
    """The folders that hold sources of lessons, with their solutions, beside packages that were not installed."""
    homes = {home_with(package) for package in lesson_packages() if is_clone(package)}
    return sorted(home for home in homes if (home / "solutions").is_dir())


def judging_folders() -> list[Path]:
    """The folders of lessons that judge answers or hold some: the grader asks from outside, so no hand-in needs them."""
    packages = lesson_packages()
    beside = [package / name for package in packages for name in ("worked", EDITION, "exercises")]
    return beside + [folder for package in packages for folder in sorted(package.glob("lessons/*/exercises"))]


def hidden_folders(visible: list[Path]) -> list[Path]:
    """Folders within the visible ones that a hand-in must not read.

    The autograder, what judges answers, the worked solutions, and where nbgrader exchanges hand-ins if nobody says otherwise.
    """
    shown = [*visible, *map(Path, SYSTEM)]
    prefixes = {sys.prefix, sys.base_prefix, "/usr", "/usr/local"}
    candidates = [package_folder("autograder"), *judging_folders()]
    candidates += [Path(prefix) / "share" / "nbgrader" for prefix in prefixes]
    return [path for path in candidates if path.is_dir() and any(path.is_relative_to(folder) for folder in shown)]


def writable() -> str:
    """The one place that a hand-in may write to: /tmp, unless the interpreter itself lies there and would be hidden."""
    return APART if any(folder.is_relative_to("/tmp") for folder in visible_folders()) else "/tmp"


def view_arguments(inside: str) -> list[str]:
    """The arguments for bwrap that build this view; `inside` is where the zygote's code lies now."""
    arguments = ["--dir", "/usr", "--dir", "/usr/local"]
    for path in SYSTEM:
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            arguments += ["--ro-bind", path, path]
    visible = visible_folders()
    for path in [*map(Path, SETTINGS), Path("/etc/passwd"), *visible, Path(INSIDE), Path(writable()) / "folder"]:
        for parent in reversed(path.parents[:-1]):
            arguments += ["--dir", str(parent)]  # bwrap would make it unreadable for others than the owner
    for path in SETTINGS:
        arguments += ["--ro-bind-try", path, path]
    for path in visible:
        arguments += ["--ro-bind", str(path), str(path)]
    for name in OWN_SETTINGS:
        arguments += ["--ro-bind", f"{inside}/etc/{name}", f"/etc/{name}"]
    arguments += ["--ro-bind", inside, INSIDE]
    for path in hidden_folders(visible):
        arguments += ["--tmpfs", str(path), "--remount-ro", str(path)]
    return [*arguments, "--tmpfs", writable()]


def environment() -> dict[str, str]:
    """All that a kernel finds in its environment; nothing of the grader's."""
    paths = [str(package.parent) for package in lesson_packages()]  # wherever this process found them
    if _uses_user_site():  # not found without the user's home
        paths.insert(0, site.getusersitepackages())
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": writable(),
        "TMPDIR": writable(),
        "LANG": "C.UTF-8",
        "USER": "learner",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **FIT_TO_FORK,
        "PYTHONPATH": ":".join(paths),
    }


def bwrap_command(bwrap: str, command: list[str]) -> list[str]:
    """The command line that runs `command` in namespaces of its own, as an ordinary user even for root."""
    ours, root = str(Path(__file__).with_name("inside")), os.geteuid() == 0
    confined = [bwrap, "--unshare-all", "--new-session", *view_arguments(INSIDE if root else ours)]
    devices = ["--dev", "/dev", "--dev-bind", "/dev/full", "/dev/zero"]  # memory shared by way of /dev/zero is nobody's
    confined += ["--proc", "/proc", *devices, "--remount-ro", "/dev", "--remount-ro", "/", "--clearenv"]
    for name, value in environment().items():
        confined += ["--setenv", name, value]
    confined += ["--chdir", writable(), *command]
    if not root:
        return confined
    # Root's limits on processes do not bind and root owns every file: become nobody first, within a
    # view of the same files, because nobody may not pass through folders like /root.
    as_nobody = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    as_nobody += ["--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev"]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    return [bwrap, *view_arguments(ours), *as_nobody, *drop, *confined]
