"""Conditions of the policy: CEL over flat, typed facts about a lead.

Unknown text is "", an unknown number 0, an unknown truth false; a condition that fails while it is
evaluated (a division by zero) counts as false, and one that fails for every lead is refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cel_expr_python import cel

from streams.policy.document import Document, Team
from streams.policy.problems import Path, Problem, nearest, spell
from streams.policy.yaml_text import YamlText

Kind = Literal["text", "whole", "number", "truth"]
_COMMON: dict[str, Kind] = {
    "source": "text",
    "country": "text",
    "state": "text",
    "region": "text",
    "sales_region": "text",
    "city": "text",
    "postal_code": "text",
    "industry": "text",
    "product_interest": "text",
    "language": "text",
    "employees": "whole",
    "deal_size": "number",
    "named": "truth",
    "customer": "truth",
    "owned": "truth",
    "has_phone": "truth",
    "has_email": "truth",
}
SCORING: dict[str, Kind] = {
    **_COMMON,
    "direction": "text",
    "campaign": "text",
    "title": "text",
    "department": "text",
    "company": "text",
    "domain": "text",
    "device": "text",
    "utm_source": "text",
    "touches": "whole",
    "free_mail": "truth",
}
"""What conditions of score rules may use (SCO-02, SCO-05)."""
ROUTING: dict[str, Kind] = {
    **_COMMON,
    "grade": "text",
    "status": "text",
    "score": "whole",
    "hot": "truth",
}
"""What conditions of desks, team rules, push, specialties and pools may use."""
_TYPES = {
    "text": cel.Type.STRING,
    "whole": cel.Type.INT,
    "number": cel.Type.DOUBLE,
    "truth": cel.Type.BOOL,
}
_UNKNOWN: dict[Kind, Any] = {"text": "", "whole": 0, "number": 0.0, "truth": False}
_KNOWN: dict[Kind, Any] = {"text": "a", "whole": 1, "number": 1.0, "truth": True}
_COMPLAINT = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\(?(.*?)\)?'$")
_PATTERN = re.compile(r"""\bmatches\s*\(\s*([rR]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))""")

_NAME = re.compile(r"\b[a-z_]+\b")
_MOST_ANSWERS = 4096
_LONGEST_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Compiled:
    """One condition, compiled, with the answers that it gave.

    An evaluation costs 5 microseconds and more, 25 with a pattern, which CEL compiles anew each
    time; making the facts ready for CEL costs 20. Answers follow from the facts that the condition
    reads alone: remembering them, or forgetting them all when they are many, changes nothing.
    """

    expression: Any
    names: tuple[str, ...]
    """The facts that it reads."""
    answers: dict[tuple[Any, ...], bool] = field(default_factory=dict, compare=False, repr=False)


@dataclass(slots=True)
class Facts:
    """A lead as conditions see it; made once per lead, asked by many conditions."""

    compiled: Mapping[str, Compiled]
    values: Mapping[str, Any]
    environment: Any
    _activation: Any = None

    def activation(self) -> Any:
        """The values as CEL takes them: made when the first condition is evaluated."""
        if self._activation is None:
            self._activation = self.environment.Activation(self.values)
        return self._activation


@dataclass(frozen=True, slots=True)
class Conditions:
    """The compiled conditions of one vocabulary, by their text."""

    environment: Any
    unknown: Mapping[str, Any]
    numbers: frozenset[str]
    compiled: Mapping[str, Compiled]

    def facts(self, values: Mapping[str, Any]) -> Facts:
        """Facts from values by variable name; what is absent or None is unknown.

        Names that the vocabulary does not have are ignored.
        """
        known = dict(self.unknown)
        for name in known:
            value = values.get(name)
            if value is not None:
                # Adding 0.0 takes the sign off a zero: equal facts must give equal answers.
                known[name] = float(value) + 0.0 if name in self.numbers else value
        return Facts(self.compiled, known, self.environment)


def holds(condition: str, facts: Facts) -> bool:
    """Whether the condition is true of the facts; a failing evaluation counts as false.

    Raises `KeyError` for a text that is not a condition of the policy.
    """
    compiled = facts.compiled[condition]
    key = tuple([facts.values[name] for name in compiled.names])
    answer = compiled.answers.get(key)
    if answer is None:
        answer = _is_true(compiled.expression, facts.activation())
        _remember(compiled, key, answer=answer)
    return answer


def _is_true(expression: Any, activation: Any) -> bool:
    """Errors of CEL are values, but one that it raises: when loops inside loops pass its budget."""
    try:
        return expression.eval(activation).value() is True
    except RuntimeError:
        return False


def _remember(compiled: Compiled, key: tuple[Any, ...], *, answer: bool) -> None:
    if len(compiled.answers) >= _MOST_ANSWERS:
        compiled.answers.clear()
    if sum(len(value) for value in key if isinstance(value, str)) <= _LONGEST_REMEMBERED:
        compiled.answers[key] = answer


def scoring_conditions(document: Document) -> Iterator[tuple[Path, str]]:
    """Every condition over SCORING with its path."""
    for index, rule in enumerate(document.scoring.attributes):
        yield ("scoring", "attributes", index, "when"), rule.when


def routing_conditions(document: Document) -> Iterator[tuple[Path, str]]:
    """Every condition over ROUTING with its path."""
    for name, desk in document.desks.items():
        at: Path = ("desks", name)
        if desk.when is not None:
            yield (*at, "when"), desk.when
        for index, team_rule in enumerate(desk.team_rules):
            yield (*at, "team_rules", index, "when"), team_rule.when
        for index, pool in enumerate(desk.pools):
            yield (*at, "pools", index, "when"), pool.when
    for name, team in document.teams.items():
        yield from _of_team(("teams", name), team)


def _of_team(at: Path, team: Team) -> Iterator[tuple[Path, str]]:
    if team.push.when is not None:
        yield (*at, "push", "when"), team.push.when
    for index, specialty in enumerate(team.specialties):
        yield (*at, "specialties", index, "when"), specialty.when
    for index, cap in enumerate(team.caps):
        if cap.when is not None:
            yield (*at, "caps", index, "when"), cap.when


def compile_conditions(
    vocabulary: Mapping[str, Kind], found: Iterable[tuple[Path, str]], source: YamlText
) -> tuple[Conditions, list[Problem]]:
    """The conditions that compile, and a problem for each that does not."""
    environment = cel.NewEnv(variables={name: _TYPES[kind] for name, kind in vocabulary.items()})
    compiled: dict[str, Compiled] = {}
    problems: list[Problem] = []
    for path, text in found:
        try:
            compiled[text] = _compile(environment, text, vocabulary)
        except _Refused as refused:
            line, column = _locate(source, path, refused.line, refused.column)
            problems.append(Problem(line, column, spell(path), refused.reason))
    unknown = {name: _UNKNOWN[kind] for name, kind in vocabulary.items()}
    numbers = frozenset(name for name, kind in vocabulary.items() if kind == "number")
    return Conditions(environment, unknown, numbers, compiled), problems


class _Refused(ValueError):
    """Why a condition cannot be used, with the place inside the expression."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        self.line, self.column, self.reason = line, column, reason


