package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsReply;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.Rejection;
import io.raybridge.delivery.SendResult;
import io.raybridge.delivery.Sender;
import io.raybridge.exporters.awscloudwatchmetrics.MetricPayload.Datum;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of PutMetricData in JSON. CloudWatch refuses a whole call for one bad datum, so a
 * refused call is halved until the bad ones stand alone.
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
    var attempt = new Attempt(payload.namespace());
    attempt.send(payload.data());
    return attempt.result();
  }

  /** What became of the data of one payload, in as many calls as it took. */
  private final class Attempt {
    private final String namespace;
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<Datum> remaining = new ArrayList<>();
    private @Nullable Failure failure;
    private int delivered;

    Attempt(String namespace) {
      this.namespace = namespace;
    }

    void send(List<Datum> data) throws InterruptedException {
      if (failure != null) {
        remaining.addAll(data);
        return;
      }
      switch (call(data)) {
        case AwsReply.Done _ -> delivered += items(data);
        case AwsReply.Failed(var why) -> {
          if (why.kind() != Failure.Kind.FINAL) {
            failure = why;
            remaining.addAll(data);
          } else if (data.size() == 1) {
            reject(data.getFirst(), why);
          } else {
            send(data.subList(0, data.size() / 2));
            send(data.subList(data.size() / 2, data.size()));
          }
        }
      }
    }

    private void reject(Datum datum, Failure why) {
      rejections.add(new Rejection(datum.items(), why.code(), why.message(), null));
    }

    private AwsReply call(List<Datum> data) throws InterruptedException {
      var body = body(data);
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

    private byte[] body(List<Datum> data) {
      var out = new ByteArrayOutputStream();
      // A namespace has no character that JSON would escape.
      out.writeBytes(
          ("{\"Namespace\":\"" + namespace + "\",\"MetricData\":[")
              .getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < data.size(); i++) {
        if (i > 0) out.write(',');
        out.writeBytes(data.get(i).json());
      }
      out.writeBytes(END);
      return out.toByteArray();
    }

    SendResult<MetricPayload> result() {
      var rest = remaining.isEmpty() ? null : MetricPayload.of(namespace, remaining);
      return new SendResult<>(delivered, rest, failure, rejections);
    }
  }

  private static int items(List<Datum> data) {
    int items = 0;
    for (var datum : data) items += datum.items();
    return items;
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
