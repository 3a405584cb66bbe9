"""Renders a template over rows with python-liquid: nanoseconds a render, median of 7 passes."""

import json
import statistics
import sys
import time

from liquid import Environment

template = Environment().from_string(open(sys.argv[1], encoding="utf-8").read())
rows = [{"row": json.loads(line)} for line in open(sys.argv[2], encoding="utf-8")]
count = int(sys.argv[3])


def one_pass(renders):
    start = time.perf_counter_ns()
    for index in range(renders):
        template.render(rows[index % len(rows)])
    return (time.perf_counter_ns() - start) / renders


one_pass(count // 10)
print(round(statistics.median(one_pass(count) for _ in range(7))))
