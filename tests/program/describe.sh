# SPDX-License-Identifier: BSD-3-Clause
# Everything an input can name is described, and help has an example.
source "$(dirname "$0")/common.sh"
expect 0 "" "$STARLING" describe
for name in semilinear1d lorenz96 lorenz63 etdrk4 etdrk2 cnab2 rk4 ssprk3 ab3 leapfrog ars222 ars443 etkf enkf none; do
  grep -qE "^  $name " out.log || fail "describe does not list $name"
done
expect 0 "" "$STARLING" describe semilinear1d
grep -q "points .*grid points" out.log || fail "describe semilinear1d has no points: $(cat out.log)"
expect 0 "" "$STARLING" describe leapfrog
grep -q "robert_coefficient" out.log || fail "describe leapfrog has no robert_coefficient: $(cat out.log)"
expect 0 "" "$STARLING" describe filters
grep -q "inflation" out.log || fail "describe filters has no inflation"
expect 0 "" "$STARLING" describe smoothers
for name in fixed_lag paris forward genealogical backward_sampling particle_gibbs; do
  grep -q "^smoother $name: " out.log || fail "describe smoothers has no $name"
done
for verb in simulate assimilate score plot describe; do
  expect 0 "" "$STARLING" $verb --help
  grep -q "Example: " out.log || fail "$verb --help has no example"
done
expect 0 "" "$STARLING" --version
grep -qE "^starling [0-9]+\.[0-9]+\.[0-9]+" out.log || fail "no version: $(cat out.log)"
finish
