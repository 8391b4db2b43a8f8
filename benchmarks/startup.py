"""Time to the first word: `import cxnlp` and `cxnlp --help`.

Usage: python benchmarks/startup.py
Prints the best of several runs, with what a bare interpreter takes beside it; fails at 0.3 s or more.
"""

from __future__ import annotations

import subprocess
import sys
import time

LIMIT_SECONDS = 0.3
RUNS = 7


def best_of_runs(*arguments: str) -> float:
    """Seconds that the quickest of several runs of the interpreter took: the others were disturbed."""
    return min(run_once(*arguments) for _ in range(RUNS))


def run_once(*arguments: str) -> float:
    """Seconds from start to end of one run."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print, and say by the exit status whether the limit is kept."""
    run_once("-m", "cxnlp", "--help")  # fills the caches of compiled modules
    bare = best_of_runs("-c", "pass")
    imported = best_of_runs("-c", "import cxnlp")
    helped = best_of_runs("-m", "cxnlp", "--help")
    print(f"bare interpreter {bare:.3f} s, import cxnlp {imported:.3f} s ({imported / bare:.1f} times)")
    print(f"cxnlp --help {helped:.3f} s ({helped / bare:.1f} times a bare interpreter), limit {LIMIT_SECONDS} s")
    return int(max(imported, helped) >= LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
