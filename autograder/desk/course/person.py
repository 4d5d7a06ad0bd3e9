"""A student as the course knows one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A student: `platform` and `number` say who it is where a platform does; `name` is as it was found."""

    id: str
    name: str = ""
    platform: str = ""
    number: str = ""
    email: str = ""
    login: str = ""
    sis: str = ""
    section: str = ""
    group: str = ""
    exempt: tuple[str, ...] = ()
    on_roster: bool = False
    folders: tuple[str, ...] = ()
    """Names of folders, without a platform's number, whose work was taken as this student's."""

    @property
    def is_numbered(self) -> bool:
        """Whether a platform's number says who it is; a number of a class list alone may be any number."""
        return bool(self.platform and self.number)

    @property
    def is_recognised(self) -> bool:
        """Whether it is known how this student's hand-ins are named."""
        return self.is_numbered or bool(self.folders)

    def is_exempt(self, lesson: str) -> bool:
        """Whether this lesson asks nothing of the student."""
        return any(lesson.startswith(word) or word == "all" for word in self.exempt)
