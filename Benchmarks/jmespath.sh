#!/bin/sh
# JMESPath against jmespath.py and jmespath.js: the same expressions and rows, one after the other.
#
#   Benchmarks/jmespath.sh [SEARCHES]        default 200,000 a pass
#
# PYTHON names an interpreter that has jmespath (pip install jmespath); PEERS the folder of the
# rivals (default ../shared/peers), MODULES the folder of node's modules (default $PEERS/js). The
# rows are those of the peers; a rival that is not there is left out.
# With CPU=1 user time is compared, which other work on the machine disturbs less.
set -eu
cd "$(dirname "$0")/.."
searches=${1:-200000}
peers=$(cd "${PEERS:-../shared/peers}" && pwd)
modules=${MODULES:-$peers/js}
python=${PYTHON:-python3}
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
node --input-type=module -e "
import { customers } from '$peers/liquid/modules.mjs'
for (const data of customers())
  console.log(JSON.stringify({ data, metadata: { model: { name: 'customers' } } }))" > "$rows"
program=$(Benchmarks/build JMESPathBenchmark)
compare() {
  while read -r expression; do
    ours=$("$program" "$expression" "$searches" < "$rows")
    printf '%s\n  %-14s %8d ns a search\n' "$expression" sluice "$ours"
    if theirs=$("$python" Benchmarks/python_jmespath.py "$expression" $((searches / 10)) < "$rows" 2>/dev/null)
    then
      printf '  %-14s %8d ns a search, %d x\n' jmespath.py "$theirs" $((theirs / ours))
    fi
    if theirs=$(node "$peers/jmespath/search.mjs" --modules "$modules" --bench "$expression" --rows "$searches" 2>/dev/null)
    then
      theirs=$(echo "$theirs" | sed 's/.*"ns_per_row":\([0-9]*\).*/\1/')
      printf '  %-14s %8d ns a search, %d x\n' jmespath.js "$theirs" $((theirs / ours))
    fi
  done
}
if [ -n "${CPU:-}" ]; then
  compare() { "$python" Benchmarks/jmespath_cpu.py "$program" "$peers" "$modules" "$rows"; }
fi
compare <<'EXPRESSIONS'
data.email
{id: data.id, name: data.full_name, model: metadata.model.name, tags: data.attrs.tags}
data.attrs.tags[?@ != 'b'] | join(', ', @)
EXPRESSIONS
