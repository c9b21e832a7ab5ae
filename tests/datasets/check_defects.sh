# SPDX-License-Identifier: BSD-3-Clause
# `starling check` passes a good data set, and names every defect that is planted into a copy of it.
set -euo pipefail
starling=$1 source=$2 python=$3
"$python" -c 'import h5py, numpy' 2>/dev/null || { echo "no h5py here: no defects planted"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$starling" generate "$source/tests/datasets/check_ns2d.toml" --output good --log quiet
"$starling" check good >log 2>&1 || { cat log; exit 1; }
mpirun -n 3 "$starling" check good >log3 2>&1 || { cat log3; exit 1; }
diff log log3
"$python" "$source/tests/datasets/check_defects.py" "$starling" good
