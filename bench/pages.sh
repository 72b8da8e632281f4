#!/usr/bin/env bash
# How long does who looks after a hub wait, when it has a past? A hub with so many finished runs answers each list, search
# and page a hundred times, one after the other; the table gives the median and the 95th percentile in milliseconds, as
# the client sees them, and what the hub weighs before and after.
#   bench/pages.sh [RUNS]     10000000 unless said; filling takes some ten minutes and 14 GB
# Needs bash, curl, a JDK 17 or later, and: ./mvnw -q -B package -DskipTests
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")
RUNS=${1:-10000000} PORT=18180 TIMES=100
if ! [[ $RUNS =~ ^[1-9][0-9]{3,7}$ ]]; then sed -n 2,6p "$0"; exit 2; fi
WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-pages.XXXXXX")
HUB=
finish() {
  if [ -n "$HUB" ]; then kill "$HUB" 2>/dev/null || true; wait "$HUB" 2>/dev/null || true; fi
  rm -rf "$WORK"
}
trap finish EXIT

start() {
  SERAI_HTTP_HOST=127.0.0.1 "$HERE/bench.sh" start-hub "$WORK/data" $PORT "$HERE/hub/routes" >>"$WORK/hub.log" 2>&1 &
  HUB=$!
  for _ in $(seq 600); do
    if curl -fs -o "$WORK/ready" "http://127.0.0.1:$PORT/health/ready"; then return; fi
    kill -0 "$HUB" || { tail -20 "$WORK/hub.log" >&2; exit 1; }
    sleep 0.2
  done
  echo "pages: the hub did not start; $WORK/hub.log" >&2
  exit 1
}

start
export DATABASE_USER=postgres DATABASE_PASSWORD
DATABASE_PASSWORD=$(cat "$WORK/data/postgres.password")
DATABASE_PORT=$(sed -n 4p "$(find "$WORK/data" -name postmaster.pid | head -1)")
"$HERE/fill.sh" "jdbc:postgresql://127.0.0.1:$DATABASE_PORT/postgres" "$RUNS"
TOKEN=$(SERAI_DATA="$WORK/data" SERAI_ROUTES="$HERE/hub/routes" SERAI_MAPPINGS="$HERE/hub/mappings" \
  "$ROOT/serai" tokens create bench --role operator | grep -o 'serai_[A-Za-z0-9_-]*' | head -1)
curl -s -o "$WORK/login" -c "$WORK/cookies" "http://127.0.0.1:$PORT/login"
FORM=$(grep -o 'name="proof" value="[^"]*"' "$WORK/login" | head -1 | sed 's/.*value="//; s/"$//' || true)
curl -s -o "$WORK/in" -b "$WORK/cookies" -c "$WORK/cookies" --data-urlencode "token=$TOKEN" --data-urlencode "proof=$FORM" \
  "http://127.0.0.1:$PORT/login"

memory() { awk '/VmRSS/ {printf "%d MB", $2 / 1024}' "/proc/$HUB/status"; }

# what is asked for lies in the past's last slice, and in its first for the search
if ! curl -s --fail-with-body -o "$WORK/newest" -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:$PORT/api/v1/runs?limit=1"; then
  echo "pages: the hub does not tell its newest run: $(cat "$WORK/newest")" >&2
  exit 1
fi
LAST=$(grep -o '"run" *: *"r_[0-9]*"' "$WORK/newest" | head -1 | grep -o 'r_[0-9]*')
echo "pages: $RUNS finished runs, load $(cut -d' ' -f1 /proc/loadavg), hub $(memory)"
printf '%-52s %8s %8s %7s\n' "asked $TIMES times" "p50 ms" "p95 ms" status
ask() {   # NAME CURL-ARGUMENTS...
  local name=$1
  shift
  for _ in $(seq $TIMES); do curl -s -o "$WORK/answer" -w '%{time_total} %{http_code}\n' "$@"; done |
    sort -n | awk -v name="$name" '{t[NR] = $1 * 1000; if ($2 > s) s = $2} END {
      printf "%-52s %8.1f %8.1f %7s\n", name, t[int(NR * 0.5)], t[int(NR * 0.95)], s}'
}
# rare: a hundred of ten million; some: two thousand; nowhere: none
for path in "/runs?flow=past-rare" "/runs?flow=past-some" "/runs?flow=nowhere" "/runs?source=past-rare" "/runs?source=past-some" \
  "/runs?source=nowhere" "/runs?type=past.rare" "/runs?flow=lead-sync&until=20d" "/runs?flow=past-rare&since=2d" "/events?source=past-rare" \
  "/events?source=past-some" "/events?source=nowhere" "/events?type=past.rare" "/events?type=nowhere" "/events?source=crm&type=past.rare"; do
  ask "api $path" -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:$PORT/api/v1$path"
done
for path in /overview /runs "/runs?flow=lead-sync&limit=100" "/runs?state=dead" /dead-letters "/search?q=user100000012@example.com" \
  "/why?q=user100000012@example.com&field=phone" "/runs/$LAST" /events /flows /connections /quotas /audit /alerts; do
  ask "api $path" -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:$PORT/api/v1$path"
done
for path in / /runs "/runs/$LAST" /dead-letters "/search?q=user100000012@example.com" /flows /flows/lead-sync /connections /alerts /mappings /audit; do
  ask "page $path" -b "$WORK/cookies" "http://127.0.0.1:$PORT$path"
done
echo "pages: load $(cut -d' ' -f1 /proc/loadavg), hub $(memory)"
