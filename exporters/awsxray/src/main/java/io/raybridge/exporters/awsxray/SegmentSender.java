package io.raybridge.exporters.awsxray;

import io.raybridge.api.Clock;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsReply;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.SendResult;
import io.raybridge.delivery.Sender;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.time.Instant;
import java.util.List;

/**
 * Makes one call of <a
 * href="https://docs.aws.amazon.com/xray/latest/api/API_PutTraceSegments.html">PutTraceSegments</a>
 * and says of each span what became of it.
 */
final class SegmentSender implements Sender<SegmentPayload> {
  private final AwsClient client;
  private final Buffers buffers;
  private final Counts counts;
  private final Clock clock;

  SegmentSender(AwsClient client, Buffers buffers, Counts counts, Clock clock) {
    this.client = client;
    this.buffers = buffers;
    this.counts = counts;
    this.clock = clock;
  }

  @Override
  public SendResult<SegmentPayload> send(SegmentPayload payload) throws InterruptedException {
    var headers =
        new Headers()
            .add("content-type", "application/json")
            .add("x-amzn-xray-timestamp", seconds(clock.now()));
    var body = new Slice(payload.body().bytes(), 0, payload.body().length());
    return switch (client.post("/TraceSegments", headers, List.of(body))) {
      case AwsReply.Failed(var failure) -> failed(payload, failure);
      case AwsReply.Done(var response) -> settle(payload, response.body());
    };
  }

  @Override
  public List<SegmentPayload> halves(SegmentPayload payload, Failure why) {
    return payload.halves(buffers);
  }

  private SendResult<SegmentPayload> failed(SegmentPayload payload, Failure failure) {
    counts.failed(failure);
    return SendResult.failed(payload, failure);
  }

  private SendResult<SegmentPayload> settle(SegmentPayload payload, byte[] answer) {
    var unprocessed = Unprocessed.read(answer);
    if (unprocessed == null) {
      var why = "the answer is not X-Ray's (expected: JSON with UnprocessedTraceSegments)";
      return SendResult.failed(payload, Failure.unavailable("malformed_response", why));
    }
    var result =
        unprocessed.isEmpty()
            ? SendResult.delivered(payload)
            : Settlement.of(payload, unprocessed, buffers);
    counts.sent(result.delivered());
    for (var rejection : result.rejections()) counts.rejected(rejection.items());
    buffers.give(payload.body());
    return result;
  }

  /** When it was sent, as the X-Ray daemon says it. */
  private static String seconds(Instant now) {
    var nanos = Integer.toString(1_000_000_000 + now.getNano());
    return now.getEpochSecond() + "." + nanos.substring(1);
  }
}
