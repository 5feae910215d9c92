#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Inside the image's build: a JRE of what the guard needs, and an archive of what it loads, so that it starts quickly.
# $1: the time of every file, in seconds since 1970. The archive knows the jar by size and time, so it is set first.
set -eu
epoch=$1
app=/opt/kms-guard
jre=/opt/jre
release=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
# jdeps names java.desktop and java.sql too, for parts of libraries that are never reached.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.crypto.ec,jdk.management,jdk.unsupported
compress=zip-6
[ "$release" -ge 21 ] || compress=2

jlink --add-modules "$modules" --strip-java-debug-attributes --no-header-files --no-man-pages --compress="$compress" --output "$jre"
# Debian's JDK has its debugging information beside each library, and jlink takes all of it along.
find "$jre" -name '*.debuginfo' -delete
mkdir -p "$app"
cp app/* image/jvm.flags "$app/"
find "$jre" "$app" -exec touch -h -d "@$epoch" {} +

# jvm.flags are defaults of the JVM and not on its command line, where JAVA_TOOL_OPTIONS could not change them.
# Trouble of the JVM goes to standard error: standard output belongs to what a command prints.
cat >"$app/java.options" <<END
-XX:Flags=$app/jvm.flags
-Xlog:disable
-Xlog:all=warning:stderr
END

javac -cp "$app/kms-guard.jar" -d rehearsal image/java/io/kmsguard/image/*.java
rehearse() {
  java -cp "$app/kms-guard.jar:rehearsal" io.kmsguard.image.Rehearsal 1 \
    "$jre/bin/java" "@$app/java.options" "$@" -jar "$app/kms-guard.jar"
}

if [ "$release" -ge 25 ]; then
  # Without what the compiler learnt: told of all that was hot once, it works so much at the start that a guard under load answers
  # a quarter fewer reviews in its first minute, and holds more memory.
  rehearse -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining "-XX:AOTCacheOutput=$app/kms-guard.aot"
  echo "-XX:AOTCache=$app/kms-guard.aot" >>"$app/java.options"
else
  "$jre/bin/java" -XX:+UseSerialGC -Xshare:dump >/dev/null
  rehearse "-XX:ArchiveClassesAtExit=$app/kms-guard.jsa"
  echo "-XX:SharedArchiveFile=$app/kms-guard.jsa" >>"$app/java.options"
fi
rehearse

# What the rehearsal does not reach, such as a module that is missing, is told here and not by an operator.
"$jre/bin/java" "@$app/java.options" -jar "$app/kms-guard.jar" demo >/dev/null

find "$jre" "$app" -exec touch -h -d "@$epoch" {} +
