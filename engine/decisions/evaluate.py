"""A model ready to be evaluated: its requirement graph and boxed expressions as closures.

Source: DMN 1.5, chapters 6, 7 (graph, scopes), 10.2 (boxed expressions), 10.4 (their meaning).
"""

from collections.abc import Mapping
from datetime import datetime

from engine.decisions.boxed import Run, compile_boxed, function_of
from engine.decisions.model import (
    DecisionNode,
    Element,
    InputData,
    Knowledge,
    Model,
    Reference,
    Service,
)
from engine.decisions.rows import Names
from engine.decisions.types import field_names, kinds_of
from engine.feel.evaluation import Evaluation
from engine.feel.kinds import Function, Kind, Parameter, Signature, coerce
from engine.feel.values import from_python
from engine.kernel.errors import Invalid, Missing

Key = tuple[str, str]
Inputs = Mapping[str, object]


class Program:
    """One model with those that it imports, compiled; immutable and safe under threads.

    `faults` are the errors of elements that cannot be compiled, by id: the rest of the model
    works, and such an element raises its error when it is needed.
    """

    def __init__(self, model: Model, imports: Mapping[str, "Program"]) -> None:
        self.model = model
        self.imports = imports
        prefixed = {item.name: imports[item.namespace] for item in model.imports}
        self.kinds: dict[str, Kind] = kinds_of(
            model, {name: other.kinds for name, other in prefixed.items()}
        )
        fields: set[str] = field_names(model.items)
        for other in prefixed.values():
            fields |= other.fields | {item.variable.name for item in other.model.elements.values()}
        self.fields: frozenset[str] = frozenset(fields)
        self._prefix = {item.namespace: item.name for item in model.imports}
        self._names = Names(frozenset(), self.kinds, self.fields)
        self._types = {
            mark: self._names.kind(element.variable.type, element.line)
            for mark, element in model.elements.items()
        }
        self._functions: dict[str, Function | None] = {}
        self._logic: dict[str, Run] = {}
        self.faults: dict[str, Invalid] = {}
        for element in model.elements.values():
            try:
                self._compile(element)
            except Invalid as fault:
                self.faults[element.id] = fault

    def _compile(self, element: Element) -> None:
        if isinstance(element, DecisionNode) and element.logic is not None:
            scope = self._scope(element.requires)
            self._logic[element.id] = compile_boxed(element.logic, scope, element.variable.type)
        elif isinstance(element, Knowledge):
            self.function(element)

    def decide(self, decision: str, inputs: Inputs, moment: datetime | None = None) -> object:
        """Return the FEEL value of a decision by its name, for inputs by name.

        Missing inputs are null; a decision may be given in place of being computed. Raises
        Missing `dmn.no_decision` (name), Conflict of the hit policies, Invalid `feel.budget`.
        """
        found = next((node for node in self.model.decisions if node.name == decision), None)
        if found is None:
            raise Missing("dmn.no_decision", name=decision)
        given = {name: from_python(value) for name, value in inputs.items()}
        return _Evaluated(self, given, Evaluation(moment)).value(self, found)

    def call(self, service: str, inputs: Inputs, moment: datetime | None = None) -> object:
        """Return the FEEL value of a decision service; arguments as `decide` takes inputs."""
        for element in self.model.elements.values():
            if isinstance(element, Service) and element.name == service:
                function = self._service(element)
                given = {
                    parameter.name: from_python(inputs.get(parameter.name))
                    for parameter in function.parameters
                }
                return function(Evaluation(moment), named=given)
        raise Missing("dmn.no_decision", name=service)

    def find(self, reference: Reference) -> tuple["Program", Element]:
        """Return the element that a requirement points to and the program that holds it."""
        own = reference.namespace == self.model.namespace
        program = self if own else self.imports[reference.namespace]
        element = program.model.elements.get(reference.id)
        if element is None:
            raise Invalid("dmn.unknown_reference", href=reference.text, line=0)
        return program, element

    def prefix(self, program: "Program") -> str | None:
        """Return the name under which an imported model stands here; None for this one."""
        return None if program is self else self._prefix[program.model.namespace]

    def kind(self, element: Element) -> Kind | None:
        """Return the kind of an element's variable; None for any."""
        return self._types[element.id]

    def logic(self, node: DecisionNode) -> Run | None:
        """Return the compiled logic of a decision, None without any; its fault is raised."""
        if node.id in self.faults:
            raise self.faults[node.id]
        return self._logic.get(node.id)

    def names_of(self, node: DecisionNode) -> Names:
        """Return what the texts of a decision may use."""
        return self._scope(node.requires)

    def scope_of(
        self, node: DecisionNode, inputs: Mapping[str, object], evaluation: Evaluation
    ) -> dict[str, object]:
        """Return the values that a decision requires, by name, for FEEL values of the inputs."""
        return _Evaluated(self, inputs, evaluation).scope(self, node)

    def function(self, element: Knowledge | Service) -> Function | None:
        """Return the function that an element is; None for one in another language."""
        if element.id in self.faults:
            raise self.faults[element.id]
        if element.id not in self._functions:
            self._functions[element.id] = (
                self._knowledge(element)
                if isinstance(element, Knowledge)
                else self._service(element)
            )
        return self._functions[element.id]

    def _scope(self, requires: tuple[Reference, ...]) -> Names:
        names: set[str] = set()
        for reference in requires:
            program, element = self.find(reference)
            names.add(self.prefix(program) or element.variable.name)
        return self._names.with_(*names)

    def _knowledge(self, element: Knowledge) -> Function | None:
        context: dict[str, object] = {}
        for reference in element.requires:
            program, needed = self.find(reference)
            if isinstance(needed, Knowledge | Service):
                _put(context, self.prefix(program), needed, program.function(needed))
        kind = self.kind(element)
        result = kind.result if kind is not None and kind.name == "function" else kind
        scope = self._scope(element.requires)
        return function_of(element.function, scope, context, element.name, result)

    def _service(self, element: Service) -> Function:
        inputs = [self.find(reference) for reference in element.inputs]
        outputs = [self.find(reference) for reference in element.outputs]
        kind = self.kind(element)
        result = kind.result if kind is not None and kind.name == "function" else kind

        def body(evaluation: Evaluation, *arguments: object) -> object:
            run = _Evaluated(self, {}, evaluation)
            for (program, needed), value in zip(inputs, arguments, strict=True):
                run.give(program, needed, value)
            if len(outputs) == 1:
                return run.value(*outputs[0])
            return {needed.name: run.value(program, needed) for program, needed in outputs}

        parameters = tuple(
            _parameter(needed.name, program.kind(needed)) for program, needed in inputs
        )
        return Function((Signature(parameters, body, result),), element.name)


