#!/usr/bin/env bash
# Three hubs use one account whose refresh tokens count once, and are killed at random, every fourth time between the vendor's
# work and the hub's commit; bench/README.md says what must hold. Ends with 1 when something did not.
#   bench/token-race.sh [KILLS] [SEED] [LIFE]      12 kills, tokens that live for 60 s: some ten minutes
# Needs bash, a JDK 17 or later, and: ./mvnw -q -B package -DskipTests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
KILLS=${1:-12}
SEED=${2:-$RANDOM}
LIFE=${3:-60}
if ! [[ $KILLS =~ ^[1-9][0-9]{0,3}$ && $SEED =~ ^[0-9]{1,18}$ && $LIFE =~ ^[1-9][0-9]{0,3}$ ]]; then sed -n 2,5p bench/token-race.sh; exit 2; fi
if ! [ -d target/lib ] || ! [ -d target/test-classes/dev/serai/chaos ]; then
  echo "token-race: not built yet; build first: ./mvnw -q -B package -DskipTests" >&2
  exit 1
fi
WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-token-race.XXXXXX")
java -Xmx512m -XX:+UseSerialGC -Dsun.net.httpserver.nodelay=true -Dfile.encoding=UTF-8 \
  -cp "target/test-classes:target/classes:target/lib/*" dev.serai.chaos.TokenRaceMain "$KILLS" "$SEED" "$LIFE" "$WORK"
rm -rf "$WORK/hub.jar" "$WORK/hub.jsa"   # nothing to look into; the logs stay
