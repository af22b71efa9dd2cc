"""Exactly once on Kafka: the only package that knows how a batch becomes a transaction."""
