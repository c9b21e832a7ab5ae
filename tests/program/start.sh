# SPDX-License-Identifier: BSD-3-Clause
# Ways to begin: an ensemble from the frames of a free run, and measured transforms from stored plans.
source "$(dirname "$0")/common.sh"
ks=$SOURCE/inputs/ks
short=(--set assimilation.cycles=50 --set assimilation.burn_in=5)

# A climatology written by one program run is an ensemble of another: member m is frame m.
expect 0 "" "$STARLING" simulate "$ks/lyapunov_l22.toml" --output free.h5 --set lyapunov.duration=1 \
  --set lyapunov.transient=0 --set simulation.duration=210 --set simulation.output_interval=10
from_file=(--set model.points=64 --set model.length=22.0 --set ensemble.initial=file --set ensemble.file=free.h5
  --set ensemble.dataset=/members/0 --set ensemble.center_spin_up=0)
for n in 1 3; do
  expect 0 "" ranks $n "$STARLING" assimilate "$ks/demo.toml" "${short[@]}" "${from_file[@]}" --output file$n.h5
done
same_results file1.h5 file3.h5
expect 2 "ensemble.dataset = \"/members/0\": in free.h5 has another shape; allowed: at least 20 rows of 128 values" \
  "$STARLING" assimilate "$ks/demo.toml" "${short[@]}" "${from_file[@]:4}" --output other.h5
expect 2 "no row after the last member" "$STARLING" assimilate "$ks/demo.toml" "${short[@]}" "${from_file[@]}" \
  --set ensemble.members=22 --output other.h5

# The plans that a measured run stored give its bits again.
measured=(assimilate "$ks/demo.toml" "${short[@]}" --set model.fft=measured)
expect 0 "" ranks 2 "$STARLING" "${measured[@]}" --output measured.h5
[[ -s fftw.wisdom ]] || fail "no stored plans"
expect 0 "" "$STARLING" "${measured[@]}" --output again.h5
same_results measured.h5 again.h5
echo "no wisdom" >fftw.wisdom
expect 2 "fftw.wisdom: is no FFTW wisdom" ranks 2 "$STARLING" "${measured[@]}" --output other.h5
finish
