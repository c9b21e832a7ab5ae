#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# check_excerpts.sh PAGE SOURCE: every block of C++ in PAGE stands in SOURCE, to the letter.
set -euo pipefail
source=$(<"$2")$'\n'
block= count=0 bad=0
inside=no
while IFS= read -r line; do
  case $inside$line in
    'no```cpp') inside=yes block= ;;
    'yes```')
      inside=no
      count=$((count + 1))
      [[ $source == *"$block"* ]] || { printf '%s is not in %s:\n%s' "$1" "$2" "$block"; bad=1; }
      ;;
    yes*) block+=$line$'\n' ;;
  esac
done <"$1"
((count > 0)) || { echo "$1 has no block of C++"; bad=1; }
exit "$bad"
