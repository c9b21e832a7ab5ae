#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# test_local.sh LOCAL_SH: what jobscripts/local.sh does on each exit code and signal.
set -u
local_sh=$1
export STARLING
STARLING=$(dirname "$0")/starling
failures=0
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# expect WHAT HAVE WANT
expect() {
  if [[ $2 != "$3" ]]; then
    printf 'FAILED: %s is "%s", not "%s"\n' "$1" "$2" "$3"
    failures=$((failures + 1))
  fi
}
starts() { wc -l <"$directory/arguments.0"; }

# check NAME CODE STARTS [VARIABLE=VALUE...] -- CODES...
check() {
  local name=$1 code=$2 count=$3 settings=()
  shift 3
  while [[ $1 != -- ]]; do
    settings+=("$1")
    shift
  done
  shift
  rm -f "$directory"/*
  env "${settings[@]}" "$local_sh" simulate "$directory" "$@" >"$directory/log" 2>&1
  expect "$name: exit code" $? "$code"
  expect "$name: starts" "$(starts)" "$count"
}

check "done" 0 1 RANKS=1 -- 0
check "restarts until done" 0 3 RANKS=1 -- 85 85 0
check "bad input" 2 1 RANKS=1 -- 2
check "numerical failure" 70 1 RANKS=1 -- 70
check "I/O" 75 1 RANKS=1 -- 75
check "numerical failure after a restart" 70 2 RANKS=1 -- 85 70
check "restarts are bounded" 85 3 RANKS=1 MAX_RESTARTS=2 -- 85
check "ranks" 0 1 RANKS=3 -- 0
expect "ranks: started" "$(find "$directory" -name 'arguments.*' | wc -l)" 3
check "wall time" 0 1 RANKS=1 MAX_WALL=30 -- 0
expect "wall time: arguments" "$(cat "$directory/arguments.0")" "simulate $directory 0 --max-wall 30"

check "force" 0 2 RANKS=1 -- 85 0 --force
expect "force: first start" "$(sed -n 1p "$directory/arguments.0")" "simulate $directory 85 0 --force"
expect "force: restart" "$(sed -n 2p "$directory/arguments.0")" "simulate $directory 85 0"

"$local_sh" >"$directory/log" 2>&1
expect "no arguments: exit code" $? 2
expect "no arguments: usage" "$(grep -c 'MAX_RESTARTS' "$directory/log")" 1

for signal in USR1 TERM; do
  rm -f "$directory"/*
  RANKS=2 "$local_sh" simulate "$directory" signal >"$directory/log" 2>&1 &
  job=$!
  for ((i = 0; i < 300; ++i)); do
    [[ -e $directory/waiting.0 && -e $directory/waiting.1 ]] && break
    sleep 0.1
  done
  kill -"$signal" "$job"
  wait "$job"
  expect "$signal: exit code" $? 85
  expect "$signal: starts" "$(starts)" 1
done

if ((failures > 0)); then
  exit 1
fi
echo "all passed"
