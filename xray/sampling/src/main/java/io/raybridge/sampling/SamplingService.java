package io.raybridge.sampling;

import java.nio.charset.StandardCharsets;

/**
 * Answers the two calls by which X-Ray SDKs and OpenTelemetry's X-Ray samplers sample centrally.
 */
public interface SamplingService {
  /** The path of GetSamplingRules. */
  String RULES = "/GetSamplingRules";

  /** The path of GetSamplingTargets. */
  String TARGETS = "/SamplingTargets";

  /**
   * Answers a call.
   *
   * @param path {@link #RULES} or {@link #TARGETS}
   * @param body the request's JSON, possibly empty
   */
  Reply answer(String path, byte[] body) throws InterruptedException;

  /**
   * An answer as X-Ray words it.
   *
   * @param error the name of the exception, or empty when there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Reply(int status, String error, byte[] body) {
    static Reply of(byte[] body) {
      return new Reply(200, "", body);
    }

    /** A refusal with AWS's error code and a message for people. */
    static Reply refusal(int status, String error, String message) {
      return new Reply(
          status,
          error,
          SamplingJson.object(out -> {
            out.writeStringProperty("__type", error);
            out.writeStringProperty("Message", message);
          }));
    }

    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }
}
