# SPDX-License-Identifier: Apache-2.0
ARG BUILDER=swift:6.3-bookworm
ARG RUNTIME=debian:bookworm-slim
# The version of Sources/OutreachExporter/Build.swift, or the build fails.
ARG VERSION=0.1.0
# The commit: --build-arg REVISION="$(git rev-parse HEAD)"
ARG REVISION=unknown
# The address of the repository, for the label.
ARG SOURCE=

FROM ${BUILDER} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends zlib1g-dev libcurl4-openssl-dev libmicrohttpd-dev libgnutls28-dev libcrypt-dev libyaml-dev libpcre2-dev
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
ARG VERSION
ARG REVISION
RUN grep -qF "version = \"${VERSION}\"" Sources/OutreachExporter/Build.swift \
    && sed -i "s/revision = \"unknown\"/revision = \"${REVISION}\"/" Sources/OutreachExporter/Build.swift \
    && swift build -c release --static-swift-stdlib -Xlinker -s --product outreach-exporter \
    && install -D "$(swift build -c release --static-swift-stdlib --show-bin-path)/outreach-exporter" \
        /out/outreach-exporter

FROM ${RUNTIME}
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libstdc++6 zlib1g libcurl4 libmicrohttpd12 libgnutls30 libcrypt1 libyaml-0-2 libpcre2-8-0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10447 outreach-exporter \
    && useradd --system --uid 10447 --gid 10447 --home-dir /var/lib/outreach-exporter --no-create-home outreach-exporter \
    # For --storage.path. The group is that of platforms which choose the user.
    && install -d -m 0770 -o 10447 -g 0 /var/lib/outreach-exporter
COPY --from=build /out/outreach-exporter /usr/local/bin/outreach-exporter
ARG VERSION
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.title="outreach-exporter" \
    org.opencontainers.image.description="Prometheus exporter of cold-outreach analytics" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}" \
    org.opencontainers.image.source="${SOURCE}"
COPY LICENSE /usr/share/doc/outreach-exporter/LICENSE
# Two malloc arenas are enough for about ten threads and keep resident memory low.
ENV MALLOC_ARENA_MAX=2
USER 10447
EXPOSE 10447
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["/usr/local/bin/outreach-exporter", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/outreach-exporter"]
