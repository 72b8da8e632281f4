#!/usr/bin/env bash
# Measures serai diff over many stored events: how long it takes, and how much memory. Fills a database as fill.sh does, for
# a test only, then compares two versions of the benchmark's mapping over all of it, with the heap that ./serai gives itself.
#   DATABASE_USER=serai DATABASE_PASSWORD=... bench/diff.sh jdbc:postgresql://127.0.0.1:5432/serai EVENTS
# EVENTS is what is added; 0 compares over what is there. Needs what bench.sh needs, and a hub that has run on it once.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")
if ! [[ $# -eq 2 && $1 == jdbc:postgresql://* && $2 =~ ^[0-9]{1,8}$ ]]; then sed -n 2,6p "$0"; exit 2; fi
WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-diff.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
[ "$2" -eq 0 ] || "$HERE/fill.sh" "$1" "$2"

# the version before: the phone stands as it came, and one field has another name
cp -r "$HERE/hub/mappings" "$WORK/mappings"
NEW=$WORK/mappings/crm/contact-to-member.yaml
sed -e 's/LNAME:/SURNAME:/' -e '/phone,/s/, do: \[trim\]//' "$NEW" > "$WORK/old.yaml"

BEGAN=$(date +%s%N)
JAVA_OPTS="-Xlog:gc:file=$WORK/gc.log" "$ROOT/serai" diff "$NEW" --old "$WORK/old.yaml" --source crm --since 3650d \
  --set "serai.mappings=$WORK/mappings" --set "serai.database.url=$1" --set "serai.database.user=${DATABASE_USER:-serai}" \
  --set "serai.database.password=${DATABASE_PASSWORD:-}" > "$WORK/out" 2>&1 & PID=$!
RSS=0
while kill -0 "$PID" 2>/dev/null; do
  RSS=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$PID/status" 2>/dev/null || true)
  PEAK=${RSS:-${PEAK:-0}}
  sleep 0.2
done
CODE=0; wait "$PID" || CODE=$?
TOOK=$(( ($(date +%s%N) - BEGAN) / 1000000 ))
cat "$WORK/out"
HEAP=$(sed -n 's/.* \([0-9]*\)M->.*/\1/p' "$WORK/gc.log" | sort -n | tail -1)
echo "diff: took_ms=$TOOK peak_rss_mb=$(( ${PEAK:-0} / 1024 )) peak_heap_mb=${HEAP:-0} exit=$CODE"
