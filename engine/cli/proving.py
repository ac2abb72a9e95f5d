"""Measuring the proof of soundness: `hall bench soundness`, on made shapes or drawn files."""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from engine.cli.commands import Commands
from engine.kernel.errors import Missing
from engine.processes.load import load
from engine.processes.soundness import check_soundness

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SHAPES = {
    "ten blocks of thirty": (10, 30),
    "two blocks of eight": (2, 8),
    "one block of fourteen": (1, 14),
}


@dataclass(frozen=True)
class Proof:
    """What one proof took (median wall milliseconds of a read file) and the codes it told."""

    name: str
    elements: int
    ms: float
    codes: tuple[str, ...]


def add_to(kinds: Commands) -> None:
    """Add the kind `soundness` to the command `bench`."""
    bench = kinds.add_parser("soundness", help="prove that a diagram cannot get stuck")
    bench.add_argument("files", nargs="*", type=Path, help="diagrams; without any, made shapes")
    bench.add_argument("--times", type=int, default=20, help="how often each is proved")
    bench.add_argument("--json", action="store_true", help="one JSON object a line")
    bench.set_defaults(run=_soundness)


def _soundness(asked: argparse.Namespace) -> int:
    for name, source in _sources(asked.files):
        proof = _prove(name, source, max(asked.times, 1))
        if asked.json:
            print(json.dumps(asdict(proof), ensure_ascii=False))
        else:
            print(f"{proof.name}: {proof.elements} / {proof.ms} ms / {', '.join(proof.codes)}")
    return 0


def _sources(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        if not file.is_file():
            raise Missing("check.no_file", file=str(file))
        yield str(file), file.read_bytes()
    if not files:
        for name, (count, width) in SHAPES.items():
            yield name, _blocks(count, width)


def _prove(name: str, source: bytes, times: int) -> Proof:
    root = load(source)
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        found = check_soundness(root)
        spent.append(time.perf_counter() - begun)
    lines = sum(1 for _ in root.iter(f"{{{MODEL}}}sequenceFlow"))
    elements = sum(1 for node in root.iter() if node.get("id")) - lines - 2
    codes = tuple(finding.code for finding in found)
    return Proof(name, elements, round(median(spent) * 1000, 2), codes)


def _blocks(count: int, width: int) -> bytes:
    """Parallel blocks one behind the other, each branch one task."""
    nodes, flows, before = ['<startEvent id="begin"/>'], [], "begin"
    for block in range(count):
        split, join = f"split{block}", f"join{block}"
        nodes += [f'<parallelGateway id="{split}"/>', f'<parallelGateway id="{join}"/>']
        flows.append((before, split))
        for branch in range(width):
            task = f"task{block}_{branch}"
            nodes.append(f'<userTask id="{task}"/>')
            flows += [(split, task), (task, join)]
        before = join
    nodes.append('<endEvent id="done"/>')
    flows.append((before, "done"))
    nodes += [
        f'<sequenceFlow id="flow{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(flows)
    ]
    body = f'<process id="made">{"".join(nodes)}</process>'
    head = f'<definitions xmlns="{MODEL}" id="d" targetNamespace="urn:bench">'
    return f"{head}{body}</definitions>".encode()
