package io.raybridge.distribution;

import io.raybridge.api.FileFault;
import io.raybridge.config.Binder;
import io.raybridge.config.GoDuration;
import io.raybridge.config.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code raybridge xray-daemon}: takes the X-Ray daemon's flags and file, and runs a collector that
 * does its work: the receiver awsxray in front of the exporter awsxray.
 */
@Command(
    name = XrayDaemonCommand.NAME,
    versionProvider = Version.class,
    description = {
      "Runs in place of the X-Ray daemon, with its flags and its cfg.yaml.",
      "Without -c the file is /etc/amazon/xray/cfg.yaml or ./cfg.yaml, if there is one. Flags win."
    })
final class XrayDaemonCommand implements Callable<Integer> {
  static final String NAME = "xray-daemon";

  private static final List<String> FILES = List.of("/etc/amazon/xray/cfg.yaml", "cfg.yaml");
  private static final int LEAST_MEGABYTES = 3;

  /** The daemon's. */
  private static final String LOG_FILE_MEGABYTES = "50";

  private static final Duration SHUTDOWN_TIMEOUT =
      GoDuration.parse(QuickStart.SHUTDOWN_TIMEOUT).orElseThrow();

  private final Surroundings surroundings;
  private final RunCommand.Runner runner;

  @Option(
      names = {"-a", "--resource-arn"},
      description = "ARN of the AWS resource that the daemon runs on.")
  private @Nullable String resourceArn;

  @Option(
      names = {"-o", "--local-mode"},
      description = "Never ask the EC2 instance metadata service.")
  private boolean localMode;

  @Option(
      names = {"-m", "--buffer-memory"},
      paramLabel = "MB",
      description = "Memory for segments that wait, in MB: 3 or more.")
  private @Nullable Integer bufferMemory;

  @Option(
      names = {"-n", "--region"},
      description = "The region to send to.")
  private @Nullable String region;

  @Option(
      names = {"-b", "--bind"},
      paramLabel = "HOST:PORT",
      description = "The UDP address for segments: 127.0.0.1:2000.")
  private @Nullable String bind;

  @Option(
      names = {"-t", "--bind-tcp"},
      paramLabel = "HOST:PORT",
      description = "The TCP address for sampling rules: 127.0.0.1:2000.")
  private @Nullable String bindTcp;

  @Option(
      names = {"-r", "--role-arn"},
      description = "ARN of a role to assume, for sending to another account.")
  private @Nullable String roleArn;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The daemon's configuration file, cfg.yaml.")
  private @Nullable Path file;

  @Option(
      names = {"-f", "--log-file"},
      paramLabel = "FILE",
      description = "The file to log to.")
  private @Nullable String logFile;

  @Option(
      names = {"-l", "--log-level"},
      paramLabel = "LEVEL",
      description = "dev, debug, info, warn, error, or prod, which is info.")
  private @Nullable String logLevel;

  @Option(
      names = {"-p", "--proxy-address"},
      description = "HTTP proxy for requests to X-Ray.")
  private @Nullable String proxyAddress;

  @Option(
      names = {"-v", "--version"},
      versionHelp = true,
      description = "Prints the version and ends.")
  @SuppressWarnings("UnusedVariable") // picocli asks for the option, nobody for the field
  private boolean version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this and ends.")
  @SuppressWarnings("UnusedVariable") // picocli asks for the option, nobody for the field
  private boolean help;

  /** Of a flag that is given twice the last one counts, as the daemon has it. */
  static CommandLine line(Surroundings surroundings, RunCommand.Runner runner) {
    return new CommandLine(new XrayDaemonCommand(surroundings, runner))
        .setOverwrittenOptionsAllowed(true);
  }

  /** The daemon takes long flags with one dash, too. */
  static String[] goFlags(String... args) {
    if (args.length == 0 || !args[0].equals(NAME)) return args;
    return Stream.of(args).map(XrayDaemonCommand::goFlag).toArray(String[]::new);
  }

  private static String goFlag(String arg) {
    return arg.matches("-[a-z][a-z-]+(=.*)?") ? "-" + arg : arg;
  }

  private XrayDaemonCommand(Surroundings surroundings, RunCommand.Runner runner) {
    this.surroundings = surroundings;
    this.runner = runner;
  }

  @Override
  public Integer call() {
    var read = read();
    if (read == null) return 1;
    int megabytes = bufferMemory == null ? read.totalBufferSizeMb() : bufferMemory;
    if ((bufferMemory != null || megabytes != 0) && megabytes < LEAST_MEGABYTES) {
      return fail("--buffer-memory: " + megabytes + " (expected: 3 or more, in MB)");
    }
    var level = level(read);
    if (level == null) {
      return fail(
          "--log-level: " + logLevel + " (expected: dev, debug, info, warn, error or prod)");
    }
    var sources =
        new ConfigSources(List.of("yaml:" + yaml(read, megabytes, level)), List.of(), List.of());
    return new QuickStart(sources, SHUTDOWN_TIMEOUT, false)
        .run(surroundings, runner, XrayDaemonCommand::said);
  }

