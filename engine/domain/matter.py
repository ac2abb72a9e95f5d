"""Matters of the catalogue (事项), their types and the papers they ask for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MatterType:
    """A type of matter, a row of rules/catalogue/matter_types.csv; days are working days."""

    code: str
    name_zh: str
    name_en: str
    steps: int
    promised_days: int
    process: str
    colour: str


@dataclass(frozen=True)
class Material:
    """A paper that a matter asks for; `tolerant` ones may follow later (容缺)."""

    no: int
    name: str
    required: bool
    tolerant: bool
    originals: int
    copies: int
    issuer: str
    legal_basis: str


@dataclass(frozen=True)
class Matter:
    """One matter; days are working days, `process` and `form` are already resolved.

    `licence_scheme` says how the licence is numbered (`uscc` or empty), `licence_holder` names the
    answer that holds the holder's name (empty: the applicant is the holder), `licence_days` for how
    many calendar days it holds (None: without end).
    """

    no: int
    basic_code: str
    task_code: str
    name: str
    initials: str
    unit_no: int
    base: str
    item_type_code: str
    type: MatterType
    steps_before: int
    steps: int
    statutory_days: int
    promised_days: int
    exception_basis: str
    process: str
    form: str
    licence_name: str
    licence_scheme: str
    licence_holder: str
    applicant_kinds: tuple[str, ...]
    legal_basis: str
    conditions: tuple[str, ...]
    fee: str
    tolerant: bool
    licence_days: int | None = None
    materials: tuple[Material, ...] = ()


@dataclass(frozen=True)
class JointProcedure:
    """Units that answer one application together (并联审批), the lead unit first to act.

    `phase` is a word of the fact project_phase; `silence_consents` says whether the rules of the
    procedure take silence beyond the limit as consent; `survey_law` names the law that leaves the
    time of a joint survey out of the limits, empty when there is none.
    """

    code: str
    matter_no: int
    name: str
    name_en: str
    lead_unit_no: int
    unit_nos: tuple[int, ...]
    statutory_days: int
    promised_days: int
    process: str
    legal_basis: str
    phase: str = "none"
    silence_consents: bool = False
    survey_law: str = ""
