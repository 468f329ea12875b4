"""CPU seconds of `curation --help` beside a bare Python's: `python -m benchmarks.startup`."""

import os
import resource
import statistics
import subprocess
import sys

RUNS = 9


def cpu(*command: str) -> float:
    """CPU seconds (user and system) of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Run both in turn and print the medians and the ratio."""
    help_, bare = [], []
    for _ in range(RUNS):
        help_.append(cpu(sys.executable, "-m", "curation", "--help"))
        bare.append(cpu(sys.executable, "-c", "pass"))
    a, b = statistics.median(help_), statistics.median(bare)
    print(f"{os.cpu_count()} cores, median of {RUNS} runs, CPU seconds")
    print(f"curation --help  {a:.3f}\npython -c pass   {b:.3f}\ndifference       {a - b:.3f}")


if __name__ == "__main__":
    main()
