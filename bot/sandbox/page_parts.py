"""The page itself: its HTML, and the modules, styles and pictures that belong to it."""

from email.utils import formatdate
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.people import kind_of

PAGE = Path(__file__).parent / "page"
NAMES = sorted(file.name for file in PAGE.iterdir())
AHEAD = ", ".join(f"</static/{name}>; rel=modulepreload" for name in NAMES if name.endswith(".js"))
"""All modules are fetched at once, not each when another names it."""


def routes() -> list[BaseRoute]:
    """Return the addresses at which the browser finds the page."""

    async def index(_request: Request) -> Response:
        return _give("index.html", {"Link": AHEAD})

    async def part(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in NAMES:
            return Response("The page has no such part.", 404, media_type="text/plain")
        return _give(name, {})

    return [Route("/", index), Route("/static/{name}", part)]


def _give(name: str, headers: dict[str, str]) -> Response:
    """Read it here and now: the files are small and many, and a thread for each would take longer."""
    path = PAGE / name
    changed = {"Last-Modified": formatdate(path.stat().st_mtime, usegmt=True)}
    return Response(path.read_bytes(), 200, headers | changed, kind_of(name))
