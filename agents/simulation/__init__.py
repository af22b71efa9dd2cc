"""The whole pipeline without a broker and without a clock: the same stages, time from the input."""
