"""Latency and throughput against a broker: `leadstream bench`."""
