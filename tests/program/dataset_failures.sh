# SPDX-License-Identifier: BSD-3-Clause
# A row that blows up is recorded and left out; a full disk ends cleanly with code 75 and goes on later; bad input
# is told with key and value before anything runs.
source "$(dirname "$0")/common.sh"
input=$SOURCE/inputs/datasets/pdegym_sines.toml
small=(generate "$input" --set "model.points=[32,32]" --set "dataset.frames=5" --set "dataset.trajectories=4"
  --set "dataset.trajectories_per_file=2" --set "stepper.dt=0.01")

# The flow of the second amplitude is too fast for its step.
for n in 1 2; do
  expect 0 "" ranks $n "$STARLING" "${small[@]}" --set stepper.cfl=1e9 --set sweep.method=listed \
    --set sweep.amplitude.key=model.initial_amplitude --set "sweep.amplitude.values=[1.0, 1e5]" --output "blown$n"
  grep -q "2 of 4 rows blew up" out.log err.log || fail "no word of the rows that blew up: $(head -c 500 out.log)"
  grep -c ",failed" "blown$n/split.csv" | grep -qx 2 || fail "split.csv does not have the rows that failed"
  grep -q "not finite any more at time" blown$n/rows/00000[23].json || fail "the record does not say why"
  [[ -z $(find "blown$n" -name '*.part') ]] || fail "a row that blew up leaves a file"
  # They would blow up again: nothing is left to do.
  expect 0 "" "$STARLING" "${small[@]}" --set stepper.cfl=1e9 --set sweep.method=listed \
    --set sweep.amplitude.key=model.initial_amplitude --set "sweep.amplitude.values=[1.0, 1e5]" --output "blown$n"
  grep -q "left      0 rows" out.log || fail "rows that blew up are computed again"
done
cmp blown1/MANIFEST.sha256 blown2/MANIFEST.sha256 || fail "1 and 2 ranks differ"

# Files of 23 MiB, more than the limit, which is more than what MPI needs for itself.
large=("${small[@]}" --set "model.points=[64,64]" --set dataset.frames=120 --set dataset.frame_interval=0.01
  --set dataset.trajectories_per_file=4)
expect 0 "" "$STARLING" "${large[@]}" --output whole
limited() {
  (
    trap '' XFSZ
    ulimit -f 16384 # KiB
    "$@"
  )
}
expect 75 "no space|cannot be" limited "$STARLING" "${large[@]}" --output full
[[ -z $(find full -name '*.part') ]] || fail "a full disk leaves a file"
expect 0 "" "$STARLING" "${large[@]}" --output full
cmp whole/MANIFEST.sha256 full/MANIFEST.sha256 || fail "after a full disk there are other bytes"

bad() {
  expect 2 "$1" "$STARLING" "${small[@]}" "${@:2}" --output bad
  [[ -z $(find bad -name '*.hdf5*' 2>/dev/null) ]] || fail "$1: something was written"
}
bad "dataset.frame_interval = 0.033.*whole number of steps" --set dataset.frame_interval=0.033
bad "dataset.derived: 'w' is unknown; allowed: u, v" --set "dataset.derived=['w']"
bad "dataset.scales.q.*is no field; allowed: velocity" --set "dataset.scales.q=2.0"
bad "dataset.segment = 3.*divisor" --set dataset.segment=3
bad "level.lf.restarted.*dataset.segment" --set "level.lf.restarted=true"
bad "op3 of a grid of 32 points for one of 24.*whole ratio" --set "level.lf.operators=['op3']" \
  --set "level.lf.model.points=[24,24]"
bad "to be coarsened to 64 points" --set "level.lf.operators=['op1']" --set "level.lf.model.points=[64,64]"
bad "sweep.nu.key.*section.key" --set sweep.nu.key=viscosity --set "sweep.nu.values=[1.0]"
bad "model.viscositi.*unknown key" --set sweep.nu.key=model.viscositi --set "sweep.nu.values=[1.0]"
bad "dataset.name.*lower-case" --set "dataset.name='A/b'"
bad "ranks-per-row 2: does not divide 1 ranks" --ranks-per-row 2
expect 2 "cannot be read" "$STARLING" generate nothing.toml
finish
