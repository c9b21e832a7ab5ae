# SPDX-License-Identifier: BSD-3-Clause
# A member that is not finite stops the run, or is named and drawn anew, or dropped: the same bits on any
# number of ranks and after any number of stops.
source "$(dirname "$0")/common.sh"

# rows FILE LAST: eight members of Lorenz-96 and the truth; members 3 to LAST overflow in the first step.
rows() {
  awk -v last="$2" 'BEGIN {
    for (m = 0; m < 9; m++)
      for (j = 0; j < 40; j++)
        print (m >= 3 && m <= last ? 1e30 * sin(j + m) : 8 + 2 * sin(1.3 * j) + sin(m * (j + 1)))
  }' >rows.txt
  printf '%s\n' "PATH members" "INPUT-CLASS TEXTFP" "RANK 2" "DIMENSION-SIZES 9 40" "OUTPUT-CLASS FP" \
    "OUTPUT-SIZE 64" >rows.cfg
  h5import rows.txt -c rows.cfg -o "$1" >import.log 2>&1 || fail "h5import: $(cat import.log)"
}
rows rows.h5 3
rows bad.h5 7

common=(assimilate "$SOURCE/inputs/lorenz96/sakov2008_etkf.toml" --set ensemble.members=8
  --set ensemble.initial=file --set ensemble.file=rows.h5 --set assimilation.burn_in=1 --set output.fields_every=1
  --set "output.members=[3, 4]")
short=("${common[@]}" --set assimilation.cycles=30)

for n in 1 2; do
  expect 70 "member 3 is not finite any more at time 0.05 \(step 1\)" ranks $n "$STARLING" "${short[@]}" \
    --output stop.h5 --force
done

for policy in resample drop; do
  run=("${short[@]}" --set assimilation.on_member_failure=$policy)
  expect 0 "" "$STARLING" "${run[@]}" --output one.h5 --force
  grep -q "warning: member 3 is not finite any more at time 0.05 (analysis 0): " err.log ||
    fail "$policy: the member is not named: $(head -c 300 err.log)"
  [[ $(grep -c "is not finite" err.log) == 1 ]] || fail "$policy: said more than once: $(cat err.log)"
  grep -q "members that failed in this run: 1$" err.log || fail "$policy: no count at the end: $(cat err.log)"
  for name in ensemble/failed members/3 members/4; do h5dump -d /$name one.h5 >"${name/\//_}.txt"; done
  grep -q "(0): 1, 0, 0" ensemble_failed.txt || fail "$policy: not counted in the file"
  grep -qi nan members_3.txt && gone=1 || gone=0
  [[ $gone == $([[ $policy == drop ]] && echo 1 || echo 0) ]] || fail "$policy: member 3 in the file"
  grep -qiE "nan|inf" members_4.txt && fail "$policy: member 4 is spoilt"
  for n in 2 3 4; do
    expect 0 "" ranks $n "$STARLING" "${run[@]}" --output many.h5 --force
    same_results one.h5 many.h5
  done

  # Stopped in forecasts, with a state that is not finite and without.
  long=("${common[@]}" --set assimilation.on_member_failure=$policy --set assimilation.cycles=4
    --set observations.interval=40000)
  expect 0 "" "$STARLING" "${long[@]}" --output whole.h5 --force
  stop_and_go whole.h5 parts.h5 "${long[@]}"
  rm -f parts.h5
done

# More than half, and a filter that needs them all.
for n in 1 2; do
  expect 70 "members 3, 4, 5, 6, 7 are not finite any more at time 0.05 \(analysis 0\): more than half of 8" \
    ranks $n "$STARLING" "${short[@]}" --set assimilation.on_member_failure=drop --set ensemble.file=bad.h5 \
    --output bad_run.h5 --force
done
expect 2 "none can be spared; allowed: stop" "$STARLING" assimilate \
  "$SOURCE/inputs/lorenz96/sakov2008_extended_kalman.toml" --output ekf.h5 \
  --set assimilation.on_member_failure=resample
finish
