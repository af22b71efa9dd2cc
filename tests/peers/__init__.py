"""The same work in several stream processors, measured by `tests/bench/peers.py`."""
