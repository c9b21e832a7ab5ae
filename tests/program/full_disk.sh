# SPDX-License-Identifier: BSD-3-Clause
# No space on the device (here: a limit on the size of files) is code 75, "try again", and harms nothing.
source "$(dirname "$0")/common.sh"
demo=$SOURCE/inputs/ks/demo.toml
short=(--set assimilation.cycles=4000 --set assimilation.burn_in=5)

expect 0 "" "$STARLING" assimilate "$demo" "${short[@]}" --output run.h5
cp run.h5 before.h5
limited() {
  (
    trap '' XFSZ
    ulimit -f 16384 # KiB; less than the result file, more than what MPI needs for itself
    "$@"
  )
}
expect 75 "run.h5" limited "$STARLING" assimilate "$demo" "${short[@]}" --output run.h5 --force
cmp -s before.h5 run.h5 || fail "the finished file of an earlier run has changed"
expect 0 "" "$STARLING" assimilate "$demo" "${short[@]}" --output run.h5 --force
same_results before.h5 run.h5
finish
