#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The check itself: keys with an entry pass in every place that cites; one without an entry is found
# in each, as are an entry of another year and one that is there twice.
set -euo pipefail
check=$(dirname "$0")/check_papers.sh
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{docs,src,drivers,tests,inputs}

entry() {
  printf '@article{%s,\n  author = {A},\n  title  = {T},\n  year   = {%s}\n}\n' "$1" "$2"
}
restore() {
  entry known1999 1999 >"$root/docs/papers.bib"
  echo '/// An equation (known1999, eq. 1).' >"$root/src/model.hpp"
  echo '    return {"model", "what it is", "known1999"};' >"$root/src/model.cpp"
  echo '// The digits of known1999.' >"$root/tests/test_model.cpp"
  echo 'reference = "known1999"' >"$root/inputs/model.toml"
}
refuses() {
  local found
  if found=$("$check" "$root"); then
    echo "not found: $1"
    exit 1
  fi
  if [[ $found != *"$1"* ]]; then
    echo "wrong report: '$found' instead of '$1'"
    exit 1
  fi
  restore
}

restore
"$check" "$root"

k=unknown2001
echo "/// (${k}, section 3)." >>"$root/src/model.hpp"
refuses "src/model.hpp:2: $k is not in"
echo "{\"other\", \"what it is\", \"$k\"}" >>"$root/src/model.cpp"
refuses "src/model.cpp:2: $k is not in"
echo "// $k." >>"$root/tests/test_model.cpp"
refuses "tests/test_model.cpp:2: $k is not in"
echo "# reference  ($k)" >>"$root/inputs/model.toml"
refuses "inputs/model.toml:2: $k is not in"
entry known1999a 1999 >"$root/docs/papers.bib"
refuses "known1999 is not in"
entry known1999 2000 >"$root/docs/papers.bib"
refuses "known1999 has no year"
entry known1999 1999 >>"$root/docs/papers.bib"
refuses "twice: known1999"
