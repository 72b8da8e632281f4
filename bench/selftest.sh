#!/usr/bin/env bash
# Checks the benchmark itself: a stand-in with known faults is measured, and every fault must be found, exactly.
# Takes a minute; needs what bench.sh needs.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")
WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-bench-selftest.XXXXXX")
PORT=${HUB_PORT:-18080}; export SINK_PORT=${SINK_PORT:-9099}
STAND_IN=
stop() { if [ -n "$STAND_IN" ]; then kill "$STAND_IN" 2>/dev/null || true; wait "$STAND_IN" 2>/dev/null || true; STAND_IN=; fi; }
trap 'stop; rm -rf "$WORK"' EXIT
"$HERE/bench.sh" compile "$WORK/classes"

# expect EVERY "LATE_MS ONE_IN" "SETTING=... ..." FIGURE=...: a stand-in with these faults is measured, and the figures are these
expect() {
  local every=$1 late settings figure; read -ra late <<<"$2"; read -ra settings <<<"$3"
  java -XX:+UseSerialGC -cp "$WORK/classes:$ROOT/target/lib/*" dev.serai.bench.StandIn "$PORT" "$SINK_PORT" "$every" "${late[@]}" & STAND_IN=$!
  env TARGET="http://127.0.0.1:$PORT/webhooks/crm" PIDS=$STAND_IN BASELINES=no ROUNDS=1 DURATION=2 WARM=1000 QUIET=2 IDLE=1 \
    GOAL=500 "${settings[@]//+/ }" "$HERE/bench.sh" > "$WORK/out" || { cat "$WORK/out"; exit 1; }
  stop
  for figure in "${@:4}"; do
    grep -Eq " $figure " "$WORK/out" || { echo "selftest: faults every $every events, $3: expected $figure, got"; tail -1 "$WORK/out"; exit 1; }
  done
  echo "selftest: faults every $every events, $3: ${*:4}, as expected"
}
expect 0 "" "MEASURE=e2e N=10000" lost=0 dup=0 bad=0
# one fault of each kind in 1,000 events; a delivery with the wrong address is bad, and its event lost as well
expect 1000 "" "MEASURE=e2e N=10000" lost=22 dup=11 bad=11
expect 1000 "" "MEASURE=burst BURST=5000" burst_acked=5000 burst_lost=10 lost=12 dup=6 bad=6
# in steps: a step out of its order is bad, but has happened; warming up sends one of each kind on either way
expect 1000 "" "MEASURE=steps3 N=10000" steps3_lost=20 steps3_effects_1=10000 steps3_effects_2=10000 steps3_effects_3=9980 bad=23
# one answer in 50 is 200 ms late: p99 knows, p50 does not; so at every load
n="[0-9.]+" soon="[1-9]?[0-9](\.[0-9]+)?" late="[2-4][0-9][0-9](\.[0-9]+)?"
expect 0 "200 50" "MEASURE=ack+door+half+open+p100+memory" ack_errors=0 door_rps="$n" unrouted_rps="$n" "p50_ms=$soon" "p99_ms=$late" \
  "half_p50_ms=$soon" "half_p99_ms=$late" "open_p50_ms=$soon" "open_p99_ms=$late" "p100_rate=100" "p100_p50_ms=$soon" \
  "p100_p99_ms=$late" "p100_delivery_p99_ms=$n" "idle_hub_rss_mb=[1-9][0-9]+" idle_database_rss_mb=0 "goal_hub_pss_mb=[1-9][0-9]+" lost=0

# one in 200: only a p99 with the gaps filled knows
expect 0 "200 200" "MEASURE=ack" "p99_ms=$soon" "p99_filled_ms=[1-4][0-9][0-9](\.[0-9]+)?"

refuses() {   # SENTENCE SETTING...: the benchmark must not start
  local want=$1 said; shift
  said=$(env "$@" "$HERE/bench.sh" 2>&1 >/dev/null) && { echo "selftest: $* was accepted"; exit 1; }
  [[ $said == *"$want"* ]] || { echo "selftest: $*: expected \"$want\", got: $said"; exit 1; }
  echo "selftest: $* is refused"
}
refuses "loads this machine only" TARGET=http://192.0.2.1/webhooks/crm
refuses "whole number from 1 to" TARGET=http://127.0.0.1:1/ N=many
refuses "one or more of e2e ack" TARGET=http://127.0.0.1:1/ MEASURE=everything
refuses "a database of its own" TARGET=http://127.0.0.1:1/ MEASURE="e2e growth"
