package io.raybridge.transport;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.time.Duration;
import java.util.Optional;

/**
 * The keys of a gRPC server, named as in the Go collector's configgrpc. Components declare {@code
 * endpoint} themselves.
 */
@Absent(
    keys = {"auth", "middlewares"},
    notYet = "use tls.client_ca_file to let in only whom you know")
@Absent(keys = "dialer", noEffect = "a server does not dial")
@Absent(
    keys = {"read_buffer_size", "write_buffer_size"},
    noEffect = "buffers grow and shrink with what a connection needs")
public record GrpcServerConfig(
    @Key(doc = "The network to listen on: tcp.", def = "tcp") String transport,
    @Key(doc = "Speak TLS, with these keys and certificates.") Optional<TlsServerConfig> tls,
    @Key(
            doc =
                "The largest message in MiB, before and after unpacking. A larger one gets"
                    + " RESOURCE_EXHAUSTED. 0: gRPC's own limit of 4 MiB.",
            def = "0",
            min = 0,
            max = 2047)
        int maxRecvMsgSizeMib,
    @Key(
            doc = "The most requests at once on one connection. 0: no limit.",
            def = "0",
            min = 0,
            max = Integer.MAX_VALUE)
        int maxConcurrentStreams,
    @Key(doc = "How connections are kept and ended.") Keepalive keepalive) {

  /** What a configuration without any of these keys gives. */
  public static final GrpcServerConfig DEFAULT =
      new GrpcServerConfig(
          "tcp",
          Optional.empty(),
          0,
          0,
          new Keepalive(
              new Keepalive.ServerParameters(
                  Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
              new Keepalive.EnforcementPolicy(Duration.ZERO, false)));

  public GrpcServerConfig {
    if (!transport.equals("tcp")) {
      throw new Invalid(
          "transport", transport + " (expected: tcp; other transports are not built in yet)");
    }
  }

  int maxMessageBytes() {
    return maxRecvMsgSizeMib == 0 ? 4 << 20 : maxRecvMsgSizeMib << 20;
  }

  /** The keys under {@code keepalive}. */
  public record Keepalive(
      @Key(doc = "What the server does with connections.") ServerParameters serverParameters,
      @Key(doc = "What the server bears from clients.") EnforcementPolicy enforcementPolicy) {

    /** The keys under {@code server_parameters}. */
    public record ServerParameters(
        @Key(doc = "Ends a connection that was idle for so long. 0: never.", def = "0s")
            Duration maxConnectionIdle,
        @Key(
                doc =
                    "Ends a connection of this age, give or take a tenth, so that clients spread"
                        + " over new servers. 0: never.",
                def = "0s")
            Duration maxConnectionAge,
        @Key(doc = "How long requests may then still run. 0: as long as they like.", def = "0s")
            Duration maxConnectionAgeGrace,
        @Key(doc = "Asks a silent client for a sign of life after so long. 0: 2h.", def = "0s")
            Duration time,
        @Key(doc = "Ends the connection when none comes within this. 0: 20s.", def = "0s")
            Duration timeout) {}

    /** The keys under {@code enforcement_policy}. */
    public record EnforcementPolicy(
        @Key(
                doc = "Ends the connection of a client that pings more often than this. 0: 5m.",
                def = "0s")
            Duration minTime,
        @Key(doc = "Lets clients ping while they send nothing.", def = "false")
            boolean permitWithoutStream) {}
  }
}
