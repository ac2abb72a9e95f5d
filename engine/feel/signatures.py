"""How built-in functions are declared: one line of FEEL-like text each, one table for all.

`substring(string: string, start position: number, length?: number)` names the parameters with
their kinds; `?` marks an optional one, `...` the last one that takes all that follow, `|` a
choice of kinds, `any` a parameter that also takes null.
"""

from collections.abc import Callable
from typing import TypeVar

from engine.feel.evaluation import Evaluation
from engine.feel.kinds import BASES, Function, Parameter, Signature

Body = TypeVar("Body", bound=Callable[..., object])
Table = dict[str, Function]


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(":")
    name = name.strip()
    many = name.endswith("...")
    name = name.removesuffix("...")
    optional = name.endswith("?")
    given = [] if kinds.strip() in ("", "any") else [one.strip() for one in kinds.split("|")]
    return Parameter(
        name.removesuffix("?"),
        tuple(BASES[one] for one in given),
        optional=optional,
        many=many,
        nullable=not given,
    )


def declare(table: Table, text: str, evaluation: bool = False) -> Callable[[Body], Body]:
    """Return a decorator that enters a function into the table under the signature.

    A name entered twice has several signatures, tried in order. The body gets the evaluation
    first when `evaluation` is set, then the arguments, coerced to their kinds.
    """
    name, _, rest = text.partition("(")
    parameters = tuple(_parameter(one) for one in rest.removesuffix(")").split(",") if one.strip())

    def enter(body: Body) -> Body:
        call: Callable[..., object] = body
        if not evaluation:

            def call(_: Evaluation, *arguments: object) -> object:
                return body(*arguments)

        known = table.get(name)
        signatures = (
            (*known.signatures, Signature(parameters, call))
            if known
            else (Signature(parameters, call),)
        )
        table[name] = Function(signatures, name)
        return body

    return enter
