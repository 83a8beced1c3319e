package io.raybridge.interop;

import com.amazonaws.xray.strategy.sampling.CentralizedSamplingStrategy;
import com.amazonaws.xray.strategy.sampling.LocalizedSamplingStrategy;
import com.amazonaws.xray.strategy.sampling.SamplingRequest;
import com.amazonaws.xray.strategy.sampling.SamplingStrategy;
import io.raybridge.interop.SamplingCases.Request;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks the X-Ray SDK for Java which of many requests it samples. */
final class XrayJavaSampler {
  private static final String ADDRESS = "com.amazonaws.xray.emitters.daemonAddress";

  private XrayJavaSampler() {}

  /** By a file of local rules. */
  static List<Boolean> local(Path rules, List<Request> requests) throws Exception {
    var sampler = new LocalizedSamplingStrategy(rules.toUri().toURL());
    return requests.stream().map(each -> sampler.shouldTrace(asked(each)).isSampled()).toList();
  }

  /** By the rules served at a port: their names. */
  static List<String> central(int port, List<Request> requests) throws Exception {
    System.setProperty(ADDRESS, "127.0.0.1:" + port);
    try {
      var sampler = new CentralizedSamplingStrategy();
      try {
        awaitRules(sampler);
        return requests.stream()
            .map(each -> sampler.shouldTrace(asked(each)).getRuleName().orElse(""))
            .toList();
      } finally {
        sampler.shutdown();
      }
    } finally {
      System.clearProperty(ADDRESS);
    }
  }

  /** Until it has them it samples by its own, which have no name. */
  private static void awaitRules(SamplingStrategy sampler) throws InterruptedException {
    var any = new SamplingRequest("x", "x", "/x", "GET", "x");
    while (sampler.shouldTrace(any).getRuleName().isEmpty()) TimeUnit.MILLISECONDS.sleep(50);
  }

  private static SamplingRequest asked(Request request) {
    return new SamplingRequest(
        request.service(), request.host(), request.path(), request.method(), request.serviceType());
  }
}
