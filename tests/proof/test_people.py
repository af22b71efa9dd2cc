"""People on a broker that denies by default: who is let in, and what each kind may do."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.kafka.reachable import Unreachable, check_reachable
from agents.leaving import STAY_DOWN
from tests.agents.command_line.process import command
from tests.agents.command_line.samples import captured, text
from tests.proof.guarded import PREFIX, Person, user_of, variables
from tests.proof.policies import roomy
from tests.secure_broker import PASSWORD, SecureBroker


def test_a_worker_that_is_not_let_in_stays_down(secure: SecureBroker, tmp_path: Path) -> None:
    """Another start would change nothing; the password is not said."""
    settings = variables(secure.kafka(prefix=PREFIX), user_of("enrich"))
    settings["LEADSTREAM_SASL_PASSWORD"] = "wrong"  # noqa: S105 - is wrong
    ran = command(tmp_path, "worker", "enrich", variables=settings)
    assert (ran.code, len(ran.said())) == (STAY_DOWN, 1), ran.err
    assert "does not let user leadstream-enrich in" in ran.err
    assert "LEADSTREAM_SASL_PASSWORD" in ran.err
    assert not {"wrong", PASSWORD} & set(ran.err.split())


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("LEADSTREAM_SSL_CA_LOCATION", "stranger.pem", "certificate verify failed"),
        ("LEADSTREAM_SECURITY_PROTOCOL", "plaintext", "speaks TLS"),
        ("LEADSTREAM_SECURITY_PROTOCOL", "sasl_plaintext", "speaks TLS"),
        ("LEADSTREAM_SASL_MECHANISM", "SCRAM-SHA-256", "mechanisms: SCRAM-SHA-512"),
        ("LEADSTREAM_SASL_USERNAME", "stranger", "does not let user stranger in"),
    ],
)
def test_who_is_not_let_in_is_told_in_one_sentence_by_which_setting(
    setting: str, value: str, told: str, secure: SecureBroker, person: Person
) -> None:
    """The client tells causes only by the way, and of a missing TLS none at all."""
    Path("stranger.pem").write_bytes(secure.certificates.stranger.read_bytes())
    code, err = person("look", "topics", "check", **{setting: value})
    assert (code, len(err.splitlines())) == (1, 1), err
    assert told in err
    assert setting in err


def test_who_is_hung_up_on_is_told_that_it_may_be_the_protocol(secure: SecureBroker) -> None:
    """A broker with SASL says nothing to who has none; so another start may be worth it."""
    kafka = secure.kafka(prefix=PREFIX).model_copy(update={"security_protocol": "ssl"})
    with pytest.raises(Unreachable, match=r"hangs up: LEADSTREAM_SECURITY_PROTOCOL \(ssl\)"):
        check_reachable(kafka, timeout_s=0.5)


def test_people_may_do_what_they_are_there_for(person: Person) -> None:
    """Each kind with just its rights: commands run to their ends, or to what they ask for."""
    Path("events").write_bytes(text(captured(1)))
    Path("held.jsonl").write_bytes(text(held(2)))
    Path("policy.yaml").write_text(roomy())
    Path("lead.json").write_text(json.dumps(captured(3)["value"]))
    assert person("create", "topics", "check") == (0, "")
    assert person("send", "produce", "events") == (0, "")
    assert person("publish", "policy", "publish", "policy.yaml") == (0, "")
    assert person("publish", "policy", "publish", "policy.yaml", "--shadow") == (0, "")
    assert person("look", "preview", "lead.json") == (0, "")
    assert person("look", "deadletters", "list") == (0, "")
    assert person("look", "policy", "show") == (0, "")
    for arguments in (("explain", "L-none"), ("fairness",), ("policy", "shadow")):
        assert "right" not in person("look", *arguments)[1]
    assert person("steer", "import", "held.jsonl") == (0, "")


def held(number: int) -> dict[str, Any]:
    """A line with a lead that a rep has already."""
    line: dict[str, Any] = captured(number, lead_id=f"held-{number}")
    line["topic"] = "leads.bulk"
    line["value"]["held_by"] = "rep-203"
    return line


@pytest.mark.parametrize(
    ("who", "arguments"),
    [
        ("send", ("explain", "L-1")),
        ("send", ("policy", "show")),
        ("look", ("produce", "events")),
        ("look", ("policy", "publish", "policy.yaml")),
        ("create", ("policy", "show")),
        ("publish", ("preview", "lead.json")),
    ],
)
def test_people_are_refused_what_is_others_to_do(
    who: str, arguments: tuple[str, ...], person: Person
) -> None:
    """In one sentence that says where rights are listed."""
    Path("events").write_bytes(text(captured(1)))
    Path("policy.yaml").write_text(roomy())
    Path("lead.json").write_text(json.dumps(captured(3)["value"]))
    code, err = person(who, *arguments)
    assert (code, len(err.splitlines())) == (1, 1), err
    assert "`leadstream topics rights`" in err
