"""What can go wrong, in six kinds; the sentence to show lives in the translations.

A rule that says no is not an error but a `Verdict` (engine/domain/verdict.py).
"""


class HallError(Exception):
    """A request that cannot be carried out.

    `code` is stable and names the sentence to show, e.g. `task.taken`; `params` are the plain
    values that the sentence mentions.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({said})" if said else self.code


class Missing(HallError):
    """There is no such thing (404)."""


class Invalid(HallError):
    """The request says something that cannot be (422)."""


class Forbidden(HallError):
    """The actor may not do this (403)."""


class Conflict(HallError):
    """Somebody else was first, or the thing has changed meanwhile (409)."""


class Late(HallError):
    """The moment for it has passed (410)."""


class Unavailable(HallError):
    """A part of the house does not answer now (503)."""
