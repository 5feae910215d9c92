#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The guard over TLS under load, on loopback alone, and sent the same review beside it: nginx with a static answer of the same size,
# and a bare server (BareServer), which is what a review costs by Javalin and JSON alone.
# Wants wrk, h2load (nghttp2-client), nginx, openssl, curl and keytool (of a JDK), and a packed jar: ./mvnw -Dquick package, then src/jmh/load.sh
# JAVA, JAR: another way to start both, for example JAVA="/opt/jre/bin/java @/opt/kms-guard/java.options" JAR=/opt/kms-guard/kms-guard.jar.
set -euo pipefail
cd "$(dirname "$0")/../.."

for tool in wrk h2load nginx openssl curl keytool; do
  command -v "$tool" >/dev/null || { echo "load.sh: $tool is not on the PATH" >&2; exit 2; }
done
JAVA=${JAVA:-java -XX:Flags=src/image/jvm.flags}
JAR=${JAR:-target/kms-guard.jar}
# As in the image: see Dockerfile.
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=20000
SECONDS_EACH=${SECONDS_EACH:-10}
RUNS=${RUNS:-3}
WARM_UP=${WARM_UP:-150000}
port=18443
nginx_port=19443
bare_port=20443
guard_url="https://127.0.0.1:$port/validate?timeout=5s"
nginx_url="https://127.0.0.1:$nginx_port/"
bare_url="https://127.0.0.1:$bare_port/validate"
dir=$(mktemp -d)
guard=
bare=
finish() {
  # shellcheck disable=SC2086 # one, both or none
  [ -z "$guard$bare" ] || kill $guard $bare 2>/dev/null || true
  [ ! -s "$dir/nginx.pid" ] || kill "$(cat "$dir/nginx.pid")" 2>/dev/null || true
  wait
  rm -rf "$dir"
}
trap finish EXIT

# A review of 30 KB, and the world that it is judged in; compiles the bare server too.
./mvnw -q -Pjmh test -Djmh.main=io.kmsguard.bench.LoadFiles "-Djmh.args=$dir" >/dev/null

cat >"$dir/post.lua" <<END
local file = io.open("$dir/review.json", "rb")
wrk.method, wrk.body = "POST", file:read("*a")
wrk.headers["Content-Type"] = "application/json"
END

start_guard() {
  # shellcheck disable=SC2086 # a command with its arguments
  $JAVA -jar "$JAR" serve --host 127.0.0.1 --port "$port" --ops-port 0 --drain-delay 10ms --self-signed --manifests "$dir/world" \
    >/dev/null 2>"$dir/guard.log" &
  guard=$!
  await "$guard_url" "$dir/guard.log"
}
start_bare() {
  keytool -genkeypair -alias bare -keyalg EC -groupname secp256r1 -dname CN=bare -storepass changeit -keystore "$dir/bare.p12" 2>/dev/null
  # shellcheck disable=SC2086 # a command with its arguments
  $JAVA -cp "$JAR:target/test-classes" io.kmsguard.bench.BareServer "$dir/bare.p12" serve --port "$bare_port" >/dev/null 2>"$dir/bare.log" &
  bare=$!
  await "$bare_url" "$dir/bare.log"
}
await() { # <url> <log>
  for _ in $(seq 200); do
    if answer=$(ask "$1"); then return 0; fi
    sleep 0.1
  done
  tail -n 3 "$2" >&2
  exit 1
}
ask() { # <url>
  curl -skf -H 'Content-Type: application/json' --data-binary "@$dir/review.json" "$1"
}

