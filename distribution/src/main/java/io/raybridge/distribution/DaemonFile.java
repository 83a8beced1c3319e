package io.raybridge.distribution;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Named;

/** The X-Ray daemon's {@code cfg.yaml}, version 1 or 2. */
@Absent(
    keys = {"Profile", "Processor", "MemoryLimit", "LogRotation"},
    notYet = "a key of older daemons (expected: those of the X-Ray daemon's cfg.yaml version 2)")
public record DaemonFile(
    @Key(
            name = "TotalBufferSizeMB",
            doc = "Memory for segments that wait, in MB, 3 or more; 0 for the default.",
            def = "0",
            min = 0)
        int totalBufferSizeMb,
    @Key(name = "Concurrency", doc = "The most calls to X-Ray at once.", def = "8", min = 0)
        int concurrency,
    @Key(name = "Region", doc = "The region to send to.", def = "") String region,
    @Key(name = "Endpoint", doc = "URL to send to instead of the region's.", def = "")
        String endpoint,
    @Key(name = "Socket", doc = "What to listen on.") Socket socket,
    @Key(name = "Logging", doc = "What is logged and where.") Logging logging,
    @Key(
            name = "LocalMode",
            doc = "Whether never to ask the instance metadata service.",
            def = "false")
        boolean localMode,
    @Key(name = "ResourceARN", doc = "ARN of the resource the daemon runs on.", def = "")
        String resourceArn,
    @Key(name = "RoleARN", doc = "ARN of a role to assume.", def = "") String roleArn,
    @Key(name = "NoVerifySSL", doc = "Accept any certificate.", def = "false") boolean noVerifySsl,
    @Key(name = "ProxyAddress", doc = "HTTP proxy for requests to X-Ray.", def = "")
        String proxyAddress,
    @Key(name = "Version", doc = "The file's version: 1 or 2.") int version) {

  public DaemonFile {
    if (version != 1 && version != 2) {
      throw new Invalid("Version", version + " (expected: 2, or 1)");
    }
  }

  /** Keys under {@code Socket}. */
  public record Socket(
      @Key(name = "UDPAddress", doc = "host:port for segments.", def = "127.0.0.1:2000")
          String udpAddress,
      @Key(name = "TCPAddress", doc = "host:port for sampling rules.", def = "127.0.0.1:2000")
          String tcpAddress) {}

  /** Keys under {@code Logging}. */
  public record Logging(
      @Key(
              name = "LogRotation",
              doc = "Start the log file anew at 50 MB, and keep the one before.",
              def = "true")
          boolean logRotation,
      @Key(
              name = "LogLevel",
              doc = "dev, debug, info, warn, error, or prod, which is info.",
              def = "prod")
          Level logLevel,
      @Key(name = "LogPath", doc = "The file to log to; empty for stderr.", def = "")
          String logPath) {}

  /** The daemon's words for how much is logged. */
  public enum Level {
    @Named({"dev", "debug"})
    DEBUG,
    @Named({"info", "prod"})
    INFO,
    WARN,
    ERROR
  }
}
