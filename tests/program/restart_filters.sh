# SPDX-License-Identifier: BSD-3-Clause
# What filters, smoothers and incremental updates remember is in the checkpoint, or made again: a run that
# is stopped again and again, on different numbers of ranks, ends with the bits of one that was not.
source "$(dirname "$0")/common.sh"

# input, overrides
check() {
  local input=$1
  shift
  local common=(assimilate "$SOURCE/inputs/$input" "$@")
  rm -f ./*.h5*
  expect 0 "" "$STARLING" "${common[@]}" --output whole.h5
  stop_and_go whole.h5 parts.h5 "${common[@]}"
}

check lorenz96/sakov2008_var3d.toml --set assimilation.cycles=6000 --set climatology.members=60 --set climatology.spin_up=5
check lorenz96/sakov2008_extended_kalman.toml --set assimilation.cycles=1500
check lorenz96/sakov2008_ienks_lag4.toml --set assimilation.cycles=400
check lorenz96/sakov2008_enks.toml --set assimilation.cycles=3000
check lorenz96/sakov2008_etkf.toml --set assimilation.cycles=6000 --set observations.interval=4 \
  --set assimilation.incremental_steps=4 --set stepper.scheme=cnab2 --set stepper.dt=0.0125
check lorenz63/stochastic_auxiliary.toml --set assimilation.cycles=4000 --set ensemble.members=100
check linear_gaussian/ar1_paris.toml --set assimilation.cycles=400 --set ensemble.members=60
check linear_gaussian/ar1_backward_sampling.toml --set assimilation.cycles=4000 --set ensemble.members=20
check linear_gaussian/ar1_particle_gibbs.toml --set assimilation.cycles=100 --set smoother.sweeps=200
finish
