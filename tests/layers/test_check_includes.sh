#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The check itself: an include of a module below passes, one of a module above is found and named.
set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir "$directory"/{low,high}
printf '%s\n' "$directory/low: low" "$directory/high: high;low" >"$directory/layers"
check=$(dirname "$0")/check_includes.sh

echo '#include "low/a.hpp"' >"$directory/high/b.cpp"
echo '#include "low/a.hpp"' >"$directory/low/a.cpp"
"$check" "$directory/layers"

echo '#include "high/b.hpp"' >>"$directory/low/a.cpp"
if found=$("$check" "$directory/layers"); then
  echo "an upward include was not found"
  exit 1
fi
if [[ $found != *"low/a.cpp:2:low does not depend on high" ]]; then
  echo "wrong report: $found"
  exit 1
fi
