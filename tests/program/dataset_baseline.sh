# SPDX-License-Identifier: BSD-3-Clause
# Closures are learned from a small data set, and make forecasts of the low-fidelity model better.
source "$(dirname "$0")/common.sh"
expect 0 "" "$STARLING" generate "$SOURCE/inputs/datasets/ks1d.toml" --set model.points=128 --set dataset.trajectories=10 \
  --set dataset.trajectories_per_file=1 --set dataset.frames=100 --set "sweep.length.values=[22.0]" \
  --set lyapunov.exponents=2 --set lyapunov.duration=20 --set level.mf.model.points=64 --set level.lf.model.points=32 \
  --set "sibling.oodparam.set=['sweep.length.values=[28.0]','dataset.trajectories=1']" --output ks
for n in 1 2; do
  expect 0 "" ranks $n "$STARLING" score --baseline ks --samples 20000 --random-features 64
  cp ks/baseline.json "baseline$n.json"
done
# number FILE PATH: of the JSON that the program writes, a key a line.
number() {
  awk -v path="$2" 'BEGIN { n = split(path, want, "/"); at = 1 }
    index($0, "\"" want[at] "\":") { if (at == n) { gsub(/[^-0-9.e+]/, "", $NF); print $NF; exit } at++ }' "$1"
}
above() { awk "BEGIN { exit !($1 > $2) }" || fail "$3: $1 is not above $2"; }
for n in 1 2; do
  # The forcing of the Gaussian operator is nearly a quadratic law of the state near by.
  above "$(number baseline$n.json hf128to32_op2/test/quadratic/skill)" 0.99 "quadratic closure on $n ranks"
  above 0.9 "$(number baseline$n.json hf128to32_op2/test/linear/skill)" "linear closure on $n ranks"
  grep -q '"oodparam"' baseline$n.json || fail "no score of the sibling"
done
awk -v a="$(number baseline1.json hf128to32_op2/test/quadratic/skill)" \
  -v b="$(number baseline2.json hf128to32_op2/test/quadratic/skill)" 'BEGIN { exit !((a - b)^2 < 1e-16) }' ||
  fail "skill differs between 1 and 2 ranks"
# VRMSE by lead frame 1, 2, 5, 10: third number after the name.
lead() { awk -v name="$2" '/hf128to32_op2/ { pair = 1 } /hf128to32_op3/ { pair = 0 }
  pair && $1 == name && NF > 5 && $2 ~ /^[0-9]/ { print $4; exit }' "$1"; }
expect 0 "" "$STARLING" score --baseline ks --samples 20000 --random-features 64
above "$(lead out.log low_fidelity)" "$(awk "BEGIN { print 4 * $(lead out.log quadratic) }")" \
  "error of the low level over that with the closure"
[[ $(grep -c '"stable_in_validation": true' ks/baseline.json) == 15 ]] || fail "closures of five data sets are not stable"
expect 0 "" "$STARLING" score --baseline ks --only op2 --inputs u --samples 20000 --random-features 64
[[ $(grep -c '"offline"' ks/baseline.json) == 2 ]] || fail "--only op2 is not of two data sets"
expect 2 "has no input 'v'; allowed: u" "$STARLING" score --baseline ks --inputs v
expect 2 "no coarsened data set called 'op4'" "$STARLING" score --baseline ks --only op4
expect 2 "cannot be read" "$STARLING" score --baseline nothing
expect 2 "0 of files, --baseline and --similarity" "$STARLING" score
# Five coarsened data sets, with distances of the low level from the high run.
expect 0 "" ranks 2 "$STARLING" score --similarity ks --samples 20000 --random-features 64
[[ $(grep -c '"low_fidelity": {' ks/similarity.json) -ge 5 ]] || fail "similarity.json lacks distances of the low level"
grep -q '"kinetic_energy_spectrum"' ks/similarity.json || fail "similarity.json lacks spectra"
expect 2 "cannot be read" "$STARLING" score --similarity nothing
expect 0 "" "$STARLING" check ks
# Two layers, with vectors and tensors among the fields.
expect 0 "" ranks 2 "$STARLING" generate "$SOURCE/inputs/datasets/qg2l_eddy.toml" --set "model.points=[64,64]" \
  --set "level.lf.model.points=[32,32]" --set dataset.frames=4 --set dataset.frame_interval=36000.0 \
  --set dataset.trajectories=4 --output qg
for what in baseline similarity; do
  expect 0 "" ranks 2 "$STARLING" score --$what qg --samples 2000 --random-features 16
  grep -q '"q2_forcing"\|"energy_drag_spectrum"' qg/$what.json || fail "$what.json lacks what it is of"
done
finish
