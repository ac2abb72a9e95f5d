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


WORKING_DAY = "工作日"


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


def _left(key: str, zh: str, en: str) -> Fact:
    """A number of working days left, negative when overdue, unknown when nothing runs."""
    return Fact(key, zh, en, FactKind.NUMBER, unit=WORKING_DAY, whole=True, optional=True)


def _flag(key: str, zh: str, en: str) -> Fact:
    return Fact(key, zh, en, FactKind.BOOLEAN)


def _text(key: str, zh: str, en: str) -> Fact:
    return Fact(key, zh, en, FactKind.STRING, optional=True)


def _choice(key: str, zh: str, en: str, *words: tuple[str, str, str]) -> Fact:
    return Fact(key, zh, en, FactKind.ENUMERATION, tuple(Word(*word) for word in words))


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
        ("extend", "延期批准权", "Extend the limit"),
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
    _flag("outside_matters", "超出授权事项", "Not one of the matters granted"),
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
        ("scope.matter", "超出授权事项", "Not one of the matters granted"),
        ("power.post", "岗位无此权力", "The post has no such power"),
    ),
)

ESCALATION = (
    _left("promised_left", "距承诺到期工作日", "Left of the promise"),
    _left("statutory_left", "距法定到期工作日", "Left of the statutory limit"),
    _left("step_left", "距环节到期工作日", "Left of the step"),
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
            Word("S01", "材料齐全未受理", "Complete application not accepted"),
            Word("S02", "临近承诺期限", "Promise due soon"),
            Word("S03", "超过承诺期限", "Promise overdue"),
            Word("S04", "超过法定期限或严重超期", "Statutory limit or far overdue"),
            Word("S05", "环节超期", "Step overdue"),
            Word("S06", "逾期转报上级", "Late forwarding to the upper level"),
            Word("S07", "不予许可未说明理由", "Refusal without reasons"),
            Word("S08", "体外循环", "Handled outside the system"),
            Word("S09", "超出清单收费", "Fee beyond the list"),
            Word("S10", "停计超过告知期限", "Suspension beyond the announced end"),
            Word("S11", "同一材料再次告知", "Second notice for a known paper"),
            Word("S12", "特别处置逾期未复核", "Urgent use not reviewed in time"),
            Word("S13", "投诉逾期未受理", "Complaint not taken up in time"),
            Word("S14", "监察人员录入", "Entered by a supervisor"),
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

MATERIALS = (
    _flag("by_agent", "委托代办", "Applies through an agent"),
    _flag("foreign_party", "境外主体", "Foreign party"),
    _flag("foreign_language", "外文材料", "Papers in a foreign language"),
    _flag("branch", "分支机构", "Branch"),
    _flag("minor", "未成年人", "Minor"),
    _flag("licence_lost", "原证遗失", "Former licence lost"),
    _flag("declaration", "告知承诺", "Decision on declaration"),
    _text("extra_paper", "补充材料", "Extra paper"),
    _choice(
        "paper_form",
        "材料形式",
        "Form of the paper",
        ("original", "原件", "Original"),
        ("copy", "复印件", "Copy"),
        ("shown", "核验原件留复印件", "Original shown, copy kept"),
    ),
)

ACCEPTANCE = (
    _flag("licence_needed", "需要许可", "Needs a licence"),
    _flag("competent", "属于本机关职权", "Within the competence"),
    _flag("correctable_errors", "可当场更正的错误", "Errors that can be corrected on the spot"),
    _flag("papers_complete", "材料齐全", "Papers complete"),
    _flag("statutory_form", "符合法定形式", "In the statutory form"),
    _flag("tolerable_gap", "仅缺可容缺材料", "Only tolerated papers missing"),
    _flag("notice_given", "已一次性告知", "One-time notice given"),
    _count("days_since_receipt", "收件后工作日", "Days since receipt", WORKING_DAY),
    _choice(
        "slip",
        "文书",
        "Slip",
        ("acceptance", "受理通知书", "Notice of acceptance"),
        ("supplement", "一次性补正告知书", "One-time notice of what is wanting"),
        ("correction", "当场更正记录", "Record of the correction"),
        ("decline", "不予受理决定书", "Decision not to accept"),
        ("no_licence", "无须许可告知书", "Notice that no licence is needed"),
    ),
    _flag("deemed_accepted", "视为受理", "Deemed accepted"),
)

ROUTING = (
    _choice(
        "visit_purpose",
        "来意",
        "Purpose of the visit",
        ("inquiry", "咨询", "Inquiry"),
        ("apply", "申请", "Application"),
        ("supplement", "补正", "Supplement"),
        ("collect", "领取结果", "Collecting the result"),
        ("complaint", "投诉", "Complaint"),
        ("utility", "公用事业", "Public utility"),
    ),
    _flag("in_hall", "进驻事项", "Matter of the hall"),
    _flag("right_window", "属于本窗口", "Belongs to this window"),
    _choice(
        "window_kind",
        "窗口类型",
        "Kind of window",
        ("intake", "受理窗口", "Intake"),
        ("lead_intake", "牵头单位受理窗口", "Intake of the lead unit"),
        ("agency", "重点工程代办窗口", "Agency of key projects"),
        ("handout", "发证窗口", "Handing out"),
        ("utility", "公用事业窗口", "Public utilities"),
        ("guide_desk", "导办台", "Guide desk"),
        ("complaint_desk", "投诉受理台", "Complaint desk"),
    ),
    _choice(
        "first_inquiry",
        "首问责任",
        "First-inquiry duty",
        ("answer", "解答", "Answer"),
        ("handle", "办理", "Handle"),
        ("transfer", "转交", "Transfer"),
        ("lead_to", "引导", "Lead to"),
    ),
    _flag("stays_open", "首问未结", "Stays open for the first officer"),
)

PARTICIPANTS = (
    _choice(
        "project_phase",
        "项目阶段",
        "Phase of the project",
        ("none", "无建设工程", "No construction"),
        ("siting", "选址立项", "Siting"),
        ("construction", "施工许可", "Construction permit"),
        ("completion", "竣工验收", "Final acceptance"),
        ("whole", "全程代办", "All phases"),
    ),
    _flag("new_enterprise", "新设企业", "New enterprise"),
    _flag("food_business", "餐饮食品经营", "Food business"),
    _flag("new_land", "新增用地", "New land"),
    _flag("environmental_impact", "影响环境", "Environmental impact"),
    _flag("fire_safety", "须消防审验", "Fire safety to be examined"),
    _flag("civil_defence", "须配建人防", "Civil air defence required"),
    _flag("lightning", "须防雷审验", "Lightning protection to be examined"),
    _flag("waters", "取水涉河", "Takes water or touches a river"),
    _flag("forest_land", "占用林地", "Uses forest land"),
    _flag("road_works", "占用挖掘公路", "Occupies or digs up a road"),
    _count("participant_no", "参与单位编号", "Number of the unit that takes part", "", least=1),
    _text("participant", "参与单位", "Unit that takes part"),
    _text("opinion_topic", "审查内容", "What the unit gives its opinion on"),
)

JOINING = (
    _choice(
        "opinion_outcome",
        "联办意见",
        "Opinion of a unit",
        ("agree", "同意", "Agreed"),
        ("conditional", "有条件同意", "Agreed with conditions"),
        ("disagree", "不同意", "Refused"),
    ),
    _count("opinions_refused", "不同意数", "Units that refuse", "家"),
    _count("opinions_conditional", "有条件同意数", "Units that agree with conditions", "家"),
    _count("opinions_waiting", "期限内未答复数", "Units still within their limit", "家"),
    _count("opinions_silent", "逾期未答复数", "Units silent beyond their limit", "家"),
    _flag("silence_consents", "逾期视为同意", "Silence beyond the limit is consent"),
    _choice(
        "joint_outcome",
        "联办结果",
        "Outcome of the opinions",
        ("wait", "等待", "To wait for"),
        ("refuse", "不同意", "Refused"),
        ("conditional", "有条件同意", "Agreed with conditions"),
        ("grant", "同意", "Agreed"),
    ),
    _choice(
        "others",
        "其他单位",
        "The other units",
        ("finish", "继续办完", "Finish their part"),
        ("suspend", "暂缓办理", "Hold back until the lead unit lets them go on"),
        ("end", "不再办理", "End their part"),
    ),
)

FOUR_EYES = (
    _choice(
        "step_duty",
        "拟办职责",
        "Duty to be taken on",
        ("accept", "受理", "Acceptance"),
        ("review", "审查", "Review"),
        ("decide", "审批决定", "Decision"),
        ("survey", "勘查", "On-site survey"),
        ("hearing_chair", "听证主持", "Chair of the hearing"),
        ("expert_review", "专家评审", "Expert review"),
        ("urgent_review", "特别处置复核", "Review of an urgent handling"),
        ("complaint", "投诉处理", "Handling a complaint"),
    ),
    _flag("interest", "有直接利害关系", "Has a direct interest"),
    _flag("reviewed_case", "审查过本办件", "Reviewed this case"),
    _flag("used_urgent", "作出过该特别处置", "Made the urgent handling"),
    _flag("complained_about", "是被投诉人", "Is complained about"),
    _flag("excluded", "应当回避", "Excluded"),
    _choice(
        "exclusion",
        "回避原因",
        "Why excluded",
        ("none", "不必回避", "Not excluded"),
        ("interest", "有直接利害关系", "Direct interest"),
        ("reviewer", "审查过本办件", "Reviewed the case"),
        ("step_before", "办过前一环节", "Did the step before"),
        ("own_act", "复核自己的处置", "Own act"),
        ("complained_about", "被投诉", "Complained about"),
    ),
    _count("people_needed", "最少人数", "People needed", "人", least=1),
)

SPECIAL_PROCEDURE = (
    _count("matter_no", "事项序号", "Number of the matter", "", least=1),
    _choice(
        "procedure_kind",
        "程序种类",
        "Kind of procedure",
        ("hearing", "听证", "Hearing"),
        ("tender", "招标", "Tender"),
        ("auction", "拍卖", "Auction"),
        ("inspection", "检验", "Inspection"),
        ("testing", "检测", "Testing"),
        ("quarantine", "检疫", "Quarantine"),
        ("appraisal", "鉴定", "Appraisal"),
        ("expert_review", "专家评审", "Expert review"),
        ("survey", "勘查", "On-site survey"),
        ("joint_survey", "联合踏勘", "Joint survey"),
        ("supplement", "补正", "Supplement"),
    ),
    _flag("accepted", "已受理", "Accepted"),
    _flag("special_law", "特别法规定不计时", "A special law does not count the time"),
    _flag("stops_clock", "停止计时", "Stops the clock"),
    _flag("written_notice", "须书面告知", "Written notice due"),
    _choice(
        "hearing_wish",
        "听证意愿",
        "Who wants the hearing",
        ("asked", "申请人或者利害关系人要求听证", "Asked for by those concerned"),
        ("organ", "行政机关认为需要听证", "The organ holds one of its own accord"),
        ("waived", "放弃听证", "Waived"),
    ),
)

PRIORITY = (
    _flag("missed_call", "过号", "Missed the call"),
    _flag("urgent_handling", "特别处置", "Urgent handling"),
    _flag("needs_care", "老幼病残孕", "Elderly, infant, ill, disabled or pregnant"),
    _flag("key_project", "重点工程", "Key project"),
    Fact(
        "appointment_late",
        "预约已过分钟",
        "Minutes since the appointment",
        FactKind.NUMBER,
        unit="分钟",
        whole=True,
        optional=True,
    ),
    _count("priority", "优先级", "Priority", "", least=1),
)

SUPERVISION = (
    _flag("not_accepted", "齐全未受理", "Complete and not accepted"),
    _flag("late_forwarding", "逾期转报", "Forwarded late"),
    _flag("no_reasons", "未说明理由", "Refused without reasons"),
    _flag("outside_handling", "体外循环", "Handled outside the system"),
    _flag("excess_fee", "超出清单收费", "Fee beyond the list"),
    _left("suspension_left", "距停计期满工作日", "Left of the announced suspension"),
    _flag("second_notice", "再次告知已知材料", "Second notice for a known paper"),
    _left("after_review_left", "距复核到期工作日", "Left of the review afterwards"),
    Fact(
        "complaint_waiting",
        "投诉待受理工作日",
        "Days a complaint has waited",
        FactKind.NUMBER,
        unit=WORKING_DAY,
        whole=True,
        least=Decimal(0),
        optional=True,
    ),
    Fact(
        "entered_level",
        "录入级别",
        "Level entered by a supervisor",
        FactKind.ENUMERATION,
        (
            Word("reminder", "提示", "Reminder"),
            Word("yellow", "黄牌", "Yellow card"),
            Word("red", "红牌", "Red card"),
        ),
        optional=True,
    ),
    _count("reply_days", "答复天数", "Days to reply", WORKING_DAY),
)

ASSESSMENT = (
    _flag("veto_event", "发生否决事项", "Veto event"),
    _flag("hearing_omitted", "应听证未听证", "Hearing not organised"),
    _flag("late_decision", "逾期决定", "Late decision"),
    _flag("incomplete_notice", "未一次告知全部内容", "Incomplete one-time notice"),
    _flag("refused_on_spot", "可当场决定而未决定", "Refused an on-the-spot decision"),
    _flag("late_hearing", "听证逾期", "Hearing too late"),
    _choice(
        "upheld_card",
        "维持的牌",
        "Card upheld",
        ("none", "无", "None"),
        ("yellow", "黄牌", "Yellow card"),
        ("red", "红牌", "Red card"),
    ),
    _flag("upheld_complaint", "投诉属实", "Complaint upheld"),
    _flag("late_rectification", "整改逾期", "Rectification late"),
    Fact(
        "rating",
        "评价等级",
        "Rating",
        FactKind.ENUMERATION,
        (
            Word("1", "非常满意", "Very satisfied"),
            Word("2", "满意", "Satisfied"),
            Word("3", "基本满意", "Fairly satisfied"),
            Word("4", "不满意", "Dissatisfied"),
            Word("5", "非常不满意", "Very dissatisfied"),
        ),
        optional=True,
    ),
    _choice(
        "breach",
        "扣分事由",
        "Breach",
        ("veto", "否决事项", "Veto event"),
        ("hearing_omitted", "应听证未听证", "Hearing not organised"),
        ("late_decision", "逾期决定", "Late decision"),
        ("incomplete_notice", "一次性告知不完整", "Incomplete one-time notice"),
        ("refused_on_spot", "可当场决定而未决定", "Refused an on-the-spot decision"),
        ("late_hearing", "听证逾期", "Hearing too late"),
        ("red_card", "红牌维持", "Red card upheld"),
        ("complaint", "投诉属实", "Complaint upheld"),
        ("late_rectification", "整改逾期", "Rectification late"),
        ("yellow_card", "黄牌维持", "Yellow card upheld"),
        ("rating_5", "非常不满意", "Rated very dissatisfied"),
        ("rating_4", "不满意", "Rated dissatisfied"),
        ("none", "无", "None"),
    ),
    _choice(
        "assessment_part",
        "考核部分",
        "Part of the assessment",
        ("business", "业务工作", "Business"),
        ("conduct", "纪律作风", "Discipline and conduct"),
        ("feedback", "投诉评议", "Complaints and ratings"),
    ),
    _count("points", "计分", "Points", "分", None),
    _flag("veto", "一票否决", "Veto"),
)

FACTS: tuple[Fact, ...] = (
    *CLASSIFICATION,
    *AUTHORITY,
    *ESCALATION,
    *PROCESS,
    *CASE,
    *MATERIALS,
    *ACCEPTANCE,
    *ROUTING,
    *PARTICIPANTS,
    *JOINING,
    *FOUR_EYES,
    *SPECIAL_PROCEDURE,
    *PRIORITY,
    *SUPERVISION,
    *ASSESSMENT,
)
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
