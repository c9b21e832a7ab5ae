# SPDX-License-Identifier: BSD-3-Clause
# What a user can get wrong ends with code 2 on every rank and one line that says what and where.
source "$(dirname "$0")/common.sh"
demo=$SOURCE/inputs/ks/demo.toml
run=("$STARLING" assimilate --output run.h5)

expect 2 "missing.toml: cannot be opened" "${run[@]}" missing.toml
: >empty.toml
expect 2 "empty.toml:1:1: the input file is empty" "${run[@]}" empty.toml
expect 2 "$work" "${run[@]}" "$work" # a folder
head -c 300 /dev/urandom >random.toml
expect 2 "random.toml:[0-9]+:[0-9]+" "${run[@]}" random.toml

sed 's/^points = 128/pionts = 128/' "$demo" >in.toml
expect 2 "in.toml:[0-9]+:1: model.pionts: unknown key; allowed: .*points" "${run[@]}" in.toml
sed 's/^points = 128/points = 128\npoints = 64/' "$demo" >in.toml
expect 2 "in.toml:[0-9]+:[0-9]+: .*points" "${run[@]}" in.toml
sed 's/^points = 128/points = "many"/' "$demo" >in.toml
expect 2 'in.toml:[0-9]+:1: model.points = "many": .*allowed: an even integer >= 4' "${run[@]}" in.toml
sed 's/^\[filter\]/[flitre]/' "$demo" >in.toml
expect 2 "filter.name: is missing" "${run[@]}" in.toml
(cat "$demo" && printf '\n[fliter]\nname = "x"\n') >in.toml
expect 2 "in.toml:[0-9]+:1: fliter.name: unknown section or key" "${run[@]}" in.toml

for setting in model.points=127 model.points=0 model.points=-4 model.length=0.0 stepper.dt=-0.5 \
  stepper.dt=0 stepper.dt=nan ensemble.members=0 observations.error_std=0 observations.interval=0 \
  filter.inflation=-1 filter.name=kalman stepper.scheme=euler assimilation.burn_in=2000 \
  model.terms.uv_x=1 output.members=[20] run.seed=-1 ensemble.center_spin_up=0.3 \
  observations.network=every observations.network=random ensemble.spectrum=pink \
  ensemble.initial=climatology ensemble.initial=file; do
  expect 2 "allowed" "${run[@]}" "$demo" --set "$setting"
done
expect 2 "needs at least 2|at least two|>= 2" "${run[@]}" "$demo" --set ensemble.members=1
expect 2 "names no key" "${run[@]}" "$demo" --set points=3
expect 0 "" "${run[@]}" --set filter.inflation=1.1 "$demo" --validate # one value a --set
expect 2 "allowed: see starling --help" "$STARLING" assimilate
expect 2 "allowed: see starling --help" "$STARLING" fly
expect 2 "output_interval.*allowed" "$STARLING" simulate "$SOURCE/inputs/kdv/soliton.toml" \
  --set simulation.output_interval=1e-20
expect 2 "duration.*too long" "$STARLING" simulate "$SOURCE/inputs/kdv/soliton.toml" \
  --set simulation.duration=1e30
expect 2 "is no duration" "${run[@]}" "$demo" --max-wall soon
expect 2 "allowed: " "$STARLING" describe nothing

# The same on every rank, without a hang, and said once.
expect 2 "model.points = 127" ranks 3 "${run[@]}" "$demo" --set model.points=127

# Result files that are none of ours, or no longer whole.
echo "not HDF5" >foreign.h5
expect 2 "foreign.h5" "$STARLING" score foreign.h5
expect 2 "foreign.h5" "$STARLING" plot foreign.h5
expect 2 "none.h5" "$STARLING" score none.h5
expect 0 "" "${run[@]}" "$demo" --set assimilation.cycles=20 --set assimilation.burn_in=5
head -c 5000 run.h5 >short.h5
expect 2 "short.h5" "$STARLING" score short.h5
expect 2 "run.h5.*--force" "${run[@]}" "$demo" --set assimilation.cycles=20 --set assimilation.burn_in=5
expect 0 "" "${run[@]}" "$demo" --set assimilation.cycles=20 --set assimilation.burn_in=5 --force
expect 2 "nowhere" "$STARLING" assimilate "$demo" --output nowhere/run.h5

# A checkpoint that is none.
echo "not HDF5" >other.h5.checkpoint
expect 2 "other.h5.checkpoint" "$STARLING" assimilate "$demo" --output other.h5

# More ranks than members is allowed.
expect 0 "" ranks 4 "${run[@]}" "$demo" --set ensemble.members=3 --set assimilation.cycles=5 \
  --set assimilation.burn_in=1 --set filter.rotation=false --set output.members=[0] --force
finish
