# SPDX-License-Identifier: BSD-3-Clause
# Ranks may share members: 2 groups of 2 ranks simulate and assimilate, stop at a checkpoint and go on as 1 group
# of 4 and 4 groups of 1. How members are decomposed changes rounding only, and short runs do not amplify it.
source "$(dirname "$0")/common.sh"

# Terms of budgets that nearly cancel are left out.
near_results() {
  local group
  for group in "${@:3}"; do
    h5diff -p 1e-9 "$1" "$2" "$group" >diff.log 2>&1 ||
      fail "$1 and $2 differ by more than rounding: $(head -5 diff.log)"
  done
  [[ -s $2 ]] || fail "$2 is not there"
}

# GROUPS VERB INPUT OVERRIDES...: groups of the file to compare
check() {
  local groups layouts=("4 2" "4 4" "4 1" "2 2") stops=0 code=85 seconds layout
  read -ra groups <<<"$1"
  shift
  rm -f ./*.h5*
  expect 0 "" "$STARLING" "$@" --output whole.h5
  seconds=$(h5dump -y -d /provenance/wall_seconds whole.h5 | grep -oE '[0-9.]+(e[-+][0-9]+)?$' | tail -1)
  while [[ $code == 85 && $stops -lt 12 ]]; do
    read -ra layout <<<"${layouts[stops % 4]}"
    stops=$((stops + 1))
    ranks "${layout[0]}" "$STARLING" "$@" --ranks-per-member "${layout[1]}" --output parts.h5 \
      --max-wall "$(awk "BEGIN { printf \"%.4f\", $stops * $seconds / 4 }")" >out.log 2>err.log
    code=$?
  done
  [[ $code == 0 ]] || fail "$* ended with $code: $(head -c 300 err.log)"
  ((stops > 1)) || fail "$* was never stopped"
  near_results whole.h5 parts.h5 "${groups[@]}"
}

cat >qg.toml <<'INPUT'
[model]
name = "quasi_geostrophic"
points = [32, 48]
lengths = [1.0, 1.5]
beta = 2.0
radius = 0.1
mean_flow = [0.5, 0.0]
filter = 23.6
dealiasing = "truncation"
initial = "noise"
initial_amplitude = 0.1
[stepper]
scheme = "ab3"
dt = 0.002
[ensemble]
members = 4
initial = "random"
[simulation]
duration = 2.0
output_interval = 0.02
[output]
members = [0, 3]
derived = ["streamfunction1"]
INPUT
check "/members /fields /diagnostics/energy /diagnostics_of_members/energy" simulate qg.toml
check "/fields /scores /innovation/variance /rank_histogram" assimilate "$SOURCE/inputs/ns2d/letkf.toml" --set ensemble.members=8 --set ensemble.center_spin_up=0.1 \
  --set ensemble.spin_up=0.1 --set model.points=[32,32] --set observations.interval=5 --set assimilation.cycles=40 \
  --set assimilation.burn_in=1 --set output.precision=double

expect 2 "keeps a member on one rank" ranks 2 "$STARLING" simulate "$SOURCE/inputs/kdv/soliton.toml" --ranks-per-member 2
expect 2 "cannot be split" ranks 3 "$STARLING" simulate qg.toml --ranks-per-member 2 --output other.h5
expect 2 "filter" ranks 2 "$STARLING" assimilate "$SOURCE/inputs/ns2d/letkf.toml" --ranks-per-member 2 \
  --set model.points=[32,32] --set filter.name=kalman --output other.h5
finish
