"""Links of the repository, rewritten for the site: lessons and guides lie elsewhere there, and end in .html."""

import re

LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\n)+)\]\((?:\.\./)+([^)\s#]+)(#[\w-]+)?\)")
LESSON = re.compile(r"^(?:lessons/)?(\d\d-[\w-]+)/\w+\.ipynb$")
GUIDE = re.compile(r"^assets/guides/(\w+)\.md$")


def for_the_site(text: str) -> str:
    """Markdown in which each link to a lesson or a guide leads to its page, from a page one folder below the first."""
    return LINK.sub(_rewritten, text)


def _rewritten(found: re.Match[str]) -> str:
    words, path, place = found[1], found[2], found[3] or ""
    if lesson := LESSON.match(path):
        page = f"lessons/{lesson[1]}"
    elif guide := GUIDE.match(path):
        page = f"guides/{guide[1]}"
    else:
        return found[0]
    # As HTML, since Sphinx knows the headings of notebooks by other names than those of their ids.
    return f'<a href="../{page}.html{place}">{words}</a>'
