#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs Starling under mpirun on this machine, and again from its checkpoint as often as it stops at
# one. Same arguments and variables as slurm.sbatch.
#
#   jobscripts/local.sh VERB INPUT [starling options]...
#
#   STARLING       the program           (build/release/drivers/starling)
#   RANKS          MPI ranks             (the cores of this machine)
#   MAX_WALL       time (90s, 15m, 2h) after which it stops at a checkpoint  (none)
#   MAX_RESTARTS   times it is started again                         (20)
#   MPIRUN         the launcher          (mpirun)
#
# USR1, TERM, INT and HUP make the run stop at a checkpoint; this script then ends with 85 too, and
# the same command goes on from there. Any other code of Starling's (0 done, 2 bad input, 70
# numerical failure, 75 I/O) ends this script with that code.
set -uo pipefail

starling=${STARLING:-build/release/drivers/starling}
ranks=${RANKS:-$(nproc)}
max_restarts=${MAX_RESTARTS:-20}
read -ra launcher <<<"${MPIRUN:-mpirun}"

if (($# < 2)); then
  sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
arguments=("$@")
if [[ -n ${MAX_WALL:-} ]]; then
  arguments+=(--max-wall "$MAX_WALL")
fi

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
export OMPI_MCA_mpi_yield_when_idle=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

# mpirun hands USR1 on to the ranks; TERM would kill them.
asked_to_stop=no
interrupted=no
run=
forward() {
  asked_to_stop=yes
  interrupted=yes
  if [[ -n $run ]]; then
    kill -USR1 "$run" 2>/dev/null
  fi
}
trap forward USR1 TERM INT HUP

# --force starts anew, which a restart must not.
restart_arguments=()
for argument in "${arguments[@]}"; do
  [[ $argument == --force ]] || restart_arguments+=("$argument")
done

for ((restart = 0; ; ++restart)); do
  if ((restart > 0)); then
    arguments=("${restart_arguments[@]}")
  fi
  # A session of its own keeps the terminal's ctrl-C from reaching mpirun as well.
  setsid "${launcher[@]}" -n "$ranks" "$starling" "${arguments[@]}" </dev/null &
  run=$!
  wait "$run"
  code=$?
  # A trapped signal makes `wait` return early.
  while [[ $interrupted == yes ]] && ((code > 128)); do
    interrupted=no
    wait "$run"
    code=$?
  done
  if ((code != 85)); then
    exit "$code"
  fi
  if [[ $asked_to_stop == yes ]]; then
    echo "local.sh: stopped at a checkpoint; the same command goes on from there" >&2
    exit 85
  fi
  if ((restart >= max_restarts)); then
    echo "local.sh: stopped at a checkpoint, and $max_restarts restarts are used up" >&2
    exit 85
  fi
  echo "local.sh: restart $((restart + 1)) of at most $max_restarts" >&2
done
