"""CPU time instead of time: what repeats better on a machine that does other work, too.

jmespath_cpu.py PROGRAM PEERS MODULES ROWS < EXPRESSIONS

Nanoseconds of user time a search, the difference of a longer and a shorter run, best of three.
PROGRAM is JMESPathBenchmark, ROWS a file of JSON lines; jmespath.sh calls this where CPU is set.
"""
import os
import resource
import subprocess
import sys

program, peers, modules, rows = sys.argv[1:]
python = os.environ.get("PYTHON", "python3")
script = os.path.join(os.path.dirname(__file__), "python_jmespath.py")
search = os.path.join(peers, "jmespath", "search.mjs")


def user_time(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with open(rows) as data:
        subprocess.run(command, stdin=data, stdout=subprocess.DEVNULL, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def nanoseconds(command, count):
    """All three do seven passes of as many searches as they are told."""
    best = float("inf")
    for _ in range(3):
        short, long = user_time(command(count)), user_time(command(3 * count))
        best = min(best, (long - short) * 1e9 / (2 * count * 7))
    return best


for line in sys.stdin:
    expression = line.rstrip("\n")
    ours = nanoseconds(lambda n: [program, expression, str(n)], 40000)
    theirs = nanoseconds(lambda n: [python, script, expression, str(n)], 1500)
    node = ["node", search, "--modules", modules, "--bench", expression, "--rows"]
    script_engine = nanoseconds(lambda n: node + [str(n)], 40000)
    print(expression)
    print(f"  sluice {ours:.0f}, jmespath.py {theirs:.0f} ({theirs / ours:.0f} x), "
          f"jmespath.js {script_engine:.0f} ({script_engine / ours:.1f} x)", flush=True)
