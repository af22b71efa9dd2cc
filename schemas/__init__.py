"""What is said: events, the catalogue of topics, the codec and the generated Avro schemas."""
