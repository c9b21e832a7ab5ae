# SPDX-License-Identifier: BSD-3-Clause
# What --validate says an ensemble and its analysis take is what they take: between a small and a large
# ensemble the peak grows as stated, and an analysis needs at most 2.2 times the members.
source "$(dirname "$0")/common.sh"

# The number before `unit`, in MiB, of the line of out.log with `text`.
mebibytes() {
  sed -nE "s/.*$1.*/\1 \2/p" out.log | awk '{ print $1 * ($2 == "GiB" ? 1024 : $2 == "KiB" ? 1 / 1024 : 1) }'
}

# input, overrides
check() {
  local input=$1 stated=() peak=() members
  shift
  for members in 8 $large; do
    local run=(assimilate "$SOURCE/inputs/$input" "$@" --set "ensemble.members=$members")
    expect 0 "" ranks 2 "$STARLING" "${run[@]}" --validate
    stated+=("$(mebibytes 'memory +([0-9.]+) (.iB) a rank:')")
    factor=$(sed -nE 's/.*\(([0-9.]+) x the members\).*/\1/p' out.log)
    expect 0 "" ranks 2 "$STARLING" "${run[@]}" --output $members.h5 --force
    peak+=("$(mebibytes 'at most ([0-9.]+) (.iB) a rank')")
  done
  echo "$input: stated ${stated[*]} MiB, peak ${peak[*]} MiB, $factor x the members"
  # Messages on the way have buffers of their own.
  awk "BEGIN { exit !((${peak[1]} - ${peak[0]}) <= 1.1 * (${stated[1]} - ${stated[0]}) + 4) }" ||
    fail "$input takes more than stated"
  awk "BEGIN { exit !($factor <= $most) }" || fail "$input: $factor x the members, allowed: $most"
}

common=(--set assimilation.cycles=2 --set assimilation.burn_in=0 --set model.points=32768 --set output.fields_every=0
  --set model.length=25735.927 --set ensemble.center_spin_up=0.0 --set ensemble.std=0.5)
large=128 most=2.2
check ks/letkf_n1024.toml "${common[@]}" --set observations.stride=512
# All points observed: the observed ensemble is as large as the members, on both sides of the transpose.
most=5
check ks/bocquet2019_n20_stable.toml "${common[@]}"
finish
