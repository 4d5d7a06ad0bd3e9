"""What the Formgrader says of a page that it could not draw obeys no student's name."""

from html import unescape

import pytest

from autograder.marking.formgrader import too_slow


@pytest.mark.parametrize("name", ["<img src=x onerror=f()>", "</p><script>f()</script>", "\"'&lt;", "{path}", "ada"])
def test_folder_of_a_student_is_text(name):
    said = too_slow(f"/course/autograded/{name}/a.ipynb")
    assert not set(said) & set("<>\"'") and f"autograded/{name}/a.ipynb" in unescape(said)
