"""Small values for the tests of storage: one official, one matter, one case, one task."""

from dataclasses import replace
from datetime import date

from engine.domain.case import Case, CaseState, Task, TaskState
from engine.domain.events.configuration import CatalogueLoaded
from engine.domain.people import Official
from engine.storage import cases, catalogue, people
from engine.storage.cases import Sealed

EVENT = CatalogueLoaded(counts={})
SEALED = Sealed(b"k1:number", b"k1:phone", "代办人")
ANSWERS = {"name": "雁城禾木科技有限公司", "capital": 100}

FILES = {
    "zones": [{"no": "1", "code": "B", "name": "商事登记区", "name_en": "Business", "floor": "1"}],
    "units": [
        {"no": "26", "name": "市工商局", "name_en": "AIC", "zone_no": "1", "uscc": "x" * 18},
        {"no": "27", "name": "市国税局", "name_en": "Tax", "zone_no": "1", "uscc": "y" * 18},
    ],
    "windows": [
        {
            "no": str(no), "label": f"{no:02}", "zone_no": "1", "floor": "1", "unit_no": unit,
            "place_in_unit": str(no), "purpose": "intake", "back_office": "",
        }
        for no, unit in ((6, "26"), (7, "26"), (8, "27"))
    ],
    "matter_types": [
        {
            "code": "fast", "name_zh": "快办", "name_en": "fast", "steps": "1",
            "promised_days": "1", "process": "fast", "gb_case_type_code": "1", "colour": "#000000",
        }
    ],
    "matters": [
        {
            "no": str(no), "basic_code": f"01{no}", "task_code": f"TASK{no}", "name": name,
            "initials": initials, "unit_no": "26", "base": "licence", "item_type_code": "01",
            "matter_type": "fast", "steps_before": "5", "steps": "1", "statutory_days": "20",
            "promised_days": "1", "exception_basis": "", "process": process, "form": "",
            "licence_name": "营业执照", "licence_scheme": "uscc", "licence_holder": "name",
            "applicant_kinds": "person;enterprise", "legal_basis": "《行政许可法》第二十九条",
            "conditions": "有住所|有章程", "fee": "不收费", "units_involved": "1",
            "formal_review": "1", "survey": "0", "hearing": "0", "testing": "0",
            "expert_review": "0", "quantity_limit": "0", "tolerant": "1", "named": "1",
            "licence_days": "1825" if no == 2 else "",
        }
        for no, name, initials, process in (
            (1, "企业设立登记(三证合一)", "qyslbj", ""),
            (2, "餐饮服务100%许可", "cyfwxk", "other"),
        )
    ],
    "materials": [
        {
            "of": of, "no": str(no), "name": name, "required": "1", "tolerant": "0",
            "originals": "1", "copies": "0", "issuer": "申请人", "legal_basis": "第二十九条",
        }
        for of, no, name in (("1", 2, "章程"), ("1", 1, "申请书"), ("fast", 1, "身份证明"))
    ],
    "joint_procedures": [
        {
            "code": "opening", "matter_no": "2", "name": "企业开办", "name_en": "Opening",
            "lead_unit_no": "26", "unit_nos": "26;27", "statutory_days": "45",
            "promised_days": "10", "process": "parallel", "legal_basis": "第二十六条",
            "phase": "none", "silence_consents": "0", "survey_law": "",
        }
    ],
    "baselines": [
        {
            "matter_no": "2", "name": "营业执照", "unit_no": "26", "steps": "5", "days": "20",
            "papers": "8", "visits": "2", "visits_now": "1", "legal_basis": "规程第一项",
        }
    ],
    "calendar": [
        {
            "day": day, "kind": kind, "name": "国庆节", "status": status, "notice": "",
        }
        for day, kind, status in (
            ("2015-10-01", "holiday", "published"),
            ("2015-10-10", "worked_weekend", "published"),
            ("2016-01-01", "holiday", "provisional"),
        )
    ],
    "roles": [
        {
            "role": role, "name_zh": role, "name_en": role, "permissions": permissions,
        }
        for role, permissions in (
            ("clerk", "window.serve;task.work"),
            ("chief", "task.work"),
            ("stand_in", "task.work"),
        )
    ],
}  # fmt: skip


def load(office) -> None:
    """Put the small catalogue in force."""
    with office.unit() as unit:
        catalogue.replace(unit, FILES)
        unit.record(EVENT)


def official(post="clerk", unit_no=26, window_no=None, no=1) -> Official:
    """Return an official who is not stored yet."""
    return Official(
        f"o-{post}-{unit_no}-{no}", f"{post}{unit_no}.{no}", "林晓禾", post, unit_no, window_no
    )


def add_official(office, **properties) -> Official:
    """Store an official and return him."""
    one = official(**properties)
    with office.unit() as unit:
        people.add(unit, one, "hash")
        unit.record(EVENT)
    return one


def case_of(office, no=1, **changes) -> Case:
    """Return a case that is not stored yet."""
    moment = office.now()
    return replace(
        Case(
            id=f"case-{no}",
            case_no=f"TASK1-{no:04}",
            matter_no=1,
            unit_no=26,
            state=CaseState.ACCEPTED,
            rev=0,
            process="fast",
            process_version="p1",
            form="demo.apply",
            form_version="f1",
            applicant_kind="person",
            applicant_name=f"申请人{no}",
            data={"amount": 1, "名称": "禾木"},
            process_state=b"\x00state",
            applied_at=moment,
            applied_by="o-clerk",
            accepted_at=moment,
            promised_due=date(2015, 10, 30),
            statutory_due=date(2015, 11, 20),
        ),
        **changes,
    )


def task_of(case: Case, office, no=1, **changes) -> Task:
    """Return a task that is not stored yet."""
    return replace(
        Task(
            id=f"{case.id}-task-{no}",
            case_id=case.id,
            step="decide",
            name="办理决定",
            roles=("clerk", "chief"),
            power="decide",
            form="fast.decide",
            form_version="f2",
            unit_no=26,
            state=TaskState.OFFERED,
            opened_at=office.now(),
            due_on=date(2015, 10, 27),
        ),
        **changes,
    )


def put(unit, case: Case, *tasks: Task) -> None:
    """Store a case with its tasks in an open unit."""
    cases.insert(
        unit,
        case,
        matter_type="fast",
        applicant_id=SEALED.id_number,
        applicant_phone=SEALED.phone,
        agent=SEALED.agent,
        answers=ANSWERS,
    )
    cases.open_tasks(unit, tasks)
    unit.record(EVENT)