def _parameter(name: str, kind: Kind | None) -> Parameter:
    return Parameter(name, () if kind is None else (kind,))


def _put(context: dict[str, object], prefix: str | None, element: Element, value: object) -> None:
    if prefix is None:
        context[element.variable.name] = value
    else:
        within = context.setdefault(prefix, {})
        if isinstance(within, dict):
            within[element.variable.name] = value


class _Evaluated:
    """One evaluation of a graph: every node at most once, and only those that are needed."""

    def __init__(self, program: Program, inputs: Inputs, evaluation: Evaluation) -> None:
        self._start, self._inputs, self._evaluation = program, inputs, evaluation
        self._known: dict[Key, object] = {}

    def give(self, program: Program, element: Element, value: object) -> None:
        """Set the value of a node from outside."""
        self._known[program.model.namespace, element.id] = value

    def value(self, program: Program, element: Element) -> object:
        """Return the value of a node."""
        key = (program.model.namespace, element.id)
        if key not in self._known:
            self._known[key] = self._compute(program, element)
        return self._known[key]

    def _compute(self, program: Program, element: Element) -> object:
        if isinstance(element, Knowledge | Service):
            return program.function(element)
        kind = program.kind(element)
        name = (
            element.name
            if program is self._start
            else f"{self._start.prefix(program)}.{element.name}"
        )
        if isinstance(element, InputData) or name in self._inputs:
            return _coerced(self._inputs.get(name), kind)
        logic = program.logic(element)
        if logic is None:
            return None
        return _coerced(logic(self.scope(program, element), self._evaluation), kind)

    def scope(self, program: Program, node: DecisionNode) -> dict[str, object]:
        """Return the values of what a decision requires, by name."""
        context: dict[str, object] = {}
        for reference in node.requires:
            holder, needed = program.find(reference)
            _put(context, program.prefix(holder), needed, self.value(holder, needed))
        return context


def _coerced(value: object, kind: Kind | None) -> object:
    return value if kind is None else coerce(value, kind)


def compile_model(namespace: str, models: Mapping[str, Model]) -> Program:
    """Return the program of one of `models` (by namespace) with those that it imports.

    Raises Invalid `dmn.unknown_import` (namespace, line) and `dmn.import_cycle` (namespace, line).
    """
    programs: dict[str, Program] = {}
    opened: list[str] = []

    def build(wanted: str, line: int) -> Program:
        if wanted in programs:
            return programs[wanted]
        if wanted not in models:
            raise Invalid("dmn.unknown_import", namespace=wanted, line=line)
        if wanted in opened:
            raise Invalid("dmn.import_cycle", namespace=wanted, line=line)
        opened.append(wanted)
        model = models[wanted]
        imports = {item.namespace: build(item.namespace, item.line) for item in model.imports}
        programs[wanted] = Program(model, imports)
        return programs[wanted]

    return build(namespace, 0)
