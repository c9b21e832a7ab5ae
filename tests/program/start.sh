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

# Random initial states with a spin-up are those of a free run at that time: member 1, frame 1 and frame 0.
random=(simulate "$ks/li2022.toml" --set ensemble.members=2 --set "output.members=[1]" --set simulation.output_interval=2)
expect 0 "" "$STARLING" "${random[@]}" --set simulation.duration=2 --output later.h5
expect 0 "" "$STARLING" "${random[@]}" --set simulation.duration=2 --set ensemble.spin_up=2 --output spun.h5
frame() { h5dump -d /members/1 -s "$2,0" -c 1,512 -m %.17g -y "$1" | grep '^  *[-0-9]'; }
frame later.h5 1 >later.txt
frame spun.h5 0 >spun.txt
[[ $(tr ',' '\n' <later.txt | grep -c '[0-9]') == 512 ]] || fail "no frame of 512 numbers"
cmp later.txt spun.txt || fail "a spin-up is not the run that it stands for"

# The plans that a measured run stored give its bits again.
measured=(assimilate "$ks/demo.toml" "${short[@]}" --set model.fft=measured)
expect 0 "" ranks 2 "$STARLING" "${measured[@]}" --output measured.h5
[[ -s fftw.wisdom ]] || fail "no stored plans"
expect 0 "" "$STARLING" "${measured[@]}" --output again.h5
same_results measured.h5 again.h5
echo "no wisdom" >fftw.wisdom
expect 2 "fftw.wisdom: is no FFTW wisdom" ranks 2 "$STARLING" "${measured[@]}" --output other.h5
finish