# wrk's requests a second, 99th percentile and errors.
saturate() { # <connections> <url>
  wrk -t2 -c"$1" -d"${SECONDS_EACH}s" --latency -s "$dir/post.lua" "$2" >"$dir/wrk.txt"
  awk '/Requests\/sec/ {rate = $2} /99%/ {p99 = $2} /Socket errors|Non-2xx/ {errors = errors " " $0}
    END {printf "%s %s%s\n", rate, p99, errors}' "$dir/wrk.txt"
}
# One after the other, since the machine's speed may change: the ratio, then what each did.
beside() { # <connections>
  guard_did=$(saturate "$1" "$guard_url")
  nginx_did=$(saturate "$1" "$nginx_url")
  awk -v guard="$guard_did" -v nginx="$nginx_did" 'BEGIN {printf "%.3f guard %s nginx %s\n", guard / nginx, guard, nginx}'
}
# The review, again and again, as h2load's options say.
send() { h2load --h1 -t 1 -d "$dir/review.json" -H 'Content-Type: application/json' "$@"; }
# The middle of several lines by their first number.
median() { sort -n | awk '{line[NR] = $0} END {print line[int((NR + 1) / 2)]}'; }

# Reviews that arrive at even distances, whatever the answers take: the 99th percentile and the median in microseconds. Without the
# first second, in which all connections are made: an API server keeps its own.
open_loop() { # <reviews a second of one connection, of which there are 50> <url>
  rm -f "$dir/h2load.log"
  send -n $(($1 * 50 * (SECONDS_EACH + 1))) -c 50 -r 1 --rate-period "$((1000 / ($1 * 50)))ms" --rps="$1" --log-file="$dir/h2load.log" \
    "$2" >/dev/null
  sort -n "$dir/h2load.log" |
    awk 'NR == 1 {start = $1} $2 != 200 {bad++} $1 - start > 1000000 {print $3} END {if (bad) print bad " failed" >"/dev/stderr"}' |
    sort -n |
    awk '{t[NR] = $1} END {printf "%d %d\n", t[int(NR * 0.99) + 1], t[int(NR * 0.5) + 1]}'
}

echo "== Resident memory after 50,000 reviews on 16 connections"
start_guard
send -n 50000 -c 16 "$guard_url" | grep -E '^(finished|requests)' || true
awk '/VmRSS/ {printf "%d MB\n", $2 / 1024}' "/proc/$guard/status"

answer=$(ask "$guard_url" | sed 's/"/\\"/g')
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key" -out "$dir/crt" -subj /CN=localhost \
  -days 2 2>/dev/null
cat >"$dir/nginx.conf" <<END
worker_processes auto; pid $dir/nginx.pid; error_log $dir/nginx.log;
events { worker_connections 2048; }
http {
  access_log off; client_body_buffer_size 64k; keepalive_requests 100000000; default_type application/json;
  server {
    listen 127.0.0.1:$nginx_port ssl; ssl_certificate $dir/crt; ssl_certificate_key $dir/key; ssl_protocols TLSv1.3;
    location / { return 200 "$answer"; }
  }
}
END
nginx -c "$dir/nginx.conf"

# The compiler of a JVM is done after some 100,000 reviews and more. A few callers, so that it gets its turn on few processors.
warm_up() { # <url>
  send -n "$WARM_UP" -c 4 "$1" >/dev/null
  send -n $((WARM_UP / 3)) -c 50 "$1" >/dev/null
}
warm_up "$guard_url"

echo "== Saturated, keep-alive, $RUNS runs of $SECONDS_EACH s: the ratio in the middle, and its reviews a second and p99"
for connections in 50 200 500; do
  for _ in $(seq "$RUNS"); do beside "$connections"; done | tee -a "$dir/all.txt" | median | sed "s/^/$connections: /"
done

start_bare
warm_up "$bare_url"
echo "== Open loop, 50 connections, the run of $RUNS in the middle: reviews a second, p99 and p50 in microseconds"
for rate in 4 10 20; do
  rm -f "$dir"/loop.*
  for _ in $(seq "$RUNS"); do
    open_loop "$rate" "$guard_url" >>"$dir/loop.guard"
    open_loop "$rate" "$bare_url" >>"$dir/loop.bare"
    open_loop "$rate" "$nginx_url" >>"$dir/loop.nginx"
  done
  echo "$((rate * 50)): guard $(median <"$dir/loop.guard") bare server $(median <"$dir/loop.bare") nginx $(median <"$dir/loop.nginx")"
done
awk '/VmRSS/ {printf "Resident at the end: %d MB\n", $2 / 1024}' "/proc/$guard/status"
if grep -E 'Socket errors|Non-2xx' "$dir/all.txt"; then exit 1; fi
