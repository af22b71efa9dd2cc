"""Alert rules, dashboard and run-book, held to each other and to what a worker exports."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from ruamel.yaml import YAML

from agents import dashboard, instruments
from agents.instruments import INSTRUMENTS
from agents.prometheus import label, series
from tests import promtool
from tests.house.checks import ROOT
from tests.kafka_jars import in_ci

FOLDER = ROOT / "deploy" / "monitoring"
ALERTS = (FOLDER / "alerts.yaml").read_text(encoding="utf-8")
ALERTS_TEST = (FOLDER / "alerts_test.yaml").read_text(encoding="utf-8")
RUNBOOK = (ROOT / "deploy" / "runbook.md").read_text(encoding="utf-8")
NAME = re.compile(r"\b(?:leadstream|messaging|error)[_:][a-z_]+\b")
SELECTOR = re.compile(r"\b([a-z_:]+)\{([^}]*)\}")
PARAGRAPH = re.compile(r"^## (\w+)\n\n(.+?)(?=\n\n|\n*\Z)", re.MULTILINE | re.DOTALL)
TEXT = re.compile(r'"[^"]*"')


def rules(text: str = ALERTS) -> list[dict[str, Any]]:
    """All rules."""
    loaded = YAML(typ="safe").load(text)
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def alerts(text: str = ALERTS) -> dict[str, dict[str, Any]]:
    """Those that alert, by name."""
    return {rule["alert"]: rule for rule in rules(text) if "alert" in rule}


def dashboard_queries() -> list[str]:
    """The PromQL of every panel."""
    return [
        target["expr"]
        for panel in dashboard.dashboard()["panels"]
        for target in panel.get("targets", ())
    ]


def exported() -> dict[str, set[str]]:
    """Every series that comes of our metrics, with its labels."""
    return {
        name: {label(one) for one in each.attributes} | {"le", "instance", "job"}
        for each in INSTRUMENTS
        for name in series(each)
    }


def unknown(queries: list[str]) -> Iterator[str]:
    """Names in queries that no worker exports, and labels that a series does not have."""
    known = exported() | {rule["record"]: set() for rule in rules() if "record" in rule}
    labels = set().union(*known.values())
    for query in queries:
        for name in NAME.findall(TEXT.sub("", query)):
            if name not in known and name not in labels:
                yield f"{name} is exported by nobody"
        for name, inside in SELECTOR.findall(query):
            for each in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", TEXT.sub("", inside)):
                if name in known and each not in known[name]:
                    yield f"{name} has no label {each}"


def test_rules_and_dashboard_ask_for_what_is_exported_and_nothing_else() -> None:
    """After the translation of names to Prometheus' own."""
    assert list(unknown([rule["expr"] for rule in rules()])) == []
    assert list(unknown(dashboard_queries())) == []


@pytest.mark.parametrize(
    "query",
    [
        "rate(leadstream_dead_letters[5m])",
        "leadstream_partition_lag_messages > 3",
        "sum by (leadstream_stag) (leadstream_partition_lag)",
        'leadstream_partition_lag{leadstream_outcome="assigned"}',
        "leadstream_lead_latency_bucket",
        "messaging_client_consumed_messages",
    ],
)
def test_a_name_that_nobody_exports_would_be_noticed(query: str) -> None:
    """Twin: a suffix forgotten, a name misspelt, a label of another metric."""
    assert list(unknown([query])) != []


def test_names_are_translated_as_prometheus_does_it() -> None:
    """UnderscoreEscapingWithSuffixes: dots, units, `_total`; a unit in braces says nothing."""
    assert series(instruments.LATENCY) == (
        "leadstream_lead_latency_seconds_bucket",
        "leadstream_lead_latency_seconds_count",
        "leadstream_lead_latency_seconds_sum",
    )
    assert series(instruments.CONSUMED) == ("messaging_client_consumed_messages_total",)
    assert series(instruments.LAG) == ("leadstream_partition_lag",)
    assert series(instruments.BATCH)[1] == "leadstream_batch_size_count"
    assert label(instruments.PARTITION) == "messaging_destination_partition_id"


