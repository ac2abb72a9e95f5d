"""Our task specs and the parsers that read them: decisions, FEEL scripts, choices, timers.

Each says why the one of SpiffWorkflow will not do. Specs are shared by all cases of a version
and by threads, so nothing here writes to one after it was read (D8).
"""

from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Invalid
from engine.processes import scope
from engine.processes.adhoc import Turn
from engine.processes.bpmn import hall, tag
from engine.processes.event_specs import EVENT_PARSERS, ScopeParser
from engine.processes.exchange import ScriptDone
from engine.processes.joins import ComplexJoin, Gather, InclusiveJoin, Multiply, ParallelJoin
from engine.processes.plain import plain
from engine.processes.spiff import Made, environment_of
from engine.processes.step import decision_of

SOON = TaskState.FUTURE | TaskState.PREDICTED_MASK


class Decision(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A business rule task: asks `decide` and keeps the outcome under its result variable.

    Stock has none without its own DMN, whose UNIQUE never finds a violation (D32).
    """

    def __init__(self, spec: Any, name: str, table: str, result: str, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.table, self.result = table, result

    def _run_hook(self, task: Any) -> bool:
        environment = environment_of(task)
        decision = environment.decide(self.table, scope.seen(task))
        scope.keep(task, self.result, plain(dict(decision.outcome), self.result))
        environment.made.append(Made(self.bpmn_id, self.table, decision))
        return True  # None would leave the task STARTED for ever (D11)


class Script(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A script task: the value of one FEEL text becomes one variable; stock runs Python (D1).

    One without a script (`result` is None) does nothing.
    """

    def __init__(self, spec: Any, name: str, result: str | None, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.result = result

    def _run_hook(self, task: Any) -> bool:
        if self.result is None:
            return True
        environment = environment_of(task)
        formula = environment.formula(f"script:{self.bpmn_id}")
        value = plain(formula.plain(scope.seen(task), environment.now), self.result)
        scope.keep(task, self.result, value)
        environment.note(ScriptDone(self.bpmn_id, self.result, value))
        return True


class Exclusive(defaults.ExclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A choice of one way, which says on the diagram when there is none."""

    def _run_hook(self, task: Any) -> bool:
        name = self.default_task_spec
        for condition, target in self.cond_task_specs:
            if condition is not None and condition._matches(task):
                name = target
                break
        if name is None:
            raise Invalid("process.no_way", element=self.bpmn_id, name=self.bpmn_name or "")
        task._sync_children([self._wf_spec.task_specs[name]], TaskState.FUTURE)
        for child in task.children:
            child.task_spec._predict(child, mask=SOON)
        return True


class DecisionParser(TaskParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Reads `hall:decision`."""

    def create_task(self) -> Decision:
        """Return the spec of a business rule task."""
        table, result = decision_of(self.node)
        return Decision(self.spec, self.bpmn_id, table, result, **self.bpmn_attributes)


class ScriptParser(TaskParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Reads `hall:result`; the text itself is among the formulas."""

    def create_task(self) -> Script:
        """Return the spec of a script task."""
        return Script(
            self.spec, self.bpmn_id, self.node.get(hall("result")), **self.bpmn_attributes
        )


class ComplexParser(ConditionalGatewayParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Reads a complex gateway, and the gates that were made to count tokens."""

    def create_task(self) -> Any:
        """Return the spec of a gateway, drawn or made."""
        made: dict[str, Any] = {"gather": Gather, "multiply": Multiply, "turn": Turn}
        for word, spec_class in made.items():
            said = self.node.get(hall(word))
            if said is not None:
                return spec_class(self.spec, self.bpmn_id, int(said), **self.bpmn_attributes)
        condition = self.node.findtext(tag("activationCondition"))
        return ComplexJoin(self.spec, self.bpmn_id, condition or None, **self.bpmn_attributes)

    def connect_outgoing(self, target: Any, flow: Any, is_default: bool) -> None:
        """Connect a way out; a gate that was made has one without condition."""
        if isinstance(self.task, ComplexJoin):
            super().connect_outgoing(target, flow, is_default)
        else:
            self.task.connect(target)


class HallParser(BpmnParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """The stock parser with our specs in place of its own."""

    PROCESS_PARSER_CLASS = ScopeParser

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012  # the class attribute that Spiff looks for
        full_tag("businessRuleTask"): (DecisionParser, Decision),
        full_tag("scriptTask"): (ScriptParser, Script),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, Exclusive),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveJoin),
        full_tag("complexGateway"): (ComplexParser, ComplexJoin),
        **{full_tag(name): pair for name, pair in EVENT_PARSERS.items()},
    }
