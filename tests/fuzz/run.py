"""The long run: `python -m tests.fuzz.run --count 1000000`; what breaks is printed with the seed that makes it again."""

import argparse
import time
from random import Random

from tests.fuzz.targets import TARGETS


def main() -> None:
    """Run so many inputs over all targets, a share for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="inputs in all")
    parser.add_argument("--seed", type=int, default=0, help="where to begin")
    parser.add_argument("--only", choices=sorted(TARGETS), help="one target")
    options = parser.parse_args()
    chosen = {options.only: TARGETS[options.only]} if options.only else TARGETS
    whole, broken = sum(target.share for target in chosen.values()), 0
    for name, target in chosen.items():
        count, slowest, begun = round(options.count * target.share / whole), (0.0, 0), time.monotonic()
        for seed in range(options.seed, options.seed + count):
            made = target.make(Random(f"{name} {seed}"))
            started = time.process_time()
            try:
                target.check(made)
            except Exception as error:
                broken += 1
                print(f"{name}: seed {seed} breaks it: {type(error).__name__}: {str(error)[:300]}", flush=True)
            slowest = max(slowest, (time.process_time() - started, seed))
            if (seed - options.seed) % 20_000 == 19_999:
                print(f"{name}: {seed - options.seed + 1} inputs", flush=True)
        took = time.monotonic() - begun
        print(f"{name}: {count} inputs in {took:.0f} s, the slowest {slowest[0]:.2f} s (seed {slowest[1]})", flush=True)
    raise SystemExit(bool(broken))


if __name__ == "__main__":
    main()
