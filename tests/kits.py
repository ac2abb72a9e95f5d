"""The public conformance kits, which stand beside the checkout or where HALL_KITS points.

They are not ours to ship, so a checkout alone may lack them; then their tests are skipped and say
so. In CI they must be there: nothing is skipped and a missing kit fails.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KITS = Path(os.environ.get("HALL_KITS", ROOT.parent / "shared" / "conformance"))
BPMN, DMN = KITS / "bpmn", KITS / "dmn-tck"
IN_CI = os.environ.get("CI") == "true"

# A kit is no part of a checkout: its absence says nothing of the product, except in CI.
needs_bpmn = pytest.mark.skipif(
    not (BPMN.is_dir() or IN_CI), reason="the BPMN kit is absent: set HALL_KITS"
)
needs_dmn = pytest.mark.skipif(
    not (DMN.is_dir() or IN_CI), reason="the DMN kit is absent: set HALL_KITS"
)
