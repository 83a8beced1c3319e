package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsReply;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.SendResult;
import io.raybridge.delivery.Sender;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Makes one call of PutMetricData in JSON. CloudWatch refuses a whole call for one bad datum, so
 * the queue halves a refused call until the bad ones stand alone.
 */
final class MetricSender implements Sender<MetricPayload> {
  private static final int COMPRESS_FROM_BYTES = 10_240;
  private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

  private final AwsClient client;

  MetricSender(AwsClient client) {
    this.client = client;
  }

  @Override
  public SendResult<MetricPayload> send(MetricPayload payload) throws InterruptedException {
    if (payload.data().isEmpty()) return SendResult.delivered(payload);
    return switch (call(payload)) {
      case AwsReply.Done _ -> SendResult.delivered(payload);
      case AwsReply.Failed(var failure) -> SendResult.failed(payload, failure);
    };
  }

  @Override
  public List<MetricPayload> halves(MetricPayload payload, Failure why) {
    return payload.halves();
  }

  private AwsReply call(MetricPayload payload) throws InterruptedException {
    var body = body(payload);
    var headers =
        new Headers()
            .add("content-type", "application/x-amz-json-1.0")
            .add("x-amz-target", "GraniteServiceVersion20100801.PutMetricData");
    if (body.length >= COMPRESS_FROM_BYTES) {
      headers.add("content-encoding", "gzip");
      body = compressed(body);
    }
    return client.post("/", headers, List.of(Slice.of(body)));
  }

  private static byte[] body(MetricPayload payload) {
    var data = payload.data();
    var out = new ByteArrayOutputStream();
    // A namespace has no character that JSON would escape.
    out.writeBytes(
        ("{\"Namespace\":\"" + payload.namespace() + "\",\"MetricData\":[")
            .getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < data.size(); i++) {
      if (i > 0) out.write(',');
      out.writeBytes(data.get(i).json());
    }
    out.writeBytes(END);
    return out.toByteArray();
  }

  private static byte[] compressed(byte[] body) {
    var out = new ByteArrayOutputStream(body.length / 4);
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory refused bytes", e);
    }
    return out.toByteArray();
  }
}
