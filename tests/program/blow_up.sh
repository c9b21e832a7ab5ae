# SPDX-License-Identifier: BSD-3-Clause
# A forecast that blows up ends with code 70 on every rank, names member and time, a flow its Courant
# number and the key to change, and keeps what was written.
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

# The dipole moves at speed 1, on 64 points too far in a step of 0.3; outputs until then are whole.
flow=(simulate "$SOURCE/inputs/ns2d/dipole.toml" --set 'model.points=[64, 64]'
  --set simulation.duration=30.0 --set simulation.output_interval=0.3 --set ensemble.members=3
  --set ensemble.initial=gaussian --set ensemble.std=0.1)
for n in 1 3; do
  expect 70 "member [0-9]+ is not finite any more at time [0-9.]+ .* Courant number was [0-9.e+]+ at time [0-9.]+.*stepper.dt" \
    ranks $n "$STARLING" "${flow[@]}" --output flow.h5 --force --set stepper.dt=0.3
  written=$(h5dump -y -d /frames_written flow.h5.part | grep -oE '^ +[0-9]+' | tr -d ' ')
  ((written > 0)) || fail "no frame of the flow was kept"
  h5dump -y -d /fields/mean/vorticity -s 0,0,0 -c "$written,64,64" flow.h5.part > kept.txt ||
    fail "frames before the blow-up cannot be read"
  grep -qi nan kept.txt && fail "frames before the blow-up are not finite"
done
finish
