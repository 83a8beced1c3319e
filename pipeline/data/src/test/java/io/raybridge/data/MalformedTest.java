package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, where, and in which words. */
@Timeout(60)
class MalformedTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "00           | field number 0 (expected: 1 or more) at byte 0",
        "8a 80 80 80 | ends in the middle of a field at byte 4",
        "0a           | ends in the middle of a field at byte 1",
        "0a 05 00     | length 5 (expected: at most the 1 bytes left) at byte 1",
        "0a ff ff ff ff 0f | negative length at byte 1",
        "a8 01 ff ff ff ff ff ff ff ff ff ff 01 | varint of more than 10 bytes at byte 2",
        "0e           | wire type 6 (expected: 0 to 5) at byte 1",
        "0c           | end of a group that has not begun at byte 1",
        "a3 01        | group 20 does not end at byte 2",
        "a3 01 ac 01  | end of group 21 (expected: of group 20) at byte 4",
        "a1 01 00     | ends in the middle of a field at byte 2",
        "0a 03 1a 01 ff | text that is not UTF-8 at byte 4",
        "0a 07 12 05 12 03 0a 01 01 | trace id of 1 bytes (expected: 16 or none) at byte 7",
        "0a 07 12 05 12 03 12 01 01 | span id of 1 bytes (expected: 8 or none) at byte 7",
      })
  void brokenRule_isNamedWithItsPosition(String hex, String message) {
    assertThatThrownBy(() -> Traces.ofOtlp(HexFormat.of().parseHex(hex.replace(" ", ""))))
        .isInstanceOf(MalformedBatchException.class)
        .hasMessage(message);
  }

  @Test
  void packedNumbersOfOddLength_areRefused() {
    // resource metrics, scope metrics, metric, histogram, point, bucket_counts
    var hex = "0a0d" + "120b" + "1209" + "4a07" + "0a05" + "3203" + "010203";

    assertThatThrownBy(() -> Metrics.ofOtlp(HexFormat.of().parseHex(hex)))
        .hasMessage("3 bytes of packed numbers (expected: a multiple of 8) at byte 11");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ed a0 80",
        "c0 80",
        "e0 80 80",
        "f0 80 80 80",
        "f4 90 80 80",
        "80",
        "c3",
        "e2 82",
        "f0 9f 98",
        "ff"
      })
  void textThatIsNoUtf8_isRefusedWhereverItStands(String hex) throws Exception {
    var broken = ByteString.copyFrom(HexFormat.of().parseHex(hex.replace(" ", "")));
    for (int before = 0; before < 20; before++) {
      for (int after = 0; after < 10; after++) {
        var text =
            ByteString.copyFromUtf8("a".repeat(before))
                .concat(broken)
                .concat(ByteString.copyFromUtf8("b".repeat(after)));
        var request = new ByteArrayOutputStream();
        request.write(new byte[] {0x0a, (byte) (text.size() + 2), 0x1a, (byte) text.size()});
        request.write(text.toByteArray());

        int position = 4 + before;
        assertThatThrownBy(() -> Traces.ofOtlp(request.toByteArray()))
            .hasMessage("text that is not UTF-8 at byte " + position);
      }
    }
  }

  @Test
  void nesting_isTakenAsDeepAsProtobufTakesItWithTheSameLimit() throws Exception {
    int deepest = 0;
    for (int depth = 85; depth < 110; depth++) {
      var bytes = nested(depth);
      boolean taken = isTaken(bytes);
      assertThat(taken).as("depth %d", depth).isEqualTo(isTakenByProtobuf(bytes));
      if (taken) deepest = depth;
    }
    assertThat(deepest).isBetween(90, 105);

    var batch = Logs.ofOtlp(nested(deepest));
    batch.resourceLogs();
    assertThat(byProtobuf(batch.toOtlp())).isEqualTo(byProtobuf(nested(deepest)));
  }

  @Test
  void groups_areTakenAsDeepAsProtobufTakesThemWithTheSameLimit() throws Exception {
    for (int depth = 195; depth < 205; depth++) {
      var group = new byte[4 * depth];
      for (int i = 0; i < depth; i++) {
        group[2 * i] = (byte) 0xa3;
        group[2 * i + 1] = 1;
        group[4 * depth - 2 * i - 2] = (byte) 0xa4;
        group[4 * depth - 2 * i - 1] = 1;
      }
      boolean taken = isTaken(group);
      assertThat(taken).as("depth %d", depth).isEqualTo(isTakenByProtobuf(group));
      assertThat(taken).as("depth %d", depth).isEqualTo(depth <= 200);
    }
  }

  @Test
  void millionsOfNestedBytes_endNoStack() {
    var bytes = new byte[1_000_000];
    java.util.Arrays.fill(bytes, (byte) 0x0b);

    assertThatThrownBy(() -> Traces.ofOtlp(bytes))
        .hasMessageStartingWith("messages nested more than 200 deep");
  }

  @Test
  void idsOfZeroes_areNone() throws Exception {
    var span = Span.newBuilder().setTraceId(ByteString.copyFrom(new byte[16])).setName("x").build();
    var batch = Traces.ofOtlp(request(span).toByteArray());
    batch.resourceSpans();

    assertThat(ExportTraceServiceRequest.parseFrom(batch.toOtlp()))
        .isEqualTo(request(span.toBuilder().clearTraceId().build()));
  }

  /** What would copy terabytes if all fields were copied for each one after them. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "unknown fields of a span, a00100",
    "values of one attribute, 4a04" + "12020a00",
    "statuses, 7a00",
    "links, 6a00"
  })
  void millionOfTheSameField_takesTimeInProportion(String what, String field) throws Exception {
    var one = HexFormat.of().parseHex(field);
    var content = new ByteArrayOutputStream();
    for (int i = 0; i < 1_000_000; i++) content.writeBytes(one);
    var span = Span.parseFrom(content.toByteArray());
    var batch = Traces.ofOtlp(raw(content.toByteArray()));
    batch.resourceSpans();

    assertThat(
            ExportTraceServiceRequest.parseFrom(batch.toOtlp())
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0))
        .isEqualTo(span);
  }

  @Test
  void millionPiecesOfOneValue_takeTimeInProportion() throws Exception {
    var keyValue = new ByteArrayOutputStream();
    var large =
        AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[1_000_000])).build();
    writeField(keyValue, 18, large.toByteArray());
    for (int i = 0; i < 500_000; i++) writeField(keyValue, 18, new byte[0]);
    var span = new ByteArrayOutputStream();
    writeField(span, 74, keyValue.toByteArray());
    var batch = Traces.ofOtlp(raw(span.toByteArray()));
    batch.resourceSpans();

    assertThat(ExportTraceServiceRequest.parseFrom(batch.toOtlp()))
        .isEqualTo(ExportTraceServiceRequest.parseFrom(raw(span.toByteArray())));
  }

  @Test
  void millionPiecesOfBuckets_takeTimeInProportion() throws Exception {
    var point = new ByteArrayOutputStream();
    writeField(point, 66, HexFormat.of().parseHex("0801" + "1203010203"));
    for (int i = 0; i < 500_000; i++) writeField(point, 66, new byte[] {0x10, 1});
    var data = new ByteArrayOutputStream();
    writeField(data, 10, point.toByteArray());
    var metric = new ByteArrayOutputStream();
    writeField(metric, 82, data.toByteArray());
    var batch = Metrics.ofOtlp(raw(metric.toByteArray()));
    var read =
        (ExponentialHistogram)
            batch
                .resourceMetrics()
                .getFirst()
                .scopeMetrics()
                .getFirst()
                .metrics()
                .getFirst()
                .data();

    var positive = read.points().getFirst().positive();
    assertThat(positive.bucketCounts()).hasSize(500_003).startsWith(1, 2, 3, 1);
    assertThat(positive.offset()).isEqualTo(-1);
  }

  private static boolean isTaken(byte[] logs) {
    try {
      Logs.ofOtlp(logs);
      return true;
    } catch (MalformedBatchException e) {
      return false;
    }
  }

  private static boolean isTakenByProtobuf(byte[] logs) {
    try {
      var _ = byProtobuf(logs);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Protobuf's own reader with the collector's limit, which is not that of its Java version. */
  private static ExportLogsServiceRequest byProtobuf(byte[] logs) throws IOException {
    var in = CodedInputStream.newInstance(logs);
    var _ = in.setRecursionLimit(Walk.DEEPEST);
    return ExportLogsServiceRequest.parseFrom(in);
  }

  private static byte[] nested(int depth) {
    var value = AnyValue.newBuilder().setIntValue(1).build();
    for (int i = 0; i < depth; i++) {
      value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .addScopeLogs(
                    ScopeLogs.newBuilder().addLogRecords(LogRecord.newBuilder().setBody(value))))
        .build()
        .toByteArray();
  }

  private static ExportTraceServiceRequest request(Span span) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build();
  }

  /** A request of one item with these bytes. */
  private static byte[] raw(byte[] item) throws Exception {
    var bytes = item;
    for (int tag : new int[] {18, 18, 10}) {
      var out = new ByteArrayOutputStream();
      writeField(out, tag, bytes);
      bytes = out.toByteArray();
    }
    return bytes;
  }

  private static void writeField(ByteArrayOutputStream out, int tag, byte[] content)
      throws Exception {
    var coded = com.google.protobuf.CodedOutputStream.newInstance(out);
    coded.writeUInt32NoTag(tag);
    coded.writeByteArrayNoTag(content);
    coded.flush();
  }
}
