# SPDX-License-Identifier: BSD-3-Clause
# Synthetic observations written to a file and read back are the same experiment as the twin itself.
source "$(dirname "$0")/common.sh"
demo=$SOURCE/inputs/ks/demo.toml
short=(--set assimilation.cycles=40 --set assimilation.burn_in=5)

expect 0 "" ranks 2 "$STARLING" assimilate "$demo" "${short[@]}" --set observations.save=observed.h5 \
  --set observations.network=random --set observations.count=32 --set observations.redraw=true \
  --output twin.h5
sed '/^\[observations\]/,/^$/d' "$demo" >file.toml
printf '\n[observations]\nsource = "file"\nfile = "observed.h5"\n' >>file.toml
expect 0 "" ranks 3 "$STARLING" assimilate file.toml "${short[@]}" --output file.h5
for name in /fields/analysis_mean /fields/analysis_spread /innovation/variance /members/0; do
  h5diff twin.h5 file.h5 $name >diff.log 2>&1 || fail "$name differs: $(head -3 diff.log)"
done
# Without a truth nobody knows an error.
h5dump -H file.h5 | grep -q rmse && fail "an RMSE without a truth"

# Sensors, and errors that are correlated within blocks.
sensors=$SOURCE/inputs/lorenz96/sensor_bias.toml
expect 0 "" ranks 3 "$STARLING" assimilate "$sensors" "${short[@]}" --set observations.save=sensed.h5 \
  --set observations.error_block=6 --set observations.error_correlation_length=2.0 \
  --set observations.network=random_places --set observations.count=40 \
  --set observations.count_least=20 --set observations.redraw=true --set observations.missing=0.1 \
  --output twin_sensors.h5
sed '/^\[observations\]/,/^$/d; /^\[truth/,/^$/d; /^stride/d' "$sensors" >sensors.toml
printf '\n[observations]\nsource = "file"\nfile = "sensed.h5"\n' >>sensors.toml
expect 0 "" ranks 2 "$STARLING" assimilate sensors.toml "${short[@]}" --output file_sensors.h5
for name in /innovation/mean /innovation/variance /observations/used \
  /parameters/sensor.buoys.bias/analysis_mean /parameters/sensor.buoys.gain/analysis_spread; do
  h5diff twin_sensors.h5 file_sensors.h5 $name >diff.log 2>&1 || fail "$name differs: $(head -3 diff.log)"
done
expect 2 "sensor.buoys.number = 3: sensed.h5 has no observation of it; allowed: 1" "$STARLING" \
  assimilate sensors.toml "${short[@]}" --output other.h5 --set sensor.buoys.number=3
expect 2 "sensor.buoys.stride.*is for twin experiments" "$STARLING" \
  assimilate sensors.toml "${short[@]}" --output other.h5 --set sensor.buoys.stride=2

# Observations that the model cannot have.
expect 2 "observed.h5: observation [0-9]+ at time .*location = .*outside the domain; allowed: 0 <= x <" \
  "$STARLING" assimilate file.toml "${short[@]}" --output other.h5 --set model.length=22.0
expect 2 "observed.h5: .*not at the end of a step" "$STARLING" assimilate file.toml "${short[@]}" \
  --output other.h5 --set stepper.dt=0.3 --set ensemble.center_spin_up=150.0
head -c 3000 observed.h5 >short.h5
expect 2 "short.h5" "$STARLING" assimilate file.toml "${short[@]}" --output other.h5 \
  --set observations.file=short.h5
expect 2 "missing.h5" "$STARLING" assimilate file.toml "${short[@]}" --output other.h5 \
  --set observations.file=missing.h5
expect 2 "twin.h5" "$STARLING" assimilate file.toml "${short[@]}" --output other.h5 \
  --set observations.file=twin.h5
finish
