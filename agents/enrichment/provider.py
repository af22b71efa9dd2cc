"""A provider of company data, and the one that reads a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import orjson

from agents.leaving import StayDown
from schemas.inner import EnrichmentRequested


class ProviderFailed(Exception):
    """The provider did not answer; asking again may help."""


class Provider(Protocol):
    """Somebody who knows companies."""

    async def ask(self, request: EnrichmentRequested) -> Mapping[str, Any] | None:
        """What is known of the company, None for nothing. Raises `ProviderFailed`."""


class FileProvider:
    """Companies from a file of JSON lines: `domain` and any of name, employees, industry, country.

    Read once, at the start. Raises `StayDown` with file and line where it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        """Reads the whole file: it is looked at for every request."""
        try:
            lines = path.read_bytes().splitlines()
        except OSError as error:
            msg = (
                f"the enrichment file {path} cannot be read ({error.strerror}): set "
                "LEADSTREAM_ENRICHMENT_FILE to a file of JSON lines, or to nothing"
            )
            raise StayDown(msg) from None
        companies = (_company(path, number, line) for number, line in enumerate(lines, 1) if line)
        self._by_domain = {str(one["domain"]).lower(): one for one in companies}

    async def ask(self, request: EnrichmentRequested) -> Mapping[str, Any] | None:
        """The company of the request's domain."""
        return self._by_domain.get(request.domain or "")


def _company(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        company = orjson.loads(line)
    except orjson.JSONDecodeError:
        company = None
    if isinstance(company, dict) and isinstance(company.get("domain"), str):
        return company
    msg = (
        f'{path} line {number} is no company: write one JSON object a line, with a "domain" and '
        "any of name, employees, industry, country"
    )
    raise StayDown(msg)