  /** A problem of the collector's configuration, by the flag and the key that it was made of. */
  private static String said(Problem problem) {
    String from =
        switch (problem.path()) {
          case "receivers.awsxray.endpoint" -> "--bind, Socket.UDPAddress";
          case "receivers.awsxray.proxy_server.endpoint" -> "--bind-tcp, Socket.TCPAddress";
          case "receivers.awsxray.proxy_server.aws_endpoint", "exporters.awsxray.endpoint" ->
              "Endpoint";
          case "receivers.awsxray.proxy_server.region", "exporters.awsxray.region" ->
              "--region, Region";
          case "receivers.awsxray.proxy_server.role_arn", "exporters.awsxray.role_arn" ->
              "--role-arn, RoleARN";
          case "receivers.awsxray.proxy_server.proxy_address", "exporters.awsxray.proxy_address" ->
              "--proxy-address, ProxyAddress";
          case "exporters.awsxray.num_workers" -> "Concurrency";
          default -> problem.path();
        };
    return from + ": " + problem.message();
  }

  private int fail(String message) {
    surroundings.err().println(message);
    return 1;
  }

  /** The file, the defaults where there is none, or null when it was told what is wrong with it. */
  private @Nullable DaemonFile read() {
    var path =
        file != null
            ? file
            : FILES.stream().map(Path::of).filter(Files::exists).findFirst().orElse(null);
    if (path == null) return Binder.bind(DaemonFile.class, "Version: 2").orThrow();
    String text;
    try {
      text = Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      int _ = fail(path + ": cannot be read: " + FileFault.of(e));
      return null;
    }
    var binding = Binder.bind(DaemonFile.class, text);
    binding.problems().forEach(problem -> surroundings.err().println(path + ": " + problem));
    binding
        .warnings()
        .forEach(each -> surroundings.err().println("warning: " + path + ": " + each));
    return binding.config().orElse(null);
  }

  private DaemonFile.@Nullable Level level(DaemonFile read) {
    if (logLevel == null) return read.logging().logLevel();
    return switch (logLevel.toLowerCase(Locale.ROOT)) {
      case "dev", "debug" -> DaemonFile.Level.DEBUG;
      case "info", "prod" -> DaemonFile.Level.INFO;
      case "warn" -> DaemonFile.Level.WARN;
      case "error" -> DaemonFile.Level.ERROR;
      default -> null;
    };
  }

  /** The collector that does what the daemon does. JSON, which is YAML too and easily quoted. */
  private String yaml(DaemonFile read, int megabytes, DaemonFile.Level level) {
    var region = first(this.region, read.region());
    var role = first(roleArn, read.roleArn());
    var proxy = first(proxyAddress, read.proxyAddress());
    boolean local = localMode || read.localMode();
    var receiver =
        object(
            "endpoint", text(first(bind, read.socket().udpAddress())),
            "proxy_server",
                object(
                    "endpoint", text(first(bindTcp, read.socket().tcpAddress())),
                    "region", text(region),
                    "role_arn", text(role),
                    "aws_endpoint", text(read.endpoint()),
                    "proxy_address", text(proxy),
                    "local_mode", Boolean.toString(local),
                    "tls", object("insecure", Boolean.toString(read.noVerifySsl()))));
    long bytes = megabytes * 1024L * 1024L;
    var exporter =
        object(
            "region", text(region),
            "endpoint", text(read.endpoint()),
            "role_arn", text(role),
            "proxy_address", text(proxy),
            "resource_arn", text(first(resourceArn, read.resourceArn())),
            "local_mode", Boolean.toString(local),
            "no_verify_ssl", Boolean.toString(read.noVerifySsl()),
            "num_workers", read.concurrency() == 0 ? "" : Integer.toString(read.concurrency()),
            "telemetry", object("enabled", "true", "include_metadata", "true"),
            "sending_queue",
                object(
                    "sizer", text("bytes"),
                    "queue_size", Long.toString(bytes == 0 ? DEFAULT_QUEUE_BYTES : bytes),
                    "max_bytes", bytes == 0 ? "" : Long.toString(bytes),
                    "batch",
                        object(
                            "flush_timeout", text("1s"),
                            "sizer", text("items"),
                            "min_size", "50")));
    var log = first(logFile, read.logging().logPath());
    var telemetry =
        object(
            "logs",
                object(
                    "level",
                    text(level.name().toLowerCase(Locale.ROOT)),
                    "output_paths",
                    log.isEmpty() ? "" : "[" + text(log) + "]",
                    "rotate_megabytes",
                    read.logging().logRotation() ? LOG_FILE_MEGABYTES : ""),
            "metrics", object("level", text("none")));
    return object(
        "receivers", object("awsxray", receiver),
        "exporters", object("awsxray", exporter),
        "service",
            object(
                "telemetry",
                telemetry,
                "pipelines",
                object(
                    "traces", object("receivers", "[\"awsxray\"]", "exporters", "[\"awsxray\"]"))));
  }

  /** As much as fits: the queue's bound in bytes is an eighth of the heap. */
  private static final long DEFAULT_QUEUE_BYTES = 1L << 40;

  private static String first(@Nullable String flag, String file) {
    return flag == null ? file : flag;
  }

  /** A JSON object of names and values, without those that have no value. */
  private static String object(String... members) {
    var text = new StringBuilder("{");
    for (int i = 0; i < members.length; i += 2) {
      if (members[i + 1].isEmpty()) continue;
      if (text.length() > 1) text.append(", ");
      text.append('"').append(members[i]).append("\": ").append(members[i + 1]);
    }
    return text.append('}').toString();
  }

  /** A value in quotes, in which a dollar sign is one; empty for an empty one. */
  private static String text(String value) {
    if (value.isEmpty()) return "";
    var quoted = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$");
    return '"' + quoted + '"';
  }
}
