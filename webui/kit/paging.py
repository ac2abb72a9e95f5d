"""Pages of a long list, with links that keep the filters."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

NEIGHBOURS = 2


@dataclass(frozen=True)
class Paging:
    """Where a list stands: `page` counts from 1, `size` rows a page, `total` rows in all."""

    page: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The number of the first row shown; 0 for an empty list."""
        return min((self.page - 1) * self.size + 1, self.total)

    @property
    def last_row(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.size, self.total)

    def numbers(self) -> list[int | None]:
        """Return the page numbers to link; None stands for pages left out."""
        near = range(self.page - NEIGHBOURS, self.page + NEIGHBOURS + 1)
        shown = sorted({1, self.last, *(n for n in near if 1 <= n <= self.last)})
        numbers: list[int | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before > 1:
                numbers.append(None)
            numbers.append(number)
        return numbers

    def href(self, page: int) -> str:
        """Return the address of another page of the list that is shown now."""
        kept = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
        return f"{request.path}?{urlencode([*kept, ('page', page)])}"


def page_asked() -> int:
    """Return the page number of the address; nonsense means the first."""
    asked = request.args.get("page", default=1, type=int)
    return asked if asked and 1 <= asked <= 100_000 else 1
