# SPDX-License-Identifier: BSD-3-Clause
# Small data sets of one, two and three dimensions as other people's libraries read them, and their exports.
set -euo pipefail
starling=$1 source=$2 python=$3
"$python" -c 'import h5py, numpy' 2>/dev/null || { echo "no h5py here: nothing read"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
make() {
  local input=$1
  shift
  "$starling" generate "$input" --log quiet --output "$@"
}
make "$source/inputs/datasets/ks1d.toml" ks1d --set model.points=64 --set level.mf.model.points=48 \
  --set level.lf.model.points=32 --set dataset.trajectories=2 --set dataset.trajectories_per_file=2 --set dataset.frames=6 \
  --set dataset.segment=3 --set dataset.spin_up=10.0 --set lyapunov.exponents=2 --set lyapunov.duration=50.0 \
  --set "sibling.oodparam.set=['sweep.length.values=[300.0]', 'dataset.trajectories=1']"
make "$source/tests/datasets/check_ns2d.toml" decay
make "$source/inputs/datasets/qg2l_eddy.toml" qg2l --set model.points=[32,32] --set level.lf.model.points=[16,16] \
  --set dataset.frames=3 --set dataset.frame_interval=36000.0 --set dataset.trajectories=4 --set model.initial_modes=6
make "$source/inputs/datasets/ns3d.toml" ns3d --set model.points=[16,16,16] --set model.viscosity=0.03 \
  --set stepper.dt=0.02 --set level.mf.model.points=[8,8,8] --set level.mf.stepper.dt=0.02 \
  --set level.lf.model.points=[8,8,8] --set dataset.spin_up=0.2 --set dataset.frames=4 --set dataset.segment=2 \
  --set dataset.frame_interval=0.1 --set dataset.trajectories=3
make "$source/inputs/datasets/pdegym_fns_kf.toml" kf --set model.points=[16,16] --set model.spectral_viscosity=3e-3 \
  --set model.spectral_cutoff=25.0 --set stepper.dt=0.01 --set dataset.frames=3 --set dataset.trajectories=6 \
  --set dataset.trajectories_per_file=2 --set dataset.spin_up=0.0
"$python" "$source/tests/datasets/check_readers.py" ks1d decay qg2l ns3d
make "$source/tests/datasets/check_ns2d.toml" small --set dataset.scales.vorticity=1e9
"$starling" check small >log || { cat log; exit 1; }
grep -q '^note: decay_hf32/stats.yaml: standard deviations up to 0.0001.*: vorticity;' log || { cat log; exit 1; }
"$starling" export decay/decay_hf32 --to pdegym --output export/flow.nc >log
"$starling" export kf --to pdegym --output export/kf.nc >log
"$starling" export ks1d/ks1d_hf64 --to pdebench --output export/ks1d >log
"$starling" export decay/decay_hf32 --to pdebench --output export/decay >log
"$starling" export ns3d/ns3d_forced_hf16 --to pdebench --output export/ns3d.hdf5 >log
"$python" "$source/tests/datasets/check_export.py" .
code=0
"$starling" export decay/decay_hf32 --to pdegym --output export/flow.nc >log 2>&1 || code=$?
[[ $code == 2 ]] && grep -q 'is there already; allowed: another name, or --force' log || { cat log; exit 1; }
code=0
"$starling" export qg2l/qg2l_eddy_lf16 --to pdegym --output export/qg.nc >log 2>&1 || code=$?
[[ $code == 2 ]] && grep -q 'is no plane flow with a velocity' log || { cat log; exit 1; }
[[ -z $(find export -name '*.part') && ! -e export/qg.nc ]]
