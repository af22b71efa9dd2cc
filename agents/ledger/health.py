"""Liveness and readiness over HTTP, for a supervisor on the same host."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import orjson

from agents.leaving import StayDown


class Health:
    """Answers `GET /live` and `GET /ready` with 200 or 503 and a JSON object.

    Bound to localhost by default: it has no authentication and tells the stages' names only.
    """

    def __init__(
        self, host: str, port: int, live: Callable[[], bool], stages: Callable[[], dict[str, bool]]
    ) -> None:
        """`stages` tells for each stage whether it takes records."""
        self._live, self._stages = live, stages
        try:
            self._server = ThreadingHTTPServer((host, port), self._handler())
        except OSError as error:
            msg = (
                f"the health endpoint cannot listen on {host}:{port} ({error.strerror}): set "
                "LEADSTREAM_HEALTH_PORT to a free port, or to 0 for none"
            )
            raise StayDown(msg) from None
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def start(self) -> None:
        """Answers from a thread of its own."""
        Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        """Stops answering."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, dict[str, object]]:
        """Status and body for a path."""
        stages = self._stages()
        if path == "/ready":
            return (200 if all(stages.values()) else 503), {"ready": stages}
        if path == "/live":
            live = self._live()
            return (200 if live else 503), {"live": live}
        return 404, {"error": "ask /live or /ready"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = answer(self.path)
                data = orjson.dumps(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
                """Says nothing: a probe every second is no news."""

        return Handler
