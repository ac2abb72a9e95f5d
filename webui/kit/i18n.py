"""Sentences by code, and the words for days, moments and counts, in the reader's language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_translations, gettext

LANGUAGES = {"zh": "zh_Hans", "en": "en"}
DEFAULT = "zh"
LANGUAGE_COOKIE = "language"
HALL_ZONE = ZoneInfo("Asia/Shanghai")


def language() -> str:
    """Return `zh` or `en`: what the reader chose, Chinese otherwise."""
    if not has_request_context():
        return DEFAULT
    chosen = request.cookies.get(LANGUAGE_COOKIE, DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


def _(code: str, /, **params: object) -> str:
    """Return the sentence of `code`; lists are joined, days and moments put into words."""
    text = _sentence(code)
    return text % {name: word(value) for name, value in params.items()}


def counted(code: str, n: int, /, **params: object) -> str:
    """Return the sentence for `n` things; one thing may have its own (`code.one`)."""
    if n == 1 and known(f"{code}.one"):
        return _(f"{code}.one", n=n, **params)
    return _(code, n=n, **params)


def known(code: str) -> bool:
    """Return whether the reader's language has a sentence for `code`."""
    return _sentence(code) != code


def _sentence(code: str) -> str:
    if not has_request_context():
        return str(gettext(code))
    # A long list says a thousand sentences, so the catalogue is looked up once a request.
    try:
        catalogue = g.sentences
    except AttributeError:
        catalogue = g.sentences = get_translations()
    return str(catalogue.gettext(code))


def word(value: object) -> object:
    """Return what stands in a sentence for a value."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return _("list.separator").join(str(word(item)) for item in items)
    if isinstance(value, Mapping):
        return word([f"{key} {word(item)}" for key, item in value.items()])
    return value


def day(value: date) -> str:
    """Return a day with its weekday: 2015-03-12 周四."""
    return f"{value.isoformat()} {_(f'weekday.{value.isoweekday()}')}"


def local(value: datetime) -> datetime:
    """Return a moment on the clock of the hall."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(HALL_ZONE)


def moment(value: datetime) -> str:
    """Return day and time of a moment on the clock of the hall: 2015-03-12 09:30."""
    return local(value).strftime("%Y-%m-%d %H:%M")


def time_of_day(value: datetime) -> str:
    """Return the time of a moment on the clock of the hall: 09:30."""
    return local(value).strftime("%H:%M")


def left(days: int) -> str:
    """Return working days left in words: 剩 2 个工作日, 今天到期, 已超 1 个工作日."""
    if days < 0:
        return counted("left.over", -days)
    return counted("left.days", days) if days else _("left.today")


def minutes(value: int) -> str:
    """Return a span of minutes in words: 25 分钟, 1 小时 5 分钟."""
    hours, rest = divmod(value, 60)
    return _("span.hours", hours=hours, minutes=rest) if hours else _("span.minutes", n=rest)


def named(thing: object) -> str:
    """Return the name of a zone, unit or type in the reader's language."""
    names = ("name_en",) if language() == "en" else ("name_zh",)
    for attribute in (*names, "name"):
        name = getattr(thing, attribute, None)
        if name:
            return str(name)
    return ""


def post_name(post: str) -> str:
    """Return the name of a post, as roles.csv calls it."""
    return _(f"post.{post}") if known(f"post.{post}") else post


def applicant_kind(kind: str) -> str:
    """Return the word for a kind of applicant."""
    return _(f"applicant.kind.{kind}")


def speak(app: Flask) -> None:
    """Give `app` its languages and templates the words of this module."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[DEFAULT]
    Babel(app, locale_selector=lambda: LANGUAGES[language()])
    env = app.jinja_env
    env.globals.update(_=_, counted=counted, language=language, known=known)
    env.filters.update(
        applicant_kind=applicant_kind,
        day=day,
        left=left,
        minutes=minutes,
        moment=moment,
        named=named,
        post_name=post_name,
        time_of_day=time_of_day,
        word=word,
    )
