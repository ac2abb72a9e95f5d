"""XPath regular expressions: what they mean, what they refuse."""

import pytest

from engine.feel.evaluation import NoValue
from engine.feel.regex import compiled
from engine.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("^a$", "", "a\n", False),
        ("^a$", "m", "b\na\nc", True),
        ("^$", "m", "a\n", False),
        ("a.c", "", "a\rc", False),
        ("a.c", "s", "a\nc", True),
        ("[A-Z-[OI]]", "i", "o", False),
        ("[A-Z-[OI]]", "i", "x", True),
        ("[^Q]", "i", "q", False),
        ("\\p{L}+", "", "政务", True),
        ("^\\p{Lu}$", "", "a", False),
        ("^\\P{Lu}$", "", "a", True),
        ("^\\p{IsCJKUnifiedIdeographs}+$", "", "政务大厅", True),
        ("^\\w+$", "", "政务_", False),
        ("^\\d+$", "", "１2", True),
        ("^\\s$", "", "\u3000", False),
        ("^\\i\\c*$", "", "a-b.c", True),
        ("^[\\i-[:]][\\c-[:]]*$", "", "a:b", False),
        ("a b", "x", "ab", True),
        ("a[ ]b", "x", "a b", True),
        ("hello\\ sworld", "x", "hello world", True),
        ("a.b", "q", "axb", False),
        ("A.B", "qi", "xa.b", True),
        ("(a)\\1", "", "aa", True),
        ("(a)(b)?\\2c", "", "ac", False),
        ("(?:ab)+c", "", "ababc", True),
        ("a{2}", "", "a", False),
        ("a{2,3}b", "", "aaab", True),
        ("a+?b", "", "aab", True),
        ("[-a]", "", "-", True),
        ("[a-]", "", "-", True),
        ("\\-\\.\\\\", "", "-.\\", True),
        ("", "", "x", True),
        ("a|", "", "x", True),
        ("[a&&b]", "", "&", True),
        ("a#b", "x", "a#b", True),
    ],
)
def test_what_is_found(pattern: str, flags: str, text: str, found: bool) -> None:
    assert compiled(pattern, flags).search(text) is found


@pytest.mark.parametrize(
    "pattern",
    [
        *("(", ")", "[", "[]", "a**", "*", "a{2", "a{3,2}", "}", "]", "[b-a]", "[[]", "\\", "\\z"),
        *("\\1", "(a)\\2", "(\\1)", "[\\1]", "\\p{Xx}", "\\p{IsX}", "\\p", "\\p{}", "(?=a)"),
        *("(?i)a", "(?<n>a)", "(?P<n>a)", "^*", "$+", "[a-\\d]", "[a-[b]c]", "\\0", "\\x41"),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(NoValue) as refusal:
        compiled(pattern)
    assert refusal.value.code == "feel.cause.pattern"


def test_an_unknown_flag_is_refused() -> None:
    with pytest.raises(NoValue):
        compiled("a", "g")


@pytest.mark.parametrize(
    ("pattern", "replacement", "text", "result"),
    [
        ("(a)(b)?", "[$1$2]", "abac", "[ab][a]c"),
        ("b", "$0$0", "abc", "abbc"),
        ("(a)", "$10", "a", "a0"),
        ("(a)", "$2", "a", ""),
        ("a", "\\$\\\\", "a", "$\\"),
        ("^(.*?)d(.*)$", "$1c$2", "darted", "carted"),
        ("a.*?a", "*", "abracadabra", "*c*bra"),
        ("A+?", "b", "AAAA", "bbbb"),
    ],
)
def test_replacements(pattern: str, replacement: str, text: str, result: str) -> None:
    assert compiled(pattern).replace(text, replacement) == result


@pytest.mark.parametrize(
    ("pattern", "replacement"), [("a*", "x"), ("a", "$"), ("a", "\\"), ("a", "\\n")]
)
def test_replacements_that_are_none(pattern: str, replacement: str) -> None:
    with pytest.raises(NoValue):
        compiled(pattern).replace("aaa", replacement)


def test_parts_between_matches() -> None:
    assert compiled("(,)\\s*").split("a, b,,c") == ["a", "b", "", "c"]
    assert compiled(",").split("") == [""]
    with pytest.raises(NoValue):
        compiled(",?").split("a")


def test_what_is_too_long_is_an_error() -> None:
    with pytest.raises(Invalid, match=r"feel\.budget"):
        compiled("a").search("a" * 10_001)
    with pytest.raises(Invalid, match=r"feel\.budget"):
        compiled("a" * 1001)
    with pytest.raises(Invalid, match=r"feel\.budget"):
        compiled("a").replace("a" * 2000, "b" * 1000)


def test_deep_groups_are_refused() -> None:
    with pytest.raises(NoValue):
        compiled("(" * 100 + "a" + ")" * 100)
