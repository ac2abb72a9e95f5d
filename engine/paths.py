"""Where bpmn/ and rules/ are: a hall's own folder, a checkout, or an installed wheel."""

import os
import sysconfig
from pathlib import Path


def stock_dir(kind: str) -> Path:
    """Return the folder of `bpmn` or `rules`: the first of the three places that exists.

    HALL_HOME names a hall's own folder and goes before checkout and wheel.
    """
    places = [
        Path(__file__).parents[1] / kind,
        Path(sysconfig.get_path("data")) / "share" / "zhengwu-hall" / kind,
    ]
    if home := os.environ.get("HALL_HOME"):
        places.insert(0, Path(home) / kind)
    return next((place for place in places if place.is_dir()), places[-1])
