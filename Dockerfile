# The image, of what `mvn -Pdist package` has put together:
#
#   docker build -t raybridge:0.1.0 distribution/packages/target/image
#
# For amd64 and arm64 alike: what depends on the platform, the Java runtime and its start cache, is made here, by programs of that
# platform. Built and run on amd64; on arm64 not yet, since that takes such a machine (or docker buildx with QEMU: minutes for the cache).
ARG JDK=docker.io/library/eclipse-temurin:25-jdk
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${JDK} AS build
COPY raybridge.jar modules /opt/raybridge/
COPY bin /opt/raybridge/bin
RUN jlink --add-modules "$(paste -sd, /opt/raybridge/modules)" --strip-java-debug-attributes --no-man-pages \
      --no-header-files --compress zip-6 --output /opt/raybridge/runtime \
 && rm /opt/raybridge/modules \
 && /opt/raybridge/bin/raybridge --prepare

FROM ${BASE}
RUN groupadd --gid 10001 raybridge \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/raybridge --shell /usr/sbin/nologin raybridge \
 && install -d -o 10001 -g 10001 /var/lib/raybridge \
 && ln -s /opt/raybridge/bin/raybridge /usr/bin/raybridge \
 # The names of ADOT's programs and of the X-Ray daemon, which task definitions and manifests call.
 && ln -s /opt/raybridge/bin/raybridge /awscollector \
 && ln -s /opt/raybridge/bin/raybridge /healthcheck \
 && ln -s /opt/raybridge/bin/raybridge /xray \
 && ln -s /opt/raybridge/bin/raybridge /usr/bin/xray
COPY LICENSE LICENCES.txt raybridge.cdx.json /usr/share/doc/raybridge/
COPY etc /etc
COPY --from=build /opt/raybridge /opt/raybridge
ENV LANG=C.UTF-8 RAYBRIDGE_DATA_DIR=/var/lib/raybridge RAYBRIDGE_XRAY_BIND=0.0.0.0:2000
USER 10001:10001
# On ECS a volume at one of these then belongs to the user above.
VOLUME ["/tmp", "/var/lib/raybridge"]
EXPOSE 4317/tcp 4318/tcp 2000/udp 2000/tcp
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
  CMD ["/opt/raybridge/runtime/bin/java", "-XX:AOTCache=/opt/raybridge/raybridge.aot", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1", "-Xmx16m", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED", "-cp", "/opt/raybridge/raybridge.jar", "io.raybridge.distribution.Main", "health"]
ENTRYPOINT ["/opt/raybridge/bin/raybridge"]
