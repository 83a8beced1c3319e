package io.raybridge.benchmarks.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A ready OTLP request whose ids and times are overwritten in place, so that each one sent is new
 * and sending costs no encoding.
 *
 * <p>Ids are changed by adding the same number to each, which keeps parents and children together.
 */
public final class Stamp {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] template;
  private final int[] ids;
  private final int[] times;

  /** A template, which is left as it is. */
  public Stamp(byte[] template) throws IOException {
    this.template = template;
    List<Integer> foundIds = new ArrayList<>();
    List<Integer> foundTimes = new ArrayList<>();
    walk(CodedInputStream.newInstance(template), 0, foundIds, foundTimes);
    ids = foundIds.stream().mapToInt(Integer::intValue).toArray();
    times = foundTimes.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * A copy with ids moved by a number that no other request has, and times moved by this many
   * nanoseconds.
   */
  public byte[] next(long number, long nanos) {
    byte[] request = template.clone();
    long move = number * 0x9E3779B97F4A7C15L;
    for (int position : ids) {
      LONG.set(request, position, (long) LONG.get(request, position) + move);
    }
    for (int position : times) {
      LONG.set(request, position, (long) LONG.get(request, position) + nanos);
    }
    return request;
  }

  /**
   * Descends resource_spans (1), scope_spans (2), spans (2), and notes where ids (1, 2, 4) and
   * times (7, 8) stand.
   */
  private static void walk(CodedInputStream in, int depth, List<Integer> ids, List<Integer> times)
      throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (depth < 3 && field == (depth == 0 ? 1 : 2)) {
        int limit = in.pushLimit(in.readRawVarint32());
        walk(in, depth + 1, ids, times);
        in.popLimit(limit);
      } else if (depth == 3 && (field == 1 || field == 2 || field == 4)) {
        int length = in.readRawVarint32();
        if (length > 0) {
          // Of a trace id the second half is changed: the first may hold a time.
          ids.add(in.getTotalBytesRead() + length - 8);
        }
        in.skipRawBytes(length);
      } else if (depth == 3 && (field == 7 || field == 8)) {
        times.add(in.getTotalBytesRead());
        in.skipRawBytes(8);
      } else {
        in.skipField(tag);
      }
    }
  }
}
