# SPDX-License-Identifier: BSD-3-Clause
# Shared by the scripts of this folder: STARLING and SOURCE from the command line, a directory of one's
# own to work in, and ways to expect things.
set -uo pipefail
STARLING=$1
SOURCE=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
  echo "FAILED: $*" >&2
  failures=$((failures + 1))
}

# expect CODE REGEX COMMAND...: exit code, and lines of stderr that begin with "starling: error: ", of
# which one matches and no two are the same. REGEX may be empty.
expect() {
  local code=$1 pattern=$2
  shift 2
  "$@" >out.log 2>err.log </dev/null
  local got=$?
  [[ $got == "$code" ]] || fail "$* ended with $got, not $code: $(head -c 600 err.log)"
  if [[ -n $pattern ]]; then
    grep -qE "^starling: error: .*$pattern" err.log || fail "$*: no '$pattern' in: $(head -c 600 err.log)"
    [[ -z $(grep '^starling: error' err.log | sort | uniq -d) ]] ||
      fail "$*: said twice: $(head -c 900 err.log)"
  fi
}

ranks() {
  local n=$1
  shift
  mpirun -n "$n" "$@"
}

# Every number of both files, bit for bit; provenance tells where a file comes from and may differ.
same_results() {
  h5diff --exclude-path /provenance "$1" "$2" >diff.log 2>&1 || fail "$1 and $2 differ: $(head -5 diff.log)"
  [[ -s $1 ]] || fail "$1 is not there"
}

# stop_and_go WHOLE PARTS ARGUMENTS...: runs to PARTS, stopped at fifths of the time that WHOLE took, each time
# later, so that the run gets on even where several ranks share a core, on 2, 3, 1, 2, ... ranks.
stop_and_go() {
  local whole=$1 parts=$2 stops=0 code=85 seconds
  shift 2
  seconds=$(h5dump -y -d /provenance/wall_seconds "$whole" | grep -oE '[0-9.]+(e[-+][0-9]+)?$' | tail -1)
  while [[ $code == 85 && $stops -lt 6 ]]; do
    stops=$((stops + 1))
    ranks $((stops % 3 + 1)) "$STARLING" "$@" --output "$parts" \
      --max-wall "$(awk "BEGIN { printf \"%.4f\", $stops * $seconds / 5 }")" >out.log 2>err.log
    code=$?
  done
  if [[ $code == 85 ]]; then
    expect 0 "" ranks 2 "$STARLING" "$@" --output "$parts"
    code=0
  fi
  [[ $code == 0 ]] || fail "$* ended with $code: $(head -c 300 err.log)"
  ((stops > 1)) || fail "$* was never stopped"
  same_results "$whole" "$parts"
}

finish() {
  ((failures == 0)) || exit 1
  echo "ok"
}
