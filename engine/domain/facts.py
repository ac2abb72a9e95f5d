"""The words that tables, gateways and forms may use: each fact with both names, kind and unit.

Files hold the Chinese names, code and stored cases the plain ones; the codes of an enumeration
are the same in both.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class FactKind(StrEnum):
    """What values a fact may have."""

    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    ENUMERATION = "enumeration"


@dataclass(frozen=True)
class Word:
    """One value of an enumeration: its code and what people call it."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Fact:
    """One fact.

    `values` are the words of an enumeration, empty where they are rows of data (types of
    matter). A number is `whole` or has up to four decimals, is never below `least`, and is
    counted in `unit`. `optional` facts may be unknown (null) when a table judges them.
    """

    key: str
    zh: str
    en: str
    kind: FactKind
    values: tuple[Word, ...] = ()
    unit: str = ""
    whole: bool = False
    least: Decimal | None = None
    optional: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of an enumeration."""
        return tuple(word.code for word in self.values)


def _count(key: str, zh: str, en: str, unit: str, least: int | None = 0) -> Fact:
    bound = None if least is None else Decimal(least)
    return Fact(key, zh, en, FactKind.NUMBER, unit=unit, whole=True, least=bound)


def _flag(key: str, zh: str, en: str) -> Fact:
    return Fact(key, zh, en, FactKind.BOOLEAN)


def _text(key: str, zh: str, en: str) -> Fact:
    return Fact(key, zh, en, FactKind.STRING, optional=True)


def _choice(key: str, zh: str, en: str, *words: tuple[str, str, str]) -> Fact:
    return Fact(key, zh, en, FactKind.ENUMERATION, tuple(Word(*word) for word in words))


WORKING_DAY = "工作日"

CLASSIFICATION = (
    _count("statutory_days", "法定天数", "Statutory days", WORKING_DAY, least=1),
    _count("units_involved", "涉及单位数", "Units involved", "个", least=1),
    _flag("formal_review", "仅形式审查", "Decided on form alone"),
    _flag("survey", "现场勘查", "On-site survey"),
    _flag("hearing", "听证", "Hearing"),
    _flag("testing", "检验检测", "Inspection or testing"),
    _flag("expert_review", "专家评审", "Expert review"),
    _flag("quantity_limit", "数量限制", "Limited in number"),
    _choice("matter_type", "办件类型", "Type of matter"),
    _count("steps", "环节数", "Steps", "个", least=1),
    _count("promised_days", "承诺天数", "Promised days", WORKING_DAY, least=1),
    _text("reason", "理由", "Reason"),
)

AUTHORITY = (
    _choice(
        "power",
        "权力",
        "Power",
        ("decide", "审批决定权", "Decide"),
        ("accept_review", "受理审核权", "Accept and review"),
        ("urgent", "特别处置权", "Handle urgently"),
        ("organise", "组织协调权", "Organise special procedures"),
        ("seal", "专用章使用权", "Use the approval seal"),
        ("joint", "协调审核决定权", "Lead joint matters"),
    ),
    _choice(
        "post",
        "岗位",
        "Post",
        ("clerk", "窗口人员", "Clerk"),
        ("reviewer", "后台审查人", "Reviewer"),
        ("chief", "首席代表", "Chief representative"),
        ("stand_in", "AB岗替岗人", "Stand-in"),
        ("head", "单位负责人", "Head of unit"),
    ),
    _flag("holds_grant", "持有授权", "Holds a grant"),
    _flag("same_person", "办过前一环节", "Did the step before"),
    _flag("over_amount", "超出授权金额", "Over the amount granted"),
    _flag("outside_region", "超出授权区域", "Outside the region granted"),
    _flag("allowed", "允许", "Allowed"),
    _choice(
        "because",
        "原因",
        "Because",
        ("ok", "在授权范围内", "Within the authority"),
        ("four_eyes", "审核分离", "Four eyes"),
        ("grant.missing", "没有授权", "No grant"),
        ("scope.amount", "超出授权金额", "Over the amount granted"),
        ("scope.region", "超出授权区域", "Outside the region granted"),
        ("scope.type", "超出授权办件类型", "Type of matter not in the mandate"),
        ("power.post", "岗位无此权力", "The post has no such power"),
    ),
)

ESCALATION = (
    _count("promised_left", "距承诺到期工作日", "Left of the promise", WORKING_DAY, None),
    _count("statutory_left", "距法定到期工作日", "Left of the statutory limit", WORKING_DAY, None),
    Fact(
        "step_left",
        "距环节到期工作日",
        "Left of the step",
        FactKind.NUMBER,
        unit=WORKING_DAY,
        whole=True,
        optional=True,
    ),
    _flag("suspended", "停计", "Clock suspended"),
    _choice(
        "level",
        "级别",
        "Level",
        ("none", "无", "None"),
        ("reminder", "提示", "Reminder"),
        ("yellow", "黄牌", "Yellow card"),
        ("red", "红牌", "Red card"),
    ),
    _text("recipients", "通知对象", "Recipients"),  # officer, chief, supervisor; `;` between
    Fact(
        "rule",
        "监察规则",
        "Rule of supervision",
        FactKind.ENUMERATION,
        (
            Word("S02", "临近承诺期限", "Promise due soon"),
            Word("S03", "超过承诺期限", "Promise overdue"),
            Word("S04", "超过法定期限或严重超期", "Statutory limit or far overdue"),
            Word("S05", "环节超期", "Step overdue"),
        ),
        optional=True,
    ),
)

PROCESS = (
    _choice(
        "review_outcome",
        "审查结论",
        "Outcome of the review",
        ("pass", "通过", "Passed"),
        ("refuse", "不通过", "Not passed"),
    ),
    _choice(
        "decision_outcome",
        "审批决定",
        "Decision",
        ("grant", "准予", "Granted"),
        ("refuse", "不予许可", "Refused"),
    ),
    _choice(
        "accept_outcome",
        "受理结论",
        "Outcome of the acceptance",
        ("accept", "受理", "Accepted"),
        ("supplement", "补正", "To be supplemented"),
        ("correct", "当场更正", "Corrected on the spot"),
        ("decline", "不予受理", "Declined"),
        ("no_licence", "无须许可", "No licence needed"),
    ),
)

CASE = (
    Fact("amount", "金额", "Amount", FactKind.NUMBER, unit="元", least=Decimal(0), optional=True),
    _text("region", "区域", "Region"),
    _choice(
        "applicant_kind",
        "申请人类型",
        "Kind of applicant",
        ("person", "自然人", "Person"),
        ("enterprise", "企业", "Enterprise"),
        ("other", "其他组织", "Other organisation"),
    ),
)

FACTS: tuple[Fact, ...] = CLASSIFICATION + AUTHORITY + ESCALATION + PROCESS + CASE
BY_NAME: Mapping[str, Fact] = {name: fact for fact in FACTS for name in (fact.key, fact.zh)}


def by_name(name: str) -> Fact | None:
    """Return the fact with this plain or Chinese name."""
    return BY_NAME.get(name)


def plain_facts(values: Mapping[str, object]) -> dict[str, object]:
    """Return the facts among `values` (by either name) by plain key; the rest is left out."""
    return {BY_NAME[name].key: value for name, value in values.items() if name in BY_NAME}


def chinese_facts(values: Mapping[str, object]) -> dict[str, object]:
    """Return the facts among `values` (by either name) by Chinese name, as files write them."""
    return {BY_NAME[name].zh: value for name, value in values.items() if name in BY_NAME}


def nearest(name: str, among: Iterable[str] = BY_NAME) -> str | None:
    """Return the known name that is most like a mistyped one; None when nothing is like it."""
    close = difflib.get_close_matches(name, list(among), n=1, cutoff=0.5)
    return close[0] if close else None
