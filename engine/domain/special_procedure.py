"""The special procedures whose time is not counted: a closed list.

行政许可法 art. 45: 听证, 招标, 拍卖, 检验, 检测, 检疫, 鉴定, 专家评审. 勘查 is not among them;
a row of the table `special_procedure` that cites a special law may say otherwise for a matter.
"""

STOPS_CLOCK = frozenset(
    {
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert_review",
    }
)
