#!/bin/sh
# Liquid against python-liquid and LiquidJS: the same templates and rows, one after the other.
#
#   Benchmarks/liquid.sh [RENDERS]        default 200,000 a pass
#
# PYTHON names an interpreter that has python-liquid (pip install python-liquid); PEERS the folder
# of the rivals (default ../shared/peers), LIQUIDJS the folder of node's modules (default $PEERS/js).
# A rival that is not there is left out.
set -eu
cd "$(dirname "$0")/.."
renders=${1:-200000}
peers=${PEERS:-../shared/peers}
modules=${LIQUIDJS:-$peers/js}
python=${PYTHON:-python3}
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
program=$(Benchmarks/build LiquidBenchmark)
"$program" rows > "$rows"
for template in message loop; do
  file=Benchmarks/templates/$template.liquid
  "$program" "$file" "$rows" "$renders"
  ours=$("$program" "$file" "$rows" "$renders" | awk '/values/ { print $5 }')
  if theirs=$("$python" Benchmarks/python_liquid.py "$file" "$rows" $((renders / 20)) 2>/dev/null)
  then
    echo "$template python-liquid $theirs $ours" |
      awk '{ printf "%-8s %-24s %9.0f ns a render, %.0f x\n", $1, $2, $3, $3 / $4 }'
  fi
  if theirs=$(node "$peers/liquid/render.mjs" --modules "$modules" --bench "$file" --data "$rows" \
    --rows "$renders" 2>/dev/null)
  then
    echo "$template liquidjs $(echo "$theirs" | sed 's/.*"ns_per_row":\([0-9]*\).*/\1/') $ours" |
      awk '{ printf "%-8s %-24s %9.0f ns a render, %.0f x\n", $1, $2, $3, $3 / $4 }'
  fi
done