def test_every_metric_is_on_the_dashboard() -> None:
    """What is worth exporting is worth looking at."""
    text = "\n".join(dashboard_queries())
    assert [one.name for one in INSTRUMENTS if not any(name in text for name in series(one))] == []


def test_the_dashboard_that_is_committed_is_the_one_that_the_code_writes() -> None:
    """`python -m agents.dashboard deploy/monitoring/dashboard.json` writes it anew."""
    assert (FOLDER / "dashboard.json").read_bytes() == dashboard.written()


def test_another_dashboard_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: a panel more."""
    more = {**dashboard.ROWS, "More": dashboard.ROWS["Errors"]}
    monkeypatch.setattr(dashboard, "ROWS", more)
    assert (FOLDER / "dashboard.json").read_bytes() != dashboard.written()


def test_panels_are_apart_and_say_what_they_show() -> None:
    """No two in one place, no two of one id; each has a unit, a meaning and legends."""
    panels = dashboard.dashboard()["panels"]
    graphs = [panel for panel in panels if panel["type"] == "timeseries"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(one["gridPos"]["x"], one["gridPos"]["y"]) for one in graphs}) == len(graphs)
    assert all(one["description"] and one["fieldConfig"]["defaults"]["unit"] for one in graphs)
    with_exemplars = [one["title"] for one in graphs if any(t["exemplar"] for t in one["targets"])]
    assert with_exemplars == ["From capture to the first place"]


def wrong_links(text: str, runbook: str) -> Iterator[str]:
    """Alerts without a paragraph of their own, and paragraphs without an alert."""
    paragraphs = dict(PARAGRAPH.findall(runbook))
    for name, alert in alerts(text).items():
        if alert["annotations"].get("runbook_url") != f"deploy/runbook.md#{name.lower()}":
            yield f"{name} does not link to its paragraph"
        told = " ".join(paragraphs.get(name, "").split())
        if not all(f"**{head}:**" in told for head in ("Means", "Look at", "Do")):
            yield f"{name} has no paragraph that says what it means, what to look at, what to do"
        if alert["labels"].get("severity") not in {"page", "ticket"}:
            yield f"{name} has no severity"
        if not {"summary", "description"} <= set(alert["annotations"]):
            yield f"{name} has no summary or description"
    yield from (f"{name} is no alert" for name in paragraphs if name not in alerts(text))


def test_each_alert_links_to_its_paragraph_in_the_run_book() -> None:
    """Issue 5; the paragraph says what it means, what to look at and what to do."""
    assert len(alerts()) > 10
    assert list(wrong_links(ALERTS, RUNBOOK)) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("runbook.md#leadstreamlaghigh", "runbook.md#leadstreamlag"),
        ("alert: LeadstreamLagHigh", "alert: LeadstreamLagVeryHigh"),
        ("  severity: page", "  severity: whatever"),
    ],
)
def test_a_wrong_link_would_be_noticed(right: str, wrong: str) -> None:
    """Twin, in the rules."""
    assert right in ALERTS
    assert list(wrong_links(ALERTS.replace(right, wrong, 1), RUNBOOK)) != []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("## LeadstreamLagHigh", "## LagHigh"), ("**Do:** start another", "Start another")],
)
def test_a_missing_paragraph_would_be_noticed(right: str, wrong: str) -> None:
    """Twin, in the run-book."""
    assert right in RUNBOOK
    assert list(wrong_links(ALERTS, RUNBOOK.replace(right, wrong, 1))) != []


def test_each_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    """By their names; promtool runs them."""
    names = [test["name"] for test in YAML(typ="safe").load(ALERTS_TEST)["tests"]]
    for alert in alerts():
        own = [name for name in names if alert in name]
        assert [name for name in own if "keeps silent" not in name], alert
        assert [name for name in own if "keeps silent" in name], alert


# -- with promtool


@pytest.fixture
def checker() -> None:
    """Skips with the reason where no promtool can be had; under CI=true that fails."""
    try:
        promtool.promtool()
    except promtool.PromtoolUnavailableError as error:
        sentence = f"{error} Install Debian's package prometheus, and run the tests again."
        if in_ci():
            pytest.fail(f"{sentence} CI=true, so this test may not be skipped.", pytrace=False)
        pytest.skip(sentence)


@pytest.mark.usefixtures("checker")
def test_promtool_finds_nothing_wrong() -> None:
    """Rules, their tests, and the composed Prometheus' own settings."""
    for words in (
        ("check", "rules", FOLDER / "alerts.yaml"),
        ("test", "rules", FOLDER / "alerts_test.yaml"),
        ("check", "config", "--syntax-only", ROOT / "deploy" / "compose" / "prometheus.yaml"),
    ):
        code, said = promtool.run(*words)
        assert code == 0, said


