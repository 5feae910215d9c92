#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From the start of a process to its first right answer over TLS: the guard and a bare server in turn, each with an archive of what it
# loads, as in the image. Wants a JDK of 25 or later and a packed jar: ./mvnw -Dquick package, then src/jmh/start.sh
# ROUNDS, RUNS: how many pairs, and of how many starts each is the median.
set -euo pipefail
cd "$(dirname "$0")/../.."

bin=${JAVA_HOME:+$JAVA_HOME/bin/}
jar=target/kms-guard.jar
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# As in the image: see Dockerfile.
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=20000
java=("${bin}java" -XX:Flags=src/image/jvm.flags -Xlog:disable)
record=(-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining)

"${bin}javac" -cp "$jar" -d "$dir/classes" src/image/java/io/kmsguard/image/*.java src/jmh/java/io/kmsguard/bench/BareServer.java
"${bin}jar" cf "$dir/bare.jar" -C "$dir/classes" io/kmsguard/bench
"${bin}keytool" -genkeypair -alias bare -keyalg EC -groupname secp256r1 -dname CN=bare -storepass changeit -keystore "$dir/bare.p12" 2>/dev/null

guard=(-jar "$jar")
bare=(-cp "$jar:$dir/bare.jar" io.kmsguard.bench.BareServer "$dir/bare.p12")
rehearse() {
  "${bin}java" -cp "$jar:$dir/classes" io.kmsguard.image.Rehearsal "$@"
}
rehearse 1 "${java[@]}" "${record[@]}" "-XX:AOTCacheOutput=$dir/guard.aot" "${guard[@]}" >/dev/null
rehearse 1 "${java[@]}" "${record[@]}" "-XX:AOTCacheOutput=$dir/bare.aot" "${bare[@]}" >/dev/null
for _ in $(seq "${ROUNDS:-3}"); do
  echo -n "Bare server. "
  rehearse "${RUNS:-7}" "${java[@]}" "-XX:AOTCache=$dir/bare.aot" "${bare[@]}"
  echo -n "Guard. "
  rehearse "${RUNS:-7}" "${java[@]}" "-XX:AOTCache=$dir/guard.aot" "${guard[@]}"
done
