#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# check_includes.sh LAYERS: every `#include "module/..."` in a module's folder names a module it may
# include. A line of LAYERS is `folder: module;module...`, as starling_module() writes it.
set -euo pipefail
modules=$(sed 's/:.*//; s|.*/||' "$1")
bad=0
while IFS= read -r line; do
  folder=${line%%: *}
  allowed=";${line#*: };"
  while IFS= read -r include; do
    included=${include##*\"}
    included=${included%%/*}
    if [[ $allowed != *";$included;"* ]] && grep -qx "$included" <<<"$modules"; then
      echo "${include%%\#*}$(basename "$folder") does not depend on $included"
      bad=1
    fi
  done < <(grep -rnoE '^ *# *include +"[a-z_]+/' "$folder" --include='*.[ch]pp')
done <"$1"
exit "$bad"
