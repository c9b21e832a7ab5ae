# SPDX-License-Identifier: BSD-3-Clause
source "$(dirname "$0")/common.sh"
input=$SOURCE/inputs/$3

verb=simulate
grep -q '^\[assimilation\]' "$input" && verb=assimilate
for word in problem reference expected cost; do
  grep -qE "^# $word  " "$input" || fail "$3: its header has no line '# $word'"
done

expect 0 "" "$STARLING" $verb "$input" --validate
grep -q "the input is valid" out.log || fail "$3: no cost report"

# The [test] table: ranks, on all of which results are the same, and overrides that make the run short.
mapfile -t overrides < <(sed -n '/^\[test\]/,$p' "$input" | sed -n 's/^set = \[\(.*\)\]/\1/p' |
  grep -oE '"[^"]*"' | tr -d '"')
settings=()
for setting in "${overrides[@]}"; do settings+=(--set "$setting"); done
first=
for n in $(sed -n '/^\[test\]/,$p' "$input" | sed -n 's/^ranks = \[\(.*\)\]/\1/p' | tr ',' ' '); do
  expect 0 "" ranks "$n" "$STARLING" $verb "$input" "${settings[@]}" --output "run$n.h5" --force
  same_results "run${first:=$n}.h5" "run$n.h5"
done
finish
