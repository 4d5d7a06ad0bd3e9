"""A check-out whose lines end as on Windows builds the same lessons, and none of them is stale."""

from autograder.notebooks.places import source_path, written_lessons
from autograder.release.build import build_lesson, stale


def test_check_out_with_windows_line_ends_is_not_stale(tmp_path):
    for lesson in written_lessons()[:2]:
        source = source_path(lesson, tmp_path)
        source.parent.mkdir(parents=True)
        source.write_bytes(source_path(lesson).read_bytes().replace(b"\n", b"\r\n"))
        built = build_lesson(lesson, tmp_path)
        for path, data in built.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.replace(b"\n", b"\r\n"))
        assert built.problems == [] and stale(built, tmp_path) == []
        assert list(built.files.values()) == list(build_lesson(lesson).files.values())
