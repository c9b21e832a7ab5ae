# SPDX-License-Identifier: BSD-3-Clause
# Law: regrouping members over ranks changes no bit of any result.
source "$(dirname "$0")/common.sh"

# input, verb, overrides
check() {
  local input=$1 verb=$2
  shift 2
  for n in 1 2 3 4; do
    expect 0 "" ranks $n "$STARLING" $verb "$SOURCE/inputs/$input" --output "$n.h5" --force "$@"
    ((n == 1)) || same_results 1.h5 $n.h5
  done
}

check ks/demo.toml assimilate --set assimilation.cycles=60 --set assimilation.burn_in=10
check lorenz96/sakov2008_enkf.toml assimilate --set assimilation.cycles=30 --set ensemble.members=7 \
  --set assimilation.burn_in=10 --set stepper.scheme=cnab2 --set stepper.dt=0.0125
check ks/model_error.toml assimilate --set assimilation.cycles=20 --set assimilation.burn_in=5 \
  --set observations.save=
check lorenz96/sakov2008_etkf.toml assimilate --set assimilation.cycles=60 --set assimilation.burn_in=10
check lorenz96/estimate_forcing.toml assimilate --set assimilation.cycles=60 --set assimilation.burn_in=10 \
  --set output.fields_every=20 --set output.members=[3] --set estimate.forcing.inflation=1.01 \
  --set estimate.forcing.transform=log
check ks/estimate_viscosity.toml assimilate --set assimilation.cycles=30 --set assimilation.burn_in=10 \
  --set ensemble.members=7
check lorenz96/sensor_bias.toml assimilate --set assimilation.cycles=60 --set assimilation.burn_in=10 \
  --set ensemble.members=11 --set output.fields_every=20
check lorenz96/nonlinear.toml assimilate --set assimilation.cycles=60 --set assimilation.burn_in=10
# More ranks than members: the idle ones take part.
check lorenz63/sakov2012_etkf_n3.toml assimilate --set assimilation.cycles=60 \
  --set assimilation.burn_in=10
# Weighted members that change places; what moves between ranks is no result.
check lorenz63/bootstrap_n100.toml assimilate --set assimilation.cycles=60 \
  --set assimilation.burn_in=10 --set assimilation.ancestry=true --set output.fields_every=10 \
  --set output.members=[0,57]
check lorenz96/bocquet2010_bootstrap_n100.toml assimilate --set assimilation.cycles=60 \
  --set assimilation.burn_in=10 --set filter.resampling=residual
check ks/lyapunov_l22.toml simulate --set simulation.duration=5 --set lyapunov.duration=10 \
  --set lyapunov.transient=2 --set ensemble.spin_up=10 --set ensemble.members=5
# Static covariances, Kalman filters, iterations, smoothers, increments in parts.
check lorenz96/sakov2008_var3d.toml assimilate --set assimilation.cycles=40 \
  --set assimilation.burn_in=10 --set climatology.members=60 --set climatology.spin_up=5
check ks/bocquet2019_optimal_interpolation.toml assimilate --set assimilation.cycles=20 \
  --set assimilation.burn_in=5 --set climatology.members=40 --set climatology.spin_up=20
check lorenz96/hybrid_gain.toml assimilate --set assimilation.cycles=40 --set assimilation.burn_in=10
check lorenz96/sakov2008_extended_kalman.toml assimilate --set assimilation.cycles=40 \
  --set assimilation.burn_in=10
check lorenz96/sakov2008_ienks_lag4.toml assimilate --set assimilation.cycles=20 \
  --set assimilation.burn_in=10
check lorenz96/sakov2008_enks.toml assimilate --set assimilation.cycles=40 --set assimilation.burn_in=10
check ks/demo.toml assimilate --set assimilation.cycles=20 --set assimilation.burn_in=5 \
  --set assimilation.incremental_steps=2 --set observations.interval=4 --set stepper.scheme=cnab2
# Filters that look ahead, and smoothers of particle filters.
check lorenz63/stochastic_auxiliary.toml assimilate --set assimilation.cycles=30 \
  --set assimilation.burn_in=10 --set ensemble.members=51 --set assimilation.ancestry=true
for smoother in paris forward genealogical backward_sampling particle_gibbs; do
  check linear_gaussian/ar1_$smoother.toml assimilate --set assimilation.cycles=20 \
    --set assimilation.burn_in=5 --set ensemble.members=31 \
    $([[ $smoother == particle_gibbs ]] && echo --set smoother.sweeps=3 --set smoother.burn_in=1)
done
check lorenz63/stochastic_backward_sampling.toml assimilate --set assimilation.cycles=15 \
  --set assimilation.burn_in=5 --set ensemble.members=40
check lorenz63/stochastic_paris.toml assimilate --set assimilation.cycles=15 \
  --set assimilation.burn_in=5 --set ensemble.members=40
check lorenz96/stochastic_particle_gibbs.toml assimilate --set assimilation.cycles=10 \
  --set assimilation.burn_in=2 --set ensemble.members=40 --set smoother.sweeps=3 \
  --set smoother.burn_in=1
finish
