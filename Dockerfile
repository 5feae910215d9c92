# SPDX-License-Identifier: Apache-2.0
# The image of kms-guard, out of the packed jar: ./mvnw package, then docker build -t kms-guard .
# JDK_IMAGE: any with a JDK of 17 or later on the path. BASE_IMAGE: any with a glibc; nothing in it is run but that.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG BASE_IMAGE=debian:13-slim

FROM ${JDK_IMAGE} AS build
ARG SOURCE_DATE_EPOCH=0
WORKDIR /build
COPY src/image/ image/
COPY target/kms-guard.jar target/bom.json LICENSE app/
RUN sh image/build.sh "$SOURCE_DATE_EPOCH"

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="splice-kms-guard" \
      org.opencontainers.image.description="Kubernetes admission webhook that guards Splice participants on an external KMS" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/jre /opt/jre
COPY --from=build /opt/kms-guard /opt/kms-guard
# The C library otherwise keeps memory for each thread, and what of it was ever filled: the JVM's compilers fill it by pieces of
# 32 KB, and rarely need as much again.
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=20000
# Java takes no file whose name is not ASCII in the locale C.
ENV LANG=C.UTF-8
# By number, so that a cluster sees that it is not root, and the base needs no such user.
USER 65532:65532
WORKDIR /
EXPOSE 8443 8080
ENTRYPOINT ["/opt/jre/bin/java", "@/opt/kms-guard/java.options", "-jar", "/opt/kms-guard/kms-guard.jar"]
CMD ["serve"]
