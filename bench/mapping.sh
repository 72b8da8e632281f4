#!/usr/bin/env bash
# Microseconds one record takes on one core: a mapping file beside JSLT, JSONata, jq, Jolt and Java written by hand.
#   bench/mapping.sh              all of them, in turns
#   bench/mapping.sh serai byHand only these
# Needs a JDK 17 or later, and target/serai.jar: ./mvnw -q -B package -DskipTests. Fetches the other engines once.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")
ENGINES=$ROOT/target/bench-mapping
"$ROOT/serai" version >/dev/null   # builds anew when sources are newer than the jar
[ -d "$ENGINES/lib" ] || (cd "$ROOT" && ./mvnw -q -B -f bench/mapping/pom.xml dependency:copy-dependencies -DoutputDirectory="$ENGINES/lib")
rm -rf "$ENGINES/classes"
mkdir -p "$ENGINES/classes"
CLASSPATH="$ROOT/target/serai.jar:$ROOT/target/lib/*:$ENGINES/lib/*"
javac -encoding UTF-8 -nowarn -d "$ENGINES/classes" -cp "$CLASSPATH" "$HERE"/mapping/src/dev/serai/bench/mapping/*.java
only=$(IFS='|'; echo "$*")
java -cp "$ENGINES/classes:$CLASSPATH" org.openjdk.jmh.Main "Twenty.(${only:-.*})\$" -f 2 -wi 4 -w 2 -i 5 -r 2 -t 1 \
  -jvmArgs "-Xmx512m -XX:+UseSerialGC -Dbench.folder=$HERE/mapping"
