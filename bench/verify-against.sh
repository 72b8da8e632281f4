#!/usr/bin/env bash
# Does this benchmark agree with another one? Loads the same running hub in turn, by ours and by the run_target.sh in DIR,
# and prints the figures side by side. The hub must run already and deliver to the sink's port.
#   TARGET=http://127.0.0.1:8080/webhooks/crm PIDS="<pids>" bench/verify-against.sh DIR
# The other benchmark may need tools of its own (gcc, wrk, python3); ours does not.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 1 ] && [ -n "${TARGET:-}" ] || { sed -n 2,6p "$0"; exit 2; }
[ -x "$1/run_target.sh" ] || { echo "verify: $1/run_target.sh is missing or not executable" >&2; exit 1; }
case $TARGET in http://127.*|http://localhost[:/]*) ;; *) echo "verify: TARGET=$TARGET: this machine only; use 127.0.0.1" >&2; exit 1 ;; esac
export TARGET SECRET=${SECRET:-bench-secret} N=${N:-10000} DURATION=${DURATION:-15} CONNS=${CONNS:-32} WARM=${WARM:-10000}
export QUIET=${QUIET:-6} CAP=${CAP:-80} SINK_PORT=${SINK_PORT:-9099} PIDS=${PIDS:-}
field() { sed -n "s/.*[ ]$1=\([0-9.]*\).*/\1/p" <<<" $2"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

ours=(); theirs=()
for round in $(seq "${ROUNDS:-3}"); do
  ours+=("$(ROUNDS=1 BASELINES=no MEASURE="e2e ack" "$HERE/bench.sh" | tail -1)")
  theirs+=("$("$1/run_target.sh" | tail -1)")
  echo "ours   $round: ${ours[-1]}"
  echo "theirs $round: ${theirs[-1]}"
done
echo
printf '%-18s %12s %12s %8s\n' "median of ${ROUNDS:-3}" ours theirs ratio
# the other's p99 has its gaps filled when it comes from wrk (README.md), so ours is compared in both readings
for pair in ack_rps p50_ms p99_ms p99_filled_ms:p99_ms e2e_per_s cpu_ms_per_event lost dup bad; do
  name=${pair%:*}
  a=$(for line in "${ours[@]}"; do field "$name" "$line"; done | median)
  b=$(for line in "${theirs[@]}"; do field "${pair#*:}" "$line"; done | median)
  ratio=$(awk -v a="${a:-0}" -v b="${b:-0}" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }')
  printf '%-18s %12s %12s %8s\n' "$name" "${a:--}" "${b:--}" "$ratio"
done
