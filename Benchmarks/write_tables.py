"""Puts what was measured into a document, between the two comments that name it.

    python3 Benchmarks/write_tables.py DOCUMENT < TABLES
"""

import sys
from pathlib import Path

BEGIN, END = "<!-- measured by Benchmarks/run -->", "<!-- end of what was measured -->"


def main():
    document = Path(sys.argv[1])
    before, rest = document.read_text().split(BEGIN)
    _, after = rest.split(END)
    lines = "".join(f"    {line}".rstrip() + "\n" for line in sys.stdin.read().splitlines())
    document.write_text(f"{before}{BEGIN}\n\n{lines}\n{END}{after}")


main()
