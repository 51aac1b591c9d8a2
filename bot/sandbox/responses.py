"""JSON answers that take whatever was put into the workspace, half characters and NaN included."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(value), status, headers, "application/json")
