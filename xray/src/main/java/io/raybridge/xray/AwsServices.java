package io.raybridge.xray;

import io.raybridge.data.view.KeyTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spells AWS services as X-Ray does: the SDKs of Java write DynamoDb or AmazonDynamoDBv2 where
 * those of Python and Node write DynamoDB, and X-Ray would show each spelling as a node.
 */
final class AwsServices {
  private static final List<String> SPELLINGS =
      List.of(
          "DynamoDB",
          "S3",
          "SQS",
          "SNS",
          "Lambda",
          "Kinesis",
          "Firehose",
          "SecretsManager",
          "SSM",
          "StepFunctions",
          "EventBridge",
          "KMS",
          "STS",
          "IAM",
          "EC2",
          "ECS",
          "EKS",
          "ECR",
          "RDS",
          "SES",
          "SESv2",
          "CloudWatch",
          "CloudWatchLogs",
          "Athena",
          "Glue",
          "Redshift",
          "Route53",
          "Bedrock",
          "BedrockRuntime",
          "BedrockAgent",
          "BedrockAgentRuntime",
          "XRay");

  /**
   * Other names, in lower case without spaces and without Amazon or AWS in front, and the spellings
   * they stand for: those of Java's and .NET's SDKs, and what is called otherwise than its SDKs
   * are.
   */
  private static final Map<String, String> OTHERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("dynamodbv2", "DynamoDB"),
              Map.entry("sfn", "StepFunctions"),
              Map.entry("simplequeueservice", "SQS"),
              Map.entry("simplenotificationservice", "SNS"),
              Map.entry("simplestorageservice", "S3"),
              Map.entry("simplesystemsmanagement", "SSM"),
              Map.entry("securitytokenservice", "STS"),
              Map.entry("simpleemailservice", "SES"),
              Map.entry("simpleemailservicev2", "SESv2"),
              Map.entry("keymanagementservice", "KMS"),
              Map.entry("identitymanagement", "IAM"),
              Map.entry("kinesisfirehose", "Firehose"),
              Map.entry("logs", "CloudWatchLogs")));

  private static final byte[][] WRITTEN =
      SPELLINGS.stream().map(Ascii::bytes).toArray(byte[][]::new);
  private static final KeyTable TABLE =
      KeyTable.of(SPELLINGS.stream().map(name -> name.toLowerCase(java.util.Locale.ROOT)).toList());
  private static final KeyTable OTHER_TABLE = KeyTable.of(List.copyOf(OTHERS.keySet()));
  private static final byte[][] OTHER_WRITTEN =
      OTHERS.values().stream().map(Ascii::bytes).toArray(byte[][]::new);
  private static final byte[] SQS = Ascii.bytes("SQS");
  private static final byte[] AMAZON = Ascii.bytes("amazon");
  private static final byte[] AWS = Ascii.bytes("aws");
  private static final int LONGEST = 40;

  private final byte[] lower = new byte[LONGEST];
  private final byte[] dense = new byte[LONGEST];

  /** Writes the inside of the name of the service that this AWS call goes to. */
  int write(Draft draft) {
    int index = draft.text(Keys.AWS_SERVICE, Keys.RPC_SERVICE);
    byte[] bytes = draft.bytes();
    if (index >= 0) return write(draft.out, bytes, draft.offset(index), draft.length(index));
    if (AwsQueue.isSqs(draft)) return write(draft.out, SQS, 0, SQS.length);
    int method = draft.text(Keys.RPC_METHOD);
    if (method < 0) return spanName(draft);
    int offset = draft.offset(method);
    int slash = Ascii.indexOf(bytes, offset, offset + draft.length(method), '/');
    return slash <= offset ? spanName(draft) : write(draft.out, bytes, offset, slash - offset);
  }

  private int spanName(Draft draft) {
    int dot = dotInSpanName(draft);
    int from = draft.span.nameOffset();
    return dot < 0 ? 0 : write(draft.out, draft.bytes(), from, dot - from);
  }

  /**
   * Where the dot is in a span name like DynamoDb.PutItem, else -1. With RPC's newest conventions
   * Java's instrumentation says service and operation nowhere else.
   */
  static int dotInSpanName(Draft draft) {
    byte[] bytes = draft.bytes();
    int from = draft.span.nameOffset();
    int end = from + draft.span.nameLength();
    int dot = Ascii.indexOf(bytes, from, end, '.');
    if (dot <= from || dot == end - 1) return -1;
    for (int i = from; i < end; i++) {
      if (i != dot && !Ascii.letter(bytes[i]) && !Ascii.digit(bytes[i])) return -1;
    }
    return dot;
  }

  int write(JsonWriter out, byte[] bytes, int offset, int length) {
    byte[] known = spelling(bytes, offset, length);
    if (known == null) return unknown(out, bytes, offset, length);
    out.text(known, 0, known.length);
    return known.length;
  }

  /** Python and Go write spaces where Java, Node and .NET write none. */
  private int unknown(JsonWriter out, byte[] bytes, int offset, int length) {
    if (length > LONGEST) return Names.write(out, bytes, offset, length, Names.LONGEST);
    int size = 0;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] != ' ') dense[size++] = bytes[i];
    }
    return Names.write(out, dense, 0, size, Names.LONGEST);
  }

  private byte @org.jspecify.annotations.Nullable [] spelling(
      byte[] bytes, int offset, int length) {
    if (length > LONGEST) return null;
    int size = 0;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] != ' ') lower[size++] = Ascii.lower(bytes[i]);
    }
    int from = 0;
    if (Ascii.startsWith(lower, 0, size, AMAZON)) from = AMAZON.length;
    else if (Ascii.startsWith(lower, 0, size, AWS)) from = AWS.length;
    int id = TABLE.id(lower, from, size - from);
    if (id > 0) return WRITTEN[id - 1];
    int other = OTHER_TABLE.id(lower, from, size - from);
    return other > 0 ? OTHER_WRITTEN[other - 1] : null;
  }
}
