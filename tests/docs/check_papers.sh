#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# check_papers.sh ROOT: every word such as kassam2005 in the code, the tests and the inputs below
# ROOT is the key of one entry of docs/papers.bib, which has an author, a title and the key's year.
set -euo pipefail
cd "$1"
bib=docs/papers.bib
bad=0
complain() {
  echo "$*"
  bad=1
}

folders=()
for folder in src drivers tests inputs; do
  [[ ! -d $folder ]] || folders+=("$folder")
done
entries=$(sed -nE 's/^@[a-z]+\{([^,]*),$/\1/p' "$bib")

# A letter behind the year tells two papers of one author and year apart: sakov2008a.
while IFS=: read -r file line key; do
  grep -qx "$key" <<<"$entries" || complain "$file:$line: $key is not in $bib"
done < <(grep -rnoEw '[a-z]{2,}(18|19|20)[0-9]{2}[a-z]?' "${folders[@]}" \
  --include='*.[ch]pp' --include='*.toml' || true)

duplicates=$(sort <<<"$entries" | uniq -d)
[[ -z $duplicates ]] || complain "$bib: twice: $duplicates"

for key in $entries; do
  entry=$(sed -n "/^@[a-z]*{$key,\$/,/^}/p" "$bib")
  year=${key//[!0-9]/}
  for field in author title "year *= *\{$year\}"; do
    grep -qE "^ +$field" <<<"$entry" || complain "$bib: $key has no ${field%% *} that agrees with it"
  done
done
exit "$bad"
