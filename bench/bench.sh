#!/usr/bin/env bash
# Measures a hub and two baselines in one run; bench/README.md says what, how and with which settings.
#   bench/bench.sh                                                          starts the hub of target/serai.jar
#   TARGET=http://127.0.0.1:8080/webhooks/crm PIDS="<pids>" bench/bench.sh   loads one that runs already
# Needs bash and a JDK 17 or later, and target/lib: ./mvnw -q -B package -DskipTests
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")

# The one place that knows the hub's command line: the launcher's, so that a hub is measured with the options it ships
# with. It replaces this shell, so the process id is the hub's.
start_hub() {   # DATA PORT ROUTES
  export CRM_WEBHOOK_SECRET=${SECRET:-bench-secret} SINK_BASE_URL=http://127.0.0.1:${SINK_PORT:-9099}
  export SERAI_ROUTES=$3 SERAI_MAPPINGS=$HERE/hub/mappings SERAI_DATA=$1 SERAI_HTTP_PORT=$2
  if [ -n "${DATABASE_URL:-}" ]; then
    export SERAI_DATABASE_URL=$DATABASE_URL SERAI_DATABASE_USER=${DATABASE_USER:-} SERAI_DATABASE_PASSWORD=${DATABASE_PASSWORD:-}
  fi
  export JAVA_OPTS=${HUB_OPTS:-}
  exec "$ROOT/serai" run
}

compile() {   # FOLDER
  javac -encoding UTF-8 -Xlint:all,-processing,-classfile -Werror -proc:none -d "$1" -cp "$ROOT/target/lib/*" "$HERE"/src/dev/serai/bench/*.java
  cp "$HERE/src/logback.xml" "$1"
}

if [ "${1:-}" = start-hub ]; then start_hub "$2" "$3" "$4"; fi
[ -d "$ROOT/target/lib" ] || { echo "bench: target/lib is missing; build first: ./mvnw -q -B package -DskipTests" >&2; exit 1; }
command -v javac >/dev/null || { echo "bench: no javac on the PATH; a JDK 17 or later is needed, not a JRE" >&2; exit 1; }
if [ "${1:-}" = compile ]; then compile "$2"; exit; fi
if [ $# -gt 0 ]; then sed -n 2,5p "$0"; exit 2; fi

if [ -z "${TARGET:-}" ]; then "$ROOT/serai" version >/dev/null; fi   # builds anew when sources are newer than the jar

WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-bench.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
mkdir "$WORK/classes"
compile "$WORK/classes"
trap - EXIT   # from here on the benchmark itself removes the folder, on Ctrl-C too
exec java -Xmx1g -XX:+UseSerialGC -cp "$WORK/classes:$ROOT/target/lib/*" dev.serai.bench.Bench "$HERE/bench.sh" "$WORK"
