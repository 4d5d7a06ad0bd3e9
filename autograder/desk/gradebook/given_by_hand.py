"""Marks and comments that a person gave: counted, and taken over from one SQLite gradebook into another."""

import sqlite3
from contextlib import closing
from pathlib import Path

KEY = """
    JOIN base_cell ON base_cell.id = {table}.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = {table}.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    JOIN assignment ON assignment.id = submitted_assignment.assignment_id
"""
WHO = "assignment.name, submitted_assignment.student_id, base_cell.name"
GIVEN = {
    "grade": ("manual_score", "extra_credit"),
    "comment": ("manual_comment",),
}
NOTHING = {"extra_credit": 0, "manual_comment": ""}  # what says no more than an empty column


def how_many(book: Path) -> int:
    """How many marks and comments in this gradebook were given by a person; 0 for what is no gradebook."""
    try:
        with closing(sqlite3.connect(book)) as connection:
            return sum(len(_given(connection, table, column)) for table, columns in GIVEN.items() for column in columns)
    except sqlite3.DatabaseError:
        return 0


def carry_over(old: Path, new: Path) -> int:
    """Write into the new gradebook what a person gave in the old one, where the new one has nothing; how many."""
    carried = 0
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(new)) as target:
        for table, columns in GIVEN.items():
            key = KEY.format(table=table)
            places = {tuple(who): row for row, *who in target.execute(f"SELECT {table}.id, {WHO} FROM {table} {key}")}
            for column in columns:
                known = _given(target, table, column)
                for who, value in _given(source, table, column).items():
                    if who in places and who not in known:
                        target.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, places[who]))
                        carried += 1
                        if column == "manual_score":
                            target.execute("UPDATE grade SET needs_manual_grade = 0 WHERE id = ?", (places[who],))
        target.commit()
    return carried


def _given(connection: sqlite3.Connection, table: str, column: str) -> dict[tuple, object]:
    """(lesson, student, cell) → what a person gave."""
    rows = connection.execute(
        f"SELECT {WHO}, {table}.{column} FROM {table} {KEY.format(table=table)} WHERE {table}.{column} IS NOT NULL"
    )
    return {tuple(who): value for *who, value in rows if value != NOTHING.get(column)}
