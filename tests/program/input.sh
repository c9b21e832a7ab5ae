# SPDX-License-Identifier: BSD-3-Clause
source "$(dirname "$0")/common.sh"
input=$SOURCE/inputs/$3

verb=simulate
grep -q '^\[assimilation\]' "$input" && verb=assimilate
grep -q '^\[dataset\]' "$input" && verb=generate
for word in problem reference expected cost; do
  grep -qE "^# $word  " "$input" || fail "$3: its header has no line '# $word'"
done

expect 0 "" "$STARLING" $verb "$input" --validate
grep -q "the input is valid" out.log || fail "$3: no cost report"

# The [test] table: ranks, on all of which results are the same, and overrides that make the run short.
# Data sets are the same bytes.
same() {
  if [[ $verb == generate ]]; then
    cmp "$1/MANIFEST.sha256" "$2/MANIFEST.sha256" || fail "$1 and $2 differ"
    (cd "$2" && sha256sum --quiet -c MANIFEST.sha256) || fail "$2 is not what its MANIFEST.sha256 says"
  else
    same_results "$1" "$2"
  fi
}
mapfile -t overrides < <(sed -n '/^\[test\]/,$p' "$input" | sed -n 's/^set = \[\(.*\)\]/\1/p' |
  grep -oE '"[^"]*"' | tr -d '"')
settings=()
for setting in "${overrides[@]}"; do settings+=(--set "$setting"); done
first=
for n in $(sed -n '/^\[test\]/,$p' "$input" | sed -n 's/^ranks = \[\(.*\)\]/\1/p' | tr ',' ' '); do
  expect 0 "" ranks "$n" "$STARLING" $verb "$input" "${settings[@]}" --output "run$n.h5" --force
  same "run${first:=$n}.h5" "run$n.h5"
done
[[ $verb != generate ]] || expect 0 "" "$STARLING" check "run$first.h5"
finish
