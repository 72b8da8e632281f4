#!/usr/bin/env bash
# Kills two hubs and their database at random while events come in, then compares what was acknowledged with what
# happened; bench/README.md says what must hold. Ends with 1 when something did not.
#   bench/chaos.sh [KILLS] [SEED]      100 kills of hubs and a fifth as many of the database: some five minutes
# Needs bash, a JDK 17 or later, and: ./mvnw -q -B package -DskipTests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
KILLS=${1:-100}
SEED=${2:-$RANDOM}
if ! [[ $KILLS =~ ^[1-9][0-9]{0,3}$ && $SEED =~ ^[0-9]{1,18}$ ]]; then sed -n 2,5p bench/chaos.sh; exit 2; fi
if ! [ -d target/lib ] || ! [ -d target/test-classes/dev/serai/chaos ]; then
  echo "chaos: not built yet; build first: ./mvnw -q -B package -DskipTests" >&2
  exit 1
fi
exec java -Xmx1g -XX:+UseSerialGC -cp "target/test-classes:target/classes:target/lib/*" dev.serai.chaos.ChaosMain "$KILLS" "$SEED"
