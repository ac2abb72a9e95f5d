"""QR codes on paper, drawn into the page itself."""

from dataclasses import dataclass

import segno

BORDER = 2


@dataclass(frozen=True)
class QrCode:
    """A code as the path of a drawing that is `size` units wide and high."""

    size: int
    path: str


def qr(text: str) -> QrCode:
    """Return the QR code of `text`, with its white border around it."""
    drawn = segno.make(text, error="m", micro=False)
    rows = list(drawn.matrix_iter(border=BORDER))
    squares = (
        f"M{across} {down}h1v1h-1z"
        for down, row in enumerate(rows)
        for across, dark in enumerate(row)
        if dark
    )
    return QrCode(len(rows), "".join(squares))
