"""The components and properties of form-js that the server enforces; all else is refused by name.

A rule that only the browser enforces is no rule. Source: form-js 1.x schema, web.md §12 of the
design.
"""

import re

STILL = frozenset({"text", "separator", "spacer"})
TEXTS = frozenset({"textfield", "textarea"})
CHOICES = frozenset({"radio", "select"})
LISTS = frozenset({"checklist", "taglist"})
ASKING = TEXTS | CHOICES | LISTS | {"number", "checkbox", "datetime"}
HOLDERS = frozenset({"group", "dynamiclist"})

COMMON = frozenset({"type", "id", "layout", "conditional", "properties"})
SAID = COMMON | {"key", "label", "description", "validate", "defaultValue"}
LOOK = frozenset({"appearance"})
PROPERTIES = {
    "text": COMMON | {"text"},
    "separator": COMMON,
    "spacer": COMMON | {"height"},
    "button": COMMON | {"key", "label", "action"},
    "textfield": SAID | LOOK,
    "textarea": SAID,
    "number": SAID | LOOK | {"decimalDigits"},
    "checkbox": SAID,
    "radio": SAID | {"values"},
    "select": SAID | {"values", "searchable"},
    "checklist": SAID | {"values"},
    "taglist": SAID | {"values"},
    "datetime": (SAID - {"label"}) | {"subtype", "dateLabel"},
    "group": COMMON | {"label", "components", "showOutline"},
    "dynamiclist": COMMON
    | {
        "path",
        "label",
        "components",
        "isRepeating",
        "allowAddRemove",
        "defaultRepetitions",
        "showOutline",
    },
}
# A field that may not be changed can be changed by whoever posts without the page.
NEVER_TRUE = frozenset({"disabled", "readonly"})
CHECKS = {
    "textfield": frozenset({"required", "minLength", "maxLength", "pattern"}),
    "textarea": frozenset({"required", "minLength", "maxLength"}),
    "number": frozenset({"required", "min", "max"}),
}
OTHER_CHECKS = frozenset({"required"})
TOLERATED_CHECKS = frozenset({"patternErrorMessage", "validationType"})
FORM_PROPERTIES = frozenset(
    {
        "type",
        "id",
        "schemaVersion",
        "components",
        "exporter",
        "executionPlatform",
        "executionPlatformVersion",
        "versionTag",
    }
)

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
# Both languages must read a pattern alike and quickly: anchored, one atom and one repeat after
# another, no groups (so no nested repeats), no \d, which takes ０ to ９ in Python.
PATTERN = re.compile(
    r"\^(?:(?:[A-Za-z0-9_\-]|\[[A-Za-z0-9\-_ ]+\]|\\[.\-/])(?:\{\d{1,3}(?:,\d{0,3})?\}|[?*+])?)+\$"
)
UNBOUNDED = re.compile(r"[*+]|,\}")
MAX_UNBOUNDED = 2

MAX_BYTES = 500_000
MAX_COMPONENTS = 300
MAX_CHOICES = 500
MAX_ROWS = 200
MAX_TEXT = {"textfield": 500, "textarea": 4000}
