# SPDX-License-Identifier: BSD-3-Clause
# In a file progress is plain lines; the carriage returns of a terminal would make it one long one.
source "$(dirname "$0")/common.sh"
expect 0 "" ranks 2 "$STARLING" assimilate "$SOURCE/inputs/ks/demo.toml" --output run.h5
grep -q $'[\r\033]' out.log && fail "control characters in a file: $(grep -m1 $'[\r\033]' out.log | head -c 200)"
# What was asked for is told: title, resolved input with defaults, averages.
grep -q '^fft = "estimate"' out.log || fail "the resolved input is not printed"
grep -qE "scores/analysis/rmse +[0-9.]+ \+-" out.log || fail "no averages"
# Some containers have no terminals to give.
if script -qec true /dev/null >/dev/null 2>&1; then
  script -qec "$STARLING assimilate $SOURCE/inputs/ks/demo.toml --output terminal.h5" /dev/null >terminal.log
  grep -qE $'\r.*cycles/s  ETA' terminal.log || fail "no progress on a terminal: $(head -c 300 terminal.log)"
fi
finish
