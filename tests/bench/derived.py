"""Every owner of 100 000 generated leads, derived again: `python -m tests.bench.derived`.

Another number of leads as argument. Ends with the first decision that the verifier does not derive.
"""

import sys
from time import perf_counter

from tests.streams.steps.generated import Life

LEADS, EACH = 100_000, 500


def main() -> None:
    """Prints what was derived, and how long it took."""
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else LEADS
    begin, derived, full = perf_counter(), 0, 0
    methods: set[str] = set()
    for seed in range(leads // EACH):
        life = Life(seed).live(EACH)
        derived += life.derived
        full += life.desk.caps.passed_over
        methods |= life.methods
    took = perf_counter() - begin
    print(f"{derived} decisions about {leads} leads derived again in {took:.0f} s")
    print(f"{full} times somebody was full by a cap, counted again")
    print("methods:", ", ".join(sorted(methods)))


if __name__ == "__main__":
    main()
