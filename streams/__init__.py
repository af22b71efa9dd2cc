"""What is decided and why: policy, rows, rules and steps; pure functions without clock or I/O."""
