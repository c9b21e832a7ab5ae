#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# killed_run.sh PROGRAM MPIEXEC NUMPROC_FLAG: kills the program at moments spread over its writes,
# on changing numbers of ranks, and starts it again on what the one before left.
set -u
program=$1 mpiexec=$2 flag=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

killed=0
for round in $(seq 1 18); do
  "$mpiexec" "$flag" $((1 + round % 3)) "$program" "$folder" $((20000 + round * 13777 % 170000)) \
    >"$folder/out" 2>"$folder/err"
  code=$?
  if [ $code -eq 137 ]; then
    killed=$((killed + 1))
  elif [ $code -ne 0 ]; then
    echo "round $round: exit code $code"
    grep -v '^-*$' "$folder/err"
    exit 1
  fi
done
"$mpiexec" "$flag" 2 "$program" "$folder" 0 || exit 1
echo "killed $killed times, safe frames: $(cat "$folder/promise")"
[ $killed -ge 15 ]
