#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs kms-guard inject for Helm 4, with what --post-renderer-args says. KMS_GUARD names another kms-guard than the one
# found: a jar or the script in the plugin's own folder, on the path, or in the checkout that the plugin was installed from.
set -eu

home=$(cd "$(dirname "$0")" && pwd -P)

# Helm 4 keeps to itself what a post-renderer says, even why it failed. So it is said on Helm's own standard error, or on
# the terminal. Not in a file: Helm itself would write over it.
helm_says=/proc/$PPID/fd/2
if [ -w "$helm_says" ] && { [ -p "$helm_says" ] || [ -c "$helm_says" ]; }; then
  exec 2>"$helm_says"
elif [ ! -e "$helm_says" ] && (: >/dev/tty) 2>/dev/null; then
  exec 2>/dev/tty
fi

run_jar() {
  java=java
  [ -z "${JAVA_HOME-}" ] || java=$JAVA_HOME/bin/java
  # A command lives for a second or two: the first compiler is enough.
  exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$@"
}

for guard in "${KMS_GUARD-}" "$home/kms-guard.jar" "$home/kms-guard" "$(command -v kms-guard || :)" "$home/../../kms-guard"; do
  if [ -n "$guard" ] && [ -f "$guard" ]; then
    case $guard in
    *.jar) run_jar "$guard" inject "$@" ;;
    *) exec "$guard" inject "$@" ;;
    esac
  fi
done
printf 'kms-guard: not found: put kms-guard.jar into %s, or kms-guard on the path, or name it by KMS_GUARD\n' "$home" >&2
exit 2
