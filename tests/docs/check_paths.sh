#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# check_paths.sh ROOT: every file or folder of the tree that a page names, outside its blocks of
# code, and every page it links to, is there.
set -euo pipefail
cd "$1"
bad=0
for page in README.md CONTRIBUTING.md docs/*.md; do
  prose=$(awk '/^ *```/ { code = !code } !code' "$page")
  while IFS= read -r path; do
    [[ -e ${path%[.,:]} ]] || { echo "$page: there is no $path"; bad=1; }
  done < <(grep -oE '(^|[^A-Za-z0-9_./-])(src|drivers|tests|inputs|cmake|jobscripts)/[A-Za-z0-9_./-]*' \
    <<<"$prose" | sed -E 's/^[^a-z]//' | sort -u)
  while IFS= read -r link; do
    [[ -e $(dirname "$page")/$link ]] || { echo "$page: there is no $link"; bad=1; }
  done < <(grep -oE '\]\([^)#]+' <<<"$prose" | sed 's/^](//' | grep -v '://' | sort -u)
done
exit "$bad"