def _compile(environment: Any, text: str, vocabulary: Mapping[str, Kind]) -> Compiled:
    expression = _checked(environment, text, vocabulary)
    if expression.return_type() != cel.Type.BOOL:
        name = expression.return_type().name().lower()
        raise _Refused(1, 1, f"a condition must be true or false, but this gives a value ({name})")
    for found in _PATTERN.finditer(text):
        _try_pattern(environment, text, found)
    if all(_fails(environment, expression, vocabulary, values) for values in (_UNKNOWN, _KNOWN)):
        raise _Refused(1, 1, "this fails for every lead, so it would never hold")
    # A name inside a quoted text only makes the memory needlessly fine.
    read = set(_NAME.findall(text))
    return Compiled(expression, tuple(name for name in vocabulary if name in read))


def _fails(
    environment: Any, expression: Any, vocabulary: Mapping[str, Kind], values: Mapping[Kind, Any]
) -> bool:
    facts = environment.Activation({name: values[kind] for name, kind in vocabulary.items()})
    try:
        return bool(expression.eval(facts).type() == cel.Type.ERROR)
    except RuntimeError:
        return True  # loops inside loops pass CEL's budget


def _checked(environment: Any, text: str, vocabulary: Mapping[str, Kind]) -> Any:
    try:
        return environment.compile(text)
    except RuntimeError as error:
        found = _COMPLAINT.search(str(error))
        if found is None:
            raise _Refused(1, 1, "this is nested too deep for a condition") from None
        reason = _readable(found[3], vocabulary)
        raise _Refused(int(found[1]), int(found[2]), reason) from None


def _try_pattern(environment: Any, text: str, found: re.Match[str]) -> None:
    """A bad pattern would only fail, silently as false, when a lead comes: so try it now."""
    value = environment.compile(f"''.matches({found[1]})").eval(environment.Activation({}))
    if value.type() == cel.Type.ERROR:
        line = text.count("\n", 0, found.start(1)) + 1
        column = found.start(1) - (text.rfind("\n", 0, found.start(1)) + 1) + 1
        words = str(value.value()).partition("invalid regular expression: ")[2]
        raise _Refused(line, column, f"the pattern of matches() is not valid: {words}")


def _readable(reason: str, vocabulary: Mapping[str, Kind]) -> str:
    undeclared = _UNDECLARED.search(reason)
    if undeclared:
        return _unknown_name(undeclared[1], vocabulary)
    overload = _OVERLOAD.search(reason)
    if overload:
        sign = overload[1].strip("_").replace("_", " ")
        kinds = overload[2].replace(", ", " and ")
        return (
            f"{sign!r} cannot be applied to {kinds} (a double needs a decimal point, such as 1.0)"
        )
    return f"this is not a condition: {reason.partition(' expecting ')[0]}"


def _unknown_name(name: str, vocabulary: Mapping[str, Kind]) -> str:
    if name in SCORING and vocabulary is ROUTING:
        return f"{name!r} is known only while a lead is scored, not when it is routed"
    if name in ROUTING and vocabulary is SCORING:
        return f"{name!r} is known only after a lead is scored, so no score rule can use it"
    return f"{name!r} is not a fact about a lead{nearest(name, vocabulary)}"


def _locate(source: YamlText, path: Path, line: int, column: int) -> tuple[int, int]:
    """Where a place inside an expression stands in the policy's text.

    Exact for literal blocks (`|`) and for texts on one line; else the place of the value.
    """
    place = source.values[path]
    if place.style == "|":
        return place.line + line, _indentation(source.text, place.line) + column
    if place.lines == 1 and line == 1 and place.style != ">":
        return place.line, place.column + len(place.style) + column - 1
    return place.line, place.column


def _indentation(text: str, line: int) -> int:
    """Spaces before the first written line behind a line (counted from 1)."""
    written = (row for row in text.split("\n")[line:] if row.strip())
    first = next(written, "")
    return len(first) - len(first.lstrip(" "))
