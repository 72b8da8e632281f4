#!/usr/bin/env bash
# How much of HubSpot's published limit a hub uses, and whether it is ever refused: changed contacts that wait in the store go
# in batches of a hundred to the simulated HubSpot, which refuses the 191st call of any ten seconds.
#   bench/quota.sh [CONTACTS] [ROUNDS]
#     CONTACTS  50000 unless said: 500 calls, for which the limit leaves 20 seconds
#     ROUNDS    3 unless said, one after the other in the same hub: it is cold in the first
# Needs bash, a JDK 17 or later, and: ./mvnw -q -B package -DskipTests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
CONTACTS=${1:-50000} ROUNDS=${2:-3}
if ! [[ $CONTACTS =~ ^[1-9][0-9]{0,6}$ && $ROUNDS =~ ^[1-9]$ ]]; then sed -n 2,7p bench/quota.sh; exit 2; fi
if ! [ -d target/lib ] || ! [ -d target/test-classes/dev/serai/load ]; then
  echo "quota: not built yet; build first: ./mvnw -q -B package -DskipTests" >&2
  exit 1
fi
java -Xmx1g -XX:+UseSerialGC -Dsun.net.httpserver.nodelay=true -Dfile.encoding=UTF-8 \
  -cp "target/test-classes:target/classes:target/lib/*" dev.serai.load.QuotaLoad "$CONTACTS" "$ROUNDS" | grep '^quota:'
