#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One review every 200 ms while others send the head of a review and then a byte every half second: how many were answered, and how fast.
# The guard and a bare server (BareServer) in turn. Wants curl and keytool, and a packed jar: ./mvnw -Dquick package, then src/jmh/slow.sh
# SENDERS, SECONDS_EACH: how many (several counts in turn), and for how long. JAVA, JAR: as of load.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."

JAVA=${JAVA:-java -XX:Flags=src/image/jvm.flags}
JAR=${JAR:-target/kms-guard.jar}
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=20000
port=18444
bare_port=20444
dir=$(mktemp -d)
pids=
finish() {
  # shellcheck disable=SC2086 # none or more
  [ -z "$pids" ] || kill $pids 2>/dev/null || true
  wait
  rm -rf "$dir"
}
trap finish EXIT

# A review of 30 KB, and the world that it is judged in; compiles the rest too.
./mvnw -q -Pjmh test -Djmh.main=io.kmsguard.bench.LoadFiles "-Djmh.args=$dir" >/dev/null
keytool -genkeypair -alias bare -keyalg EC -groupname secp256r1 -dname CN=bare -storepass changeit -keystore "$dir/bare.p12" 2>/dev/null

await() { # <port>
  for _ in $(seq 200); do
    if curl -skf -o "$dir/answer" -H 'Content-Type: application/json' --data-binary "@$dir/review.json" "https://127.0.0.1:$1/validate"; then
      return 0
    fi
    sleep 0.1
  done
  tail -n 3 "$dir"/*.log >&2
  exit 1
}
senders() { # <port> <count>
  java -Xmx512m -cp target/test-classes io.kmsguard.bench.SlowSenders "$1" "$dir/review.json" "$2" "${SECONDS_EACH:-20}"
}

# shellcheck disable=SC2086 # a command with its arguments
$JAVA -jar "$JAR" serve --host 127.0.0.1 --port "$port" --ops-port 0 --drain-delay 10ms --self-signed --manifests "$dir/world" \
  >/dev/null 2>"$dir/guard.log" &
pids=$!
# shellcheck disable=SC2086 # a command with its arguments
$JAVA -cp "$JAR:target/test-classes" io.kmsguard.bench.BareServer "$dir/bare.p12" serve --port "$bare_port" >/dev/null 2>"$dir/bare.log" &
pids="$pids $!"
await "$port"
await "$bare_port"
for count in ${SENDERS:-0 40 400}; do
  echo -n "Bare server. "
  senders "$bare_port" "$count"
  echo -n "Guard. "
  senders "$port" "$count"
done
