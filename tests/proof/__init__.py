"""The promises held on a real broker: what goes in, what comes out, and an oracle between."""
