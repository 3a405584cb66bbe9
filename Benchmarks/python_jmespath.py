"""Nanoseconds a search with jmespath.py: python_jmespath.py EXPRESSION COUNT < ROWS"""
import json
import sys
import time

import jmespath

expression = jmespath.compile(sys.argv[1])
count = int(sys.argv[2])
rows = [json.loads(line) for line in sys.stdin]


def run(passes):
    start = time.perf_counter_ns()
    for index in range(passes):
        json.dumps(expression.search(rows[index % len(rows)]), separators=(",", ":"))
    return (time.perf_counter_ns() - start) / passes


run(count // 10 + 1)
print(round(sorted(run(count) for _ in range(7))[3]))
