"""The story of one lead, told from the events that were sent about it. Pure: no clock, no I/O."""
