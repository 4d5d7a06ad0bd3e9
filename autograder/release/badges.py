"""Badges of an edition that lies on the web: each opens it in a service that runs notebooks for whoever has no Python."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from autograder.work.start_page import START
from gradlab.course import LESSONS

ADDRESS = re.compile(r"https://(?P<host>[\w.-]+)/(?P<path>[\w.~/-]+?)(?:\.git)?(?:/tree/(?P<branch>[\w./-]+?))?/?")
GITHUB = "github.com"
BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"


@dataclass(frozen=True)
class Repository:
    """The git repository that holds an unpacked edition."""

    host: str
    path: str
    branch: str

    @classmethod
    def at(cls, address: str) -> "Repository":
        """The repository at https://HOST/PATH, on its branch `main`, or with /tree/BRANCH on another.

        Raises ValueError with a sentence for what is no such address.
        """
        found = ADDRESS.fullmatch(address)
        if found is None:
            raise ValueError(
                f"{address} is no address of a repository. Name the one that will hold the edition, as "
                f"https://{GITHUB}/OWNER/NAME  or  https://{GITHUB}/OWNER/NAME/tree/BRANCH"
            )
        return cls(found["host"], found["path"], found["branch"] or "main")


def binder_badge(at: Repository) -> str:
    """A badge in Markdown that opens the edition's start page in Binder."""
    place = f"gh/{at.path}" if at.host == GITHUB else f"git/{quote(f'https://{at.host}/{at.path}', safe='')}"
    link = f"{BINDER}/v2/{place}/{quote(at.branch, safe='')}?urlpath=lab/tree/{START}"
    return f"[![Open in Binder]({BINDER}/badge_logo.svg)]({link})"


def colab_badge(at: Repository, lesson: str) -> str:
    """A badge in Markdown that opens a lesson in Colab, which reads GitHub; "" for an edition elsewhere."""
    if at.host != GITHUB:
        return ""
    link = f"{COLAB}/github/{at.path}/blob/{at.branch}/lessons/{lesson}/{LESSONS[lesson]}.ipynb"
    return f"[![Open in Colab]({COLAB}/assets/colab-badge.svg)]({link})"


def readme_lines(address: str, lessons: dict[str, str]) -> str:
    """The lessons, with their titles, as lines of Markdown; with badges where there is an address.

    Raises ValueError with a sentence for an address that is none of a repository.
    """
    if not address:
        return "\n".join(f"- {title}" for title in lessons.values())
    at = Repository.at(address)
    lines = [f"- {title} {colab_badge(at, lesson)}".rstrip() for lesson, title in lessons.items()]
    text = f"{binder_badge(at)}\n\n" + "\n".join(lines)
    if at.host == GITHUB:
        text += f"\n\nIn Colab, first run a cell with  `%pip install git+https://{at.host}/{at.path}@{at.branch}`"
    return text
