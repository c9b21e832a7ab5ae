# SPDX-License-Identifier: BSD-3-Clause
# The coarse-graining operators against numpy, in double precision: test_datasets writes a field and what each
# operator makes of it, numpy computes the formulas of ross2023 anew.
set -euo pipefail
test=$1 source=$2 python=$3
"$python" -c 'import numpy' 2>/dev/null || { echo "no numpy here: nothing compared"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
COARSENING_DUMP=$work "$test" --gtest_filter='Coarsening.IsWrittenForNumpy' >log 2>&1 || { cat log; exit 1; }
"$python" "$source/tests/datasets/coarsening_numpy.py" "$work"
