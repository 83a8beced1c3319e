package io.raybridge.data;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Writes JSON by the rules of ProtoJSON as OTLP changes them: ids are hex, enums are numbers. What
 * has its default is left out.
 */
final class JsonWriter implements AutoCloseable {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final JsonGenerator generator =
      JsonReader.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes);

  byte[] toArray() {
    generator.close();
    return bytes.toByteArray();
  }

  void message() {
    generator.writeStartObject();
  }

  void message(String name) {
    generator.writeName(name);
    generator.writeStartObject();
  }

  void endMessage() {
    generator.writeEndObject();
  }

  void array(String name) {
    generator.writeName(name);
    generator.writeStartArray();
  }

  void endArray() {
    generator.writeEndArray();
  }

  void string(String name, String value) {
    if (!value.isEmpty()) stringAlways(name, value);
  }

  void stringAlways(String name, String value) {
    generator.writeStringProperty(name, value);
  }

  void strings(String name, List<String> values) {
    if (values.isEmpty()) return;
    array(name);
    for (var value : values) generator.writeString(value);
    endArray();
  }

  void bool(String name, boolean value) {
    if (value) boolAlways(name, true);
  }

  void boolAlways(String name, boolean value) {
    generator.writeBooleanProperty(name, value);
  }

  void bytes(String name, byte[] value) {
    stringAlways(name, Base64.getEncoder().encodeToString(value));
  }

  void int32(String name, int value) {
    if (value != 0) generator.writeNumberProperty(name, value);
  }

  void uint32(String name, int value) {
    if (value != 0) generator.writeNumberProperty(name, Integer.toUnsignedLong(value));
  }

  void int64Always(String name, long value) {
    stringAlways(name, Long.toString(value));
  }

  void uint64(String name, long value) {
    if (value != 0) stringAlways(name, Long.toUnsignedString(value));
  }

  void uint64s(String name, long[] values) {
    if (values.length == 0) return;
    array(name);
    for (long value : values) generator.writeString(Long.toUnsignedString(value));
    endArray();
  }

  /** Negative zero is not the default. */
  void number(String name, double value) {
    if (Double.doubleToRawLongBits(value) != 0) numberAlways(name, value);
  }

  void numberAlways(String name, double value) {
    generator.writeName(name);
    number(value);
  }

  void numbers(String name, double[] values) {
    if (values.length == 0) return;
    array(name);
    for (double value : values) number(value);
    endArray();
  }

  private void number(double value) {
    if (Double.isFinite(value)) {
      generator.writeNumber(value);
    } else {
      generator.writeString(Double.toString(value));
    }
  }

  @Override
  public void close() {
    generator.close();
  }
}
