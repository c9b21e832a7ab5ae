# SPDX-License-Identifier: BSD-3-Clause
# A run that is stopped or killed goes on where it was, on any number of ranks, and ends with the bits of
# one that was left alone.
source "$(dirname "$0")/common.sh"

# stop SIGNAL RANKS ARGUMENTS...: sends SIGNAL to every rank once there is something to stop.
stop() {
  local signal=$1 n=$2
  shift 2
  ranks "$n" "$STARLING" "$@" >out.log 2>err.log </dev/null &
  local job=$!
  for _ in $(seq 400); do
    [[ -s restarted.h5.part && $(h5dump -y -d /cycles_written restarted.h5.part 2>/dev/null | grep -oE '[0-9]+$' |
      tail -1) -gt 0 ]] && break
    [[ -s restarted.h5.checkpoint ]] && break
    sleep 0.05
  done
  sleep 0.3
  local process found=no
  for process in /proc/[0-9]*; do
    if { tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null | grep -q "^$STARLING .*restarted.h5"; then
      kill "-$signal" "${process#/proc/}" && found=yes
    fi
  done
  [[ $found == yes ]] || fail "nothing to send $signal to"
  wait $job
  stopped=$?
}

input=$SOURCE/inputs/ks/demo.toml
# Several seconds of forecast, so that a run is under way when it is stopped, between few analyses, since
# ranks that share a core are slow to talk.
for scheme in etdrk4 cnab2; do
  steps=400
  [[ $scheme == cnab2 ]] && steps=2000
  common=(assimilate "$input" --set assimilation.cycles=1800 --set output.checkpoint_every=0.2
    --set output.fields_every=10 --set observations.save=observed.h5 --set stepper.scheme=$scheme
    --set stepper.dt=$(awk "BEGIN { print 1 / $steps }") --set observations.interval=$steps)
  rm -f ./*.h5*
  expect 0 "" ranks 1 "$STARLING" "${common[@]}" --output reference.h5
  mv observed.h5 reference_observed.h5

  stop USR1 2 "${common[@]}" --output restarted.h5
  [[ $stopped == 85 ]] || fail "after USR1 the exit code is $stopped, not 85: $(cat err.log)"
  grep -q "stopped by signal USR1" err.log || fail "no word of the signal: $(cat err.log)"
  [[ -s restarted.h5.checkpoint && ! -e restarted.h5 ]] || fail "no checkpoint, or a finished file"

  # A checkpoint of another input is refused.
  expect 2 "belongs to another input" "$STARLING" "${common[@]}" --output restarted.h5 --set filter.inflation=1.5

  # Killed without warning, then once more after the time limit, then to the end on three ranks.
  stop KILL 1 "${common[@]}" --output restarted.h5
  [[ -e restarted.h5 ]] && fail "a killed run has left a finished file"
  expect 85 "wall-time limit" ranks 2 "$STARLING" "${common[@]}" --output restarted.h5 --max-wall 0.3
  expect 0 "" ranks 3 "$STARLING" "${common[@]}" --output restarted.h5
  grep -q "going on from restarted.h5.checkpoint" out.log || fail "did not go on: $(head -c 300 out.log)"
  same_results reference.h5 restarted.h5
  same_results reference_observed.h5 observed.h5
  ls restarted.h5.* >/dev/null 2>&1 && fail "left behind: $(ls restarted.h5.*)"
done

# Free runs too.
simulate=(simulate "$SOURCE/inputs/ks/kassam2005.toml" --set ensemble.members=5 --set ensemble.std=0.1
  --set simulation.duration=4000 --set stepper.scheme=cnab2)
expect 0 "" "$STARLING" "${simulate[@]}" --output reference.h5 --force
expect 85 "wall-time limit" ranks 2 "$STARLING" "${simulate[@]}" --output restarted.h5 --force --max-wall 0.3
expect 0 "" ranks 3 "$STARLING" "${simulate[@]}" --output restarted.h5
same_results reference.h5 restarted.h5
finish
