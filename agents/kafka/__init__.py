"""The broker as commands and the ledger see it: clients, topics, policies, reading and sending."""
