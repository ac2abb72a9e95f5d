"""The one table of built-in functions."""

from collections.abc import Mapping

from engine.feel.context_functions import CONTEXT_FUNCTIONS
from engine.feel.kinds import Function
from engine.feel.list_functions import LIST_FUNCTIONS
from engine.feel.number_functions import NUMBER_FUNCTIONS
from engine.feel.range_functions import RANGE_FUNCTIONS
from engine.feel.scan import names_of
from engine.feel.temporal_functions import TEMPORAL_FUNCTIONS
from engine.feel.text_functions import TEXT_FUNCTIONS

BUILTINS: Mapping[str, Function] = {
    **TEMPORAL_FUNCTIONS,
    **TEXT_FUNCTIONS,
    **LIST_FUNCTIONS,
    **NUMBER_FUNCTIONS,
    **CONTEXT_FUNCTIONS,
    **RANGE_FUNCTIONS,
}
BUILTIN_NAMES = names_of(BUILTINS)
