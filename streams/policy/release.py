"""Making a policy the same everywhere: the release section behind the author's text.

The author's text and comments stay byte for byte; what is added names the versions of the data
that decisions rest on, and spells holidays out as dates.
"""

from collections.abc import Iterator

from streams.policy.compiled import compile_policy
from streams.policy.document import Release
from streams.policy.foreign import release_section
from streams.policy.loading import read
from streams.policy.problems import PolicyError, Problem
from streams.policy.yaml_text import YamlText, read_yaml

_REMARK = "# Added by `leadstream policy publish`; do not edit: publish again instead.\n"
_SECTION = "release"


def release(text: str) -> str:
    """The text with its release section for the data of this machine.

    A text that has one gets a new one; releasing twice gives the same text. Raises `PolicyError`
    for a policy that cannot be used, and for a text to which nothing can be appended.
    """
    author = unreleased(text)
    compile_policy(author, version=0)
    source = read(author)
    section = release_section(source.document)
    released = _with_line_end(author) + "".join(_lines(section))
    _check_appended(source.source, released, section)
    return released


def unreleased(text: str) -> str:
    """The author's text alone: without the release section and the remark above it.

    Raises `PolicyError` for text that is not YAML.
    """
    source = read_yaml(text)
    place = source.keys.get((_SECTION,))
    if place is None:
        return text
    lines = text.splitlines(keepends=True)
    begin = place.line - 1
    following = sorted(key.line - 1 for path, key in source.keys.items() if len(path) == 1)
    end = next((line for line in following if line > begin), len(lines))
    if begin and lines[begin - 1] == _REMARK:
        begin -= 1
    return "".join(lines[:begin] + lines[end:])


def _with_line_end(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _lines(section: Release) -> Iterator[str]:
    yield _REMARK
    yield f"{_SECTION}:\n"
    yield "  fingerprints:\n"
    for name, value in section.fingerprints.items():
        yield f'    {name}: "{value}"\n'
    yield "  holidays:\n" if section.holidays else "  holidays: {}\n"
    for country, dates in section.holidays.items():
        yield f"    {country}:\n"
        for date in dates:
            yield f'      - "{date}"\n'


def _check_appended(author: YamlText, released: str, section: Release) -> None:
    """Nothing can follow some texts: a flow mapping at the top, or `...` at the end."""
    expected = {**author.value, _SECTION: section.model_dump(mode="json")}
    try:
        same = read_yaml(released).value == expected
    except PolicyError:
        same = False
    if not same:
        line = author.text.count("\n") + 1
        reason = (
            "nothing can be added behind this text: "
            "write one key a line at the top, and end it with a line break"
        )
        raise PolicyError((Problem(line, 1, "", reason),))
