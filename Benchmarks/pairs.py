"""Two shell commands in turn: medians of wall and CPU seconds, and of each pair's own ratio.

    python3 Benchmarks/pairs.py ROUNDS NAME COMMAND YARDSTICK COMMAND

One pair more runs first and is not counted.
"""

import resource
import statistics
import subprocess
import sys
import time


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(["bash", "-c", command], check=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    rounds, names, commands = int(sys.argv[1]), sys.argv[2::2], sys.argv[3::2]
    results = ([], [])
    for number in range(rounds + 1):
        for which in (0, 1) if number % 2 else (1, 0):
            result = timed(commands[which])
            if number:
                results[which].append(result)
    for name, values in zip(names, results):
        wall, cpu = (statistics.median(value[place] for value in values) for place in (0, 1))
        print(f"{name:15} {wall:.3f} s, {cpu:.3f} s CPU")
    ratio = statistics.median(mine[0] / theirs[0] for mine, theirs in zip(*results))
    print(f"{'ratio':15} {ratio:.2f}")


main()
