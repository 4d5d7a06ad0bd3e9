"""A text as pieces: what is new, and where the rest has stood before, however far; deflate looks back 32 kB only."""

Piece = str | tuple[int, int]

BLOCK = 64  # characters; a shorter repeat would cost as much as it saves


def pieces_of(text: str) -> list[Piece]:
    """The text cut into new parts and (start, length) of parts that stand in it before."""
    starts: dict[str, int] = {}
    pieces: list[Piece] = []
    written = place = 0
    while place < len(text):
        block = text[place : place + BLOCK]
        start = starts.get(block)
        if start is None or start + len(block) > place:
            if place % BLOCK == 0:
                starts.setdefault(block, place)
            place += 1
            continue
        length = len(block)
        while start + length < place and place + length < len(text) and text[start + length] == text[place + length]:
            length += 1
        if written < place:
            pieces.append(text[written:place])
        pieces.append((start, length))
        written = place = place + length
    return [*pieces, text[written:]] if written < place else pieces
