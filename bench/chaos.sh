#!/usr/bin/env bash
# Kills two hubs and their database at random while events come in, then compares what was acknowledged with what
# happened; bench/README.md says what must hold. Ends with 1 when something did not.
#   bench/chaos.sh [KILLS] [SEED] [FREEZES]      100 kills of hubs, a fifth as many of the database: some six minutes
# Needs bash, a JDK 17 or later, and: ./mvnw -q -B package -DskipTests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
KILLS=${1:-100}
SEED=${2:-$RANDOM}
FREEZES=${3:-0}
if ! [[ $KILLS =~ ^[1-9][0-9]{0,3}$ && $SEED =~ ^[0-9]{1,18}$ && $FREEZES =~ ^[0-9]{1,4}$ ]]; then sed -n 2,5p bench/chaos.sh; exit 2; fi
if ! [ -d target/lib ] || ! [ -d target/test-classes/dev/serai/chaos ]; then
  echo "chaos: not built yet; build first: ./mvnw -q -B package -DskipTests" >&2
  exit 1
fi
WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-chaos.XXXXXX")
java -Xmx1g -XX:+UseSerialGC -Dsun.net.httpserver.nodelay=true -cp "target/test-classes:target/classes:target/lib/*" dev.serai.chaos.ChaosMain "$KILLS" "$SEED" "$FREEZES" "$WORK"
rm -rf "$WORK/database" "$WORK/hub.jar" "$WORK/hub.jsa"   # nothing to look into; the logs stay
