#!/usr/bin/env bash
# Checks the benchmark itself: a stand-in with known faults is measured, and every fault must be found, exactly.
# Takes half a minute; needs what bench.sh needs.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")
WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-bench-selftest.XXXXXX")
PORT=${HUB_PORT:-18080}; export SINK_PORT=${SINK_PORT:-9099}
STAND_IN=
stop() { if [ -n "$STAND_IN" ]; then kill "$STAND_IN" 2>/dev/null || true; wait "$STAND_IN" 2>/dev/null || true; STAND_IN=; fi; }
trap 'stop; rm -rf "$WORK"' EXIT
"$HERE/bench.sh" compile "$WORK/classes"

# expect EVERY LOST DUP BAD: the end-to-end measurement of 10,000 events (and 1,000 to warm up) finds these numbers
expect() {
  java -XX:+UseSerialGC -cp "$WORK/classes:$ROOT/target/lib/*" dev.serai.bench.StandIn "$PORT" "$SINK_PORT" "$1" & STAND_IN=$!
  TARGET=http://127.0.0.1:$PORT/webhooks/crm PIDS=$STAND_IN BASELINES=no MEASURE=e2e ROUNDS=1 N=10000 WARM=1000 QUIET=2 \
    "$HERE/bench.sh" > "$WORK/out" || { cat "$WORK/out"; exit 1; }
  stop
  for want in "lost=$2" "dup=$3" "bad=$4"; do
    grep -q " $want " "$WORK/out" || { echo "selftest: one fault of each kind in $1 events: expected $want, got"; tail -1 "$WORK/out"; exit 1; }
  done
  echo "selftest: faults every $1 events: lost=$2 dup=$3 bad=$4, as expected"
}
expect 0 0 0 0
expect 1000 22 11 11   # a delivery with the wrong address is bad, and its event lost as well

refuses() {   # SENTENCE SETTING...: the benchmark must not start
  local want=$1 said; shift
  said=$(env "$@" "$HERE/bench.sh" 2>&1 >/dev/null) && { echo "selftest: $* was accepted"; exit 1; }
  [[ $said == *"$want"* ]] || { echo "selftest: $*: expected \"$want\", got: $said"; exit 1; }
  echo "selftest: $* is refused"
}
refuses "loads this machine only" TARGET=http://192.0.2.1/webhooks/crm
refuses "whole number from 1 to" TARGET=http://127.0.0.1:1/ N=many
