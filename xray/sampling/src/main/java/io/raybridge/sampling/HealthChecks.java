package io.raybridge.sampling;

import java.util.List;

/** By what health checks are known. */
final class HealthChecks {
  static final List<Wildcard> AGENTS =
      patterns(
          "ELB-HealthChecker/*",
          "kube-probe/*",
          "Amazon-Route53-Health-Check-Service*",
          "GoogleHC/*",
          "Consul Health Check");
  static final List<Wildcard> PATHS =
      patterns(
          "/health",
          "/healthz",
          "/healthcheck",
          "/health-check",
          "/health/live",
          "/health/ready",
          "/health/liveness",
          "/health/readiness",
          "/livez",
          "/readyz",
          "/live",
          "/ready",
          "/liveness",
          "/readiness",
          "/ping",
          "/actuator/health",
          "/actuator/health/*",
          "/q/health",
          "/q/health/*");
  static final Wildcard RPC = Wildcard.of("grpc.health.v1.Health");
  static final Wildcard GET = Wildcard.of("GET");
  static final Wildcard HEAD = Wildcard.of("HEAD");

  private HealthChecks() {}

  private static List<Wildcard> patterns(String... patterns) {
    return List.of(patterns).stream().map(Wildcard::of).toList();
  }
}