def as_rules(queries: list[str]) -> str:
    """Queries as recording rules, which promtool parses; Grafana's variables as values."""
    return orjson.dumps({
        "groups": [{
            "name": "panels",
            "rules": [
                {"record": f"panel:{number}", "expr": query.replace("$__rate_interval", "1m")}
                for number, query in enumerate(queries)
            ],
        }]
    }).decode()  # fmt: skip


@pytest.mark.usefixtures("checker")
def test_promtool_can_read_what_each_panel_asks_for(tmp_path: Path) -> None:
    """And the twin: a parenthesis that is missing in the last one is found."""
    queries = dashboard_queries()
    assert len(queries) > len(INSTRUMENTS)
    for asked, wanted in ((queries, 0), ([*queries[:-1], queries[-1].replace(")", "", 1)], 1)):
        (tmp_path / "panels.yaml").write_text(as_rules(asked), encoding="utf-8")
        code, said = promtool.run("check", "rules", "--lint=none", tmp_path / "panels.yaml")
        assert code == wanted, said


@pytest.mark.usefixtures("checker")
@pytest.mark.parametrize("alert", alerts())
def test_an_alert_that_never_fires_or_always_would_be_noticed(alert: str, tmp_path: Path) -> None:
    """Twin: its expression replaced, and promtool's tests fail."""
    for always, expression in ((False, "vector(0) > 1"), (True, "vector(1)")):
        text = changed(alert, expression)
        (tmp_path / "alerts.yaml").write_text(text, encoding="utf-8")
        write_own_tests(alert, tmp_path / "alerts_test.yaml")
        assert promtool.run("check", "rules", tmp_path / "alerts.yaml")[0] == 0
        code, said = promtool.run("test", "rules", tmp_path / "alerts_test.yaml")
        assert code != 0, f"{alert}, always {always}: {said}"


def write_own_tests(alert: str, file: Path) -> None:
    """The tests of one alert alone: all of them take some seconds."""
    loaded = YAML(typ="safe").load(ALERTS_TEST)
    loaded["tests"] = [test for test in loaded["tests"] if alert in test["name"]]
    YAML(typ="safe").dump(loaded, file)


def changed(alert: str, expression: str) -> str:
    """The rules with another expression for one alert."""
    found = re.compile(
        rf"(- alert: {alert}\n(?:\s+#[^\n]*\n)*\s+expr: ).*?(?=\n\s+(?:for|labels):)", re.DOTALL
    )
    text, number = found.subn(rf"\g<1>{expression}", ALERTS)
    assert number == 1, alert
    return text


@pytest.mark.usefixtures("checker")
def test_a_misspelt_function_would_be_noticed(tmp_path: Path) -> None:
    """Twin: promtool reads PromQL."""
    (tmp_path / "alerts.yaml").write_text(ALERTS.replace("rate(", "ratio(", 1), encoding="utf-8")
    assert promtool.run("check", "rules", tmp_path / "alerts.yaml")[0] != 0
