"""A hot lead never waits behind an upload."""

import pytest

from tests.pace import in_time
from tests.proof.made_leads import made_leads
from tests.proof.oracle import findings, read
from tests.proof.running import Pipeline, Places

UPLOAD, LIVE = 4_000, 300
RATE = 30.0
"""Live leads a second: more often than intake looks for records."""
LIVE_S = 5.0
MOVED = 200
"""So many of the upload at least have their place while live leads keep coming."""


@pytest.mark.slow
def test_live_leads_pass_an_upload(pipeline: Pipeline) -> None:
    """Live leads have their place long before an upload's last, which goes on beside them."""
    upload = list(made_leads(UPLOAD, seed=6, bad_every=10**9))
    live = list(made_leads(LIVE, seed=7, bad_every=10**9))
    pipeline.send(upload, topic="leads.bulk")
    pipeline.start("all")
    pipeline.wait_ready("all")
    places = Places(pipeline.kafka)
    places.wait(200, 0, timeout_s=60)
    before = len(places.placed)
    pipeline.send(live, rate=RATE)
    while places.look():
        pass
    moved = len(places.placed) - before - LIVE
    places.wait(UPLOAD + LIVE, 0, timeout_s=120)
    pipeline.stop()

    delays = places.delays_s(pipeline.captured_ms)
    slowest_live = max(delays[made.lead_id] for made in live if made.fate == "lead")
    slowest_upload = max(delays[made.lead_id] for made in upload if made.fate == "lead")
    print(
        f"slowest live lead {slowest_live:.2f} s, slowest of the upload {slowest_upload:.2f} s, "
        f"{moved} of it meanwhile"
    )
    assert findings([*upload, *live], read(pipeline.kafka)) == []
    assert slowest_live < slowest_upload
    assert in_time(slowest_live, LIVE_S)
    assert moved > MOVED
    places.close()
