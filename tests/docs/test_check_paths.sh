#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The check itself: what is there passes, also at the end of a sentence; what is not is named, unless
# it stands in a block of code.
set -euo pipefail
check=$(dirname "$0")/check_paths.sh
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{docs,src/core}
touch "$root/src/core/types.hpp"
refuses() {
  local found
  if found=$("$check" "$root"); then
    echo "not found: $1"
    exit 1
  fi
  if [[ $found != "$1" ]]; then
    echo "wrong report: '$found' instead of '$1'"
    exit 1
  fi
}

echo 'Arrays are in src/core/types.hpp. [More](docs/more.md) of `src/core`.' >"$root/README.md"
printf '%s\n' '```' 'src/core/none.hpp' '```' >"$root/CONTRIBUTING.md"
echo 'See [the start](../README.md#arrays) or [elsewhere](https://example.org/x).' >"$root/docs/more.md"
"$check" "$root"
echo 'Sums (src/core/sums.hpp, line 3).' >>"$root/docs/more.md"
refuses "docs/more.md: there is no src/core/sums.hpp"
echo '![picture](images/none.png)' >"$root/docs/more.md"
refuses "docs/more.md: there is no images/none.png"
