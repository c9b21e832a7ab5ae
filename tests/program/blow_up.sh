# SPDX-License-Identifier: BSD-3-Clause
# A forecast that blows up ends with code 70 on every rank, names member and time, and keeps what was
# written.
source "$(dirname "$0")/common.sh"

common=(assimilate "$SOURCE/inputs/ks/demo.toml" --set assimilation.cycles=20
  --set assimilation.burn_in=5)
expect 0 "" "$STARLING" "${common[@]}" --output run.h5
cp run.h5 before.h5
# A member of a KS ensemble of huge perturbations, with RK4 and a step far outside its stability.
for n in 1 2; do
  expect 70 "member [0-9]+ or [0-9]+ \(stepped as one pair\) is not finite any more at time [0-9.]+ \(step [0-9]+\)" \
    ranks $n "$STARLING" "${common[@]}" --output run.h5 --force --set stepper.scheme=rk4 \
    --set ensemble.std=50 --set ensemble.center_spin_up=0 --set stepper.dt=2.0
done
cmp -s before.h5 run.h5 || fail "the finished file of an earlier run has changed"
h5dump -d /config run.h5.part 2>/dev/null | grep -q 'scheme = "rk4"' ||
  fail "what was written before the blow-up cannot be read"

expect 70 "the truth is not finite" "$STARLING" assimilate "$SOURCE/inputs/lorenz96/sakov2008_etkf.toml" \
  --output l96.h5 --set assimilation.cycles=50 --set assimilation.burn_in=5 --set stepper.dt=0.05 \
  --set truth.model.forcing=1e9
expect 70 "reference state blew up" "$STARLING" simulate "$SOURCE/inputs/ks/kassam2005.toml" \
  --output s.h5 --set stepper.scheme=rk4 --set stepper.dt=2.0 --set simulation.output_interval=2.0 \
  --set ensemble.center_spin_up=200.0 --set model.amplitude=1e6
finish
