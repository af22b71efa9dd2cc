"""The whole pipeline's own turns on a Kafka in memory, interleaved by chance."""
