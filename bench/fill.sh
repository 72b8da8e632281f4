#!/usr/bin/env bash
# Fills the database of a hub with finished events, to see how it works with a past. For a database of a test only: what
# is filled in stays until its retention is over. The hub must have run on it once, and may be running.
#   DATABASE_USER=serai DATABASE_PASSWORD=... bench/fill.sh jdbc:postgresql://127.0.0.1:5432/serai EVENTS
# 10 million take some ten minutes and 12 GB. Needs what bench.sh needs; fill.sql says what is written.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! [[ $# -eq 2 && $1 == jdbc:postgresql://* && $2 =~ ^[1-9][0-9]{0,7}$ ]]; then sed -n 2,5p "$0"; exit 2; fi
WORK=$(mktemp -d "${TMPDIR:-/tmp}/serai-fill.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
"$HERE/bench.sh" compile "$WORK"
java -cp "$WORK:$(dirname "$HERE")/target/lib/*" dev.serai.bench.Past "$HERE/fill.sql" "$1" "$2"
