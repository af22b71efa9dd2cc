"""Who does it: the ledger on Kafka, settings, telemetry, edges and the command line."""
