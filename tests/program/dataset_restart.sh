# SPDX-License-Identifier: BSD-3-Clause
# A data set that is killed at random moments again and again, stopped by a signal and by the time limit, and goes
# on each time on another number of ranks: the bytes of an undisturbed one. KILLS is how often it is killed.
source "$(dirname "$0")/common.sh"
kills=${KILLS:-8}
RANDOM=20261126
arguments=(generate "$SOURCE/inputs/datasets/ns2d.toml" --set "model.points=[96,96]" --set "stepper.dt=0.02"
  --set "level.mf.model.points=[48,48]" --set "level.lf.model.points=[32,32]" --set "level.mf.stepper.dt=0.02"
  --set "sweep.points=10" --set "dataset.trajectories=2" --set "dataset.spin_up=${SPIN_UP:-1.0}"
  --set "dataset.frames=6" --set "dataset.segment=3" --set "dataset.frame_interval=0.2"
  --set "sibling.oodparam.set=['sweep.viscosity.low=0.004', 'sweep.viscosity.high=0.0083', 'sweep.points=1']"
  --set "sibling.oodic.set=['model.forcing=none', 'sweep.points=1', 'dataset.spin_up=0.0']"
  --set "sibling.oodres.set=['level.lf.model.points=[24,24]', 'sweep.points=1']")

begin=$(date +%s%N)
expect 0 "" "$STARLING" "${arguments[@]}" --output whole
milliseconds=$((($(date +%s%N) - begin) / 1000000))
# Until a run has begun to compute: there is a file in the making.
begun() {
  for _ in $(seq 400); do
    [[ -z $(find "$1" -name '*.part' 2>/dev/null) ]] || return
    sleep 0.02
  done
}
same_set() {
  cmp whole/MANIFEST.sha256 "$1/MANIFEST.sha256" || fail "$1 has other bytes than the undisturbed data set"
  (cd "$1" && sha256sum --quiet -c MANIFEST.sha256) || fail "$1 is not what its MANIFEST.sha256 says"
  [[ -z $(find "$1" -name '*.part') ]] || fail "$1 has unfinished files"
}

hit=0
rm -rf killed
for ((kill = 0; kill < kills; ++kill)); do
  [[ ! -e killed/MANIFEST.sha256 ]] || { same_set killed; rm -rf killed; }
  mpirun -n $((kill % 3 + 1)) "$STARLING" "${arguments[@]}" --output "$work/killed" >out.log 2>err.log </dev/null &
  begun killed
  sleep "$(printf '0.%03d' $((RANDOM % (milliseconds / 3 < 900 ? milliseconds / 3 : 900))))"
  if pgrep -f "$work/killed" >/dev/null; then
    hit=$((hit + 1))
    pkill -9 -f "$work/killed"
  fi
  wait 2>/dev/null
done
((hit > kills / 2)) || fail "only $hit of $kills kills met a running program"
before=$(find killed -name '*.json' 2>/dev/null | wc -l)
expect 0 "" ranks 2 "$STARLING" "${arguments[@]}" --output killed
same_set killed
echo "$milliseconds ms undisturbed; $hit kills, $before rows done before the last start"

# By the time limit, and by a signal: exit code 85, nothing unfinished is left.
code=85
for limit in 0.3 0.6 60; do
  [[ $code != 85 ]] || ranks 2 "$STARLING" "${arguments[@]}" --output stopped --max-wall $limit >out.log 2>err.log
  code=$?
  [[ $code != 85 ]] || [[ -z $(find stopped -name '*.part') ]] || fail "a stopped run leaves unfinished files"
done
[[ $code == 0 ]] || fail "the last part ended with $code: $(head -c 300 err.log)"
same_set stopped
"$STARLING" "${arguments[@]}" --output signalled >out.log 2>err.log &
pid=$!
begun signalled
kill -USR1 $pid 2>/dev/null
wait $pid
code=$?
[[ $code == 85 || $code == 0 ]] || fail "a signal ended it with $code: $(head -c 300 err.log)"
expect 0 "" ranks 3 "$STARLING" "${arguments[@]}" --output signalled
same_set signalled

# Another input meant for the same folder is refused, and nothing is lost.
expect 2 "is of another input" "$STARLING" "${arguments[@]}" --set run.seed=2 --output whole
same_set whole
# A file that was lost is made again, and no other.
touch reference
victim=$(find whole -name '*.hdf5' | sort | sed -n 7p)
rm "$victim"
expect 0 "" "$STARLING" "${arguments[@]}" --output whole
same_set whole
fresh=$(find whole/*/data -newer reference -name '*.hdf5' | wc -l)
((fresh > 0 && fresh < 12)) || fail "$fresh files were made again for one that was lost"

# One row alone, from the manifest and from a file: the same bytes.
expect 0 "" "$STARLING" generate whole/runs.jsonl --row 5 --output row
expect 0 "" "$STARLING" generate "$(find whole -name '*_000007.hdf5' | head -1)" --output again
for folder in row again; do
  for file in $(cd $folder && find . -name '*.hdf5'); do
    cmp "$folder/$file" "whole/$file" || fail "$file is not the same when it is made again"
  done
done
sed 's/"split":"train"/"split":"test"/' whole/runs.jsonl >changed.jsonl
expect 2 "it was changed" "$STARLING" generate changed.jsonl --row 5 --output changed
expect 2 "no such row" "$STARLING" generate whole/runs.jsonl --row 500 --output changed
finish
