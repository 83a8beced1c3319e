package io.raybridge.sampling;

import java.util.ArrayList;
import java.util.List;

/** What a rule asks of a request, made ready to be asked often. */
public final class RequestPattern {
  private final Wildcard service;
  private final Wildcard serviceType;
  private final Wildcard host;
  private final Wildcard method;
  private final Wildcard path;
  private final Wildcard arn;
  private final List<AttributePattern> attributes = new ArrayList<>();

  /**
   * @param keys learns the attributes that the rule names
   */
  public RequestPattern(SamplingRule rule, SpanKeys keys) {
    service = Wildcard.of(rule.serviceName());
    serviceType = Wildcard.of(rule.serviceType());
    host = Wildcard.of(rule.host());
    method = Wildcard.of(rule.httpMethod());
    path = Wildcard.of(rule.urlPath());
    arn = Wildcard.of(rule.resourceArn());
    rule.attributes()
        .forEach((key, value) -> attributes.add(new AttributePattern(key, value, keys)));
  }

  /** Whether a request matches. What it does not have is empty, which only {@code *} matches. */
  public boolean matches(RequestView request) {
    if (!service.matchesAny() && !request.service().matches(service)) return false;
    if (!serviceType.matchesAny() && !request.serviceType().matches(serviceType)) return false;
    if (!host.matchesAny() && !request.host().matches(host)) return false;
    if (!method.matchesAny() && !request.method().matches(method)) return false;
    if (!path.matchesAny() && !request.path().matches(path)) return false;
    if (!arn.matchesAny() && !request.resourceArn().matches(arn)) return false;
    for (var attribute : attributes) if (!attribute.matches(request)) return false;
    return true;
  }
}
