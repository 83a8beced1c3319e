package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.xray.JsonWriter.Cached;
import java.util.Arrays;

/**
 * Makes of a walk's resources what their segments have in common, and keeps what it made of so many
 * of them: what collectors send to each other has a few spans of each of many services. A resource
 * is told from others by all its bytes.
 */
final class Resources {
  /** What they take is some 3 KB each. */
  static final int MOST = 256;

  private static final int SLOTS = 2 * MOST;

  /** Longer texts are none that X-Ray knows; metadata has them whole. */
  private static final int LONGEST = 1000;

  private static final byte[] AWS = Ascii.bytes("aws");

  private static final Fragment ACCOUNT_ID = Fragment.name("account_id");
  private static final Fragment LOG_GROUPS = Fragment.name("cloudwatch_logs");
  private static final Fragment LOG_GROUP = Fragment.name("log_group");
  private static final Fragment ARN = Fragment.name("arn");
  private static final Fragment EC2 = Fragment.name("ec2");
  private static final Fragment INSTANCE_ID = Fragment.name("instance_id");
  private static final Fragment INSTANCE_SIZE = Fragment.name("instance_size");
  private static final Fragment AMI_ID = Fragment.name("ami_id");
  private static final Fragment ZONE = Fragment.name("availability_zone");
  private static final Fragment ECS = Fragment.name("ecs");
  private static final Fragment CONTAINER = Fragment.name("container");
  private static final Fragment CONTAINER_ID = Fragment.name("container_id");
  private static final Fragment CONTAINER_ARN = Fragment.name("container_arn");
  private static final Fragment TASK_ARN = Fragment.name("task_arn");
  private static final Fragment TASK_FAMILY = Fragment.name("task_family");
  private static final Fragment CLUSTER_ARN = Fragment.name("cluster_arn");
  private static final Fragment LAUNCH_TYPE = Fragment.name("launch_type");
  private static final Fragment EKS = Fragment.name("eks");
  private static final Fragment CLUSTER_NAME = Fragment.name("cluster_name");
  private static final Fragment POD = Fragment.name("pod");
  private static final Fragment BEANSTALK = Fragment.name("elastic_beanstalk");
  private static final Fragment ENVIRONMENT = Fragment.name("environment_name");
  private static final Fragment VERSION_LABEL = Fragment.name("version_label");
  private static final Fragment DEPLOYMENT_ID = Fragment.name("deployment_id");
  private static final Fragment XRAY = Fragment.name("xray");
  private static final Fragment SDK = Fragment.name("sdk");
  private static final Fragment SDK_VERSION = Fragment.name("sdk_version");
  private static final Fragment AUTO = Fragment.name("auto_instrumentation");
  private static final Fragment TRUE = Fragment.json("true");
  private static final Fragment FALSE = Fragment.json("false");
  private static final byte[] FOR = Ascii.bytes(" for ");
  private static final Fragment ORIGIN = Fragment.name("origin");
  private static final Fragment RESOURCE_ARN = Fragment.name("resource_arn");
  private static final Fragment SERVICE = Fragment.name("service");
  private static final Fragment VERSION = Fragment.name("version");

  private final TranslationConfig config;
  private final Indexing indexing;
  private final JsonWriter writer;
  private final ValueWriter values = new ValueWriter();
  private final AttributesView attributes;
  private final AnnotationKey key = new AnnotationKey();
  private final Resource[] made = new Resource[MOST];
  private final Resource[] slots = new Resource[SLOTS];
  private int count;
  private Resource present;
  private byte[] prefixed = new byte[64];
  private byte[] scratch = new byte[4096];

  Resources(TranslationConfig config, Indexing indexing, boolean escaped, SpanWalk walk) {
    this.config = config;
    this.indexing = indexing;
    writer = new JsonWriter(escaped);
    attributes = walk.resource();
    present = new Resource(attributes);
  }

  /** What {@link #read} returned last; of no resource before the first. */
  Resource present() {
    return present;
  }

  /** What the segments of the walk's present resource have in common; valid until the next call. */
  Resource read(SpanWalk walk) {
    byte[] bytes = walk.bytes();
    int offset = walk.resourceOffset();
    int length = walk.resourceLength();
    if (present.is(bytes, offset, length)) return present;
    int slot = slot(bytes, offset, length);
    for (; slots[slot] != null; slot = slot + 1 & SLOTS - 1) {
      if (!slots[slot].is(bytes, offset, length)) continue;
      present = slots[slot];
      return present;
    }
    if (count == MOST) {
      // More than that take turns: keeping any of them would not help.
      Arrays.fill(slots, null);
      count = 0;
      slot = slot(bytes, offset, length);
    }
    if (made[count] == null) made[count] = new Resource(attributes);
    present = made[count];
    present.forget();
    make(present);
    present.madeOf(bytes, offset, length);
    slots[slot] = present;
    count++;
    return present;
  }

  private static int slot(byte[] bytes, int offset, int length) {
    return KeyTable.hash(bytes, offset, length) & SLOTS - 1;
  }

  private void make(Resource resource) {
    int service = text(Keys.SERVICE_NAME);
    resource.name = service < 0 ? new byte[0] : copy(service);
    resource.language = language();
    Origin origin = Origin.of(attributes);
    begin();
    head(origin, resource);
    end(resource.head);
    begin();
    aws(origin);
    end(resource.aws);
    begin();
    annotations(resource);
    end(resource.annotations);
    begin();
    metadata(resource);
    end(resource.metadata);
  }

  private void begin() {
    writer.begin(scratch, 0);
    // An open brace, so that the first member has no comma; it is not part of what is kept.
    writer.put('{');
  }

  private void end(Cached part) {
    writer.copyTo(part, 1, 0);
    scratch = writer.bytes();
  }

  private void head(Origin origin, Resource resource) {
    writer.cutTextsTo(LONGEST);
    if (origin.type != null) writer.member(ORIGIN).string(origin.type);
    int function = origin == Origin.LAMBDA ? text(Keys.CLOUD_RESOURCE_ID, Keys.FAAS_ID) : -1;
    resource.untoldFunction = origin == Origin.LAMBDA && function < 0;
    member(RESOURCE_ARN, function);
    int empty = open(SERVICE);
    version();
    close(SERVICE, empty);
  }

  private void version() {
    int version = text(Keys.SERVICE_VERSION);
    if (version < 0 && imageTag()) return;
    member(VERSION, version >= 0 ? version : text(Keys.CONTAINER_IMAGE_TAG));
  }

  /** Writes the first of the image's tags, of which the stable conventions have a list. */
  private boolean imageTag() {
    int tags = attributes.indexOf(Keys.CONTAINER_IMAGE_TAGS);
    if (tags < 0 || attributes.type(tags) != AnyValueView.ARRAY) return false;
    var tag = new AnyValueView();
    tag.open(attributes.bytes(), attributes.offset(tags), attributes.length(tags));
    if (!tag.nextElement() || tag.type() != AnyValueView.STRING || tag.length() == 0) return false;
    writer.member(VERSION).string(attributes.bytes(), tag.offset(), tag.length());
    return true;
  }

  private void aws(Origin origin) {
    writer.cutTextsTo(LONGEST);
    int provider = text(Keys.CLOUD_PROVIDER);
    boolean elsewhere = provider >= 0 && !is(provider, AWS);
    if (!elsewhere) {
      member(ACCOUNT_ID, text(Keys.CLOUD_ACCOUNT_ID));
      if (origin.ecs) ecs();
      if (origin == Origin.BEANSTALK) beanstalk();
      if (origin == Origin.EKS || text(Keys.K8S_CLUSTER_NAME) >= 0) eks();
      if (Origin.isInstance(attributes)) ec2();
    }
    logGroups();
    xray();
  }

  private void ec2() {
    int empty = open(EC2);
    member(INSTANCE_ID, text(Keys.HOST_ID));
    member(ZONE, text(Keys.CLOUD_AVAILABILITY_ZONE));
    member(INSTANCE_SIZE, text(Keys.HOST_TYPE));
    member(AMI_ID, text(Keys.HOST_IMAGE_ID));
    close(EC2, empty);
  }

  private void ecs() {
    int empty = open(ECS);
    member(CONTAINER, text(Keys.CONTAINER_NAME));
    member(CONTAINER_ID, text(Keys.CONTAINER_ID));
    member(CONTAINER_ARN, text(Keys.AWS_ECS_CONTAINER_ARN));
    member(TASK_ARN, text(Keys.AWS_ECS_TASK_ARN));
    member(TASK_FAMILY, text(Keys.AWS_ECS_TASK_FAMILY));
    member(CLUSTER_ARN, text(Keys.AWS_ECS_CLUSTER_ARN));
    member(LAUNCH_TYPE, text(Keys.AWS_ECS_LAUNCHTYPE));
    member(ZONE, text(Keys.CLOUD_AVAILABILITY_ZONE));
    close(ECS, empty);
  }

  private void eks() {
    int empty = open(EKS);
    member(CLUSTER_NAME, text(Keys.K8S_CLUSTER_NAME));
    member(POD, text(Keys.K8S_POD_NAME));
    member(CONTAINER_ID, text(Keys.CONTAINER_ID));
    close(EKS, empty);
  }

  private int open(Fragment name) {
    writer.member(name).put('{');
    return writer.position();
  }

  private void close(Fragment name, int empty) {
    if (writer.position() == empty) writer.removeEmpty(name);
    else writer.put('}');
  }

  private void beanstalk() {
    int deployment = text(Keys.SERVICE_INSTANCE_ID);
    if (deployment < 0) return;
    writer.member(BEANSTALK).put('{');
    member(ENVIRONMENT, text(Keys.SERVICE_NAMESPACE));
    member(VERSION_LABEL, text(Keys.SERVICE_VERSION));
    long number =
        Ascii.number(
            attributes.bytes(), attributes.offset(deployment), attributes.length(deployment));
    writer.member(DEPLOYMENT_ID).number(Math.max(number, 0));
    writer.put('}');
  }

  private void logGroups() {
    int arns = attributes.indexOf(Keys.AWS_LOG_GROUP_ARNS);
    int names = attributes.indexOf(Keys.AWS_LOG_GROUP_NAMES);
    int empty = openList();
    if (arns >= 0) logGroups(arns, true);
    if (names >= 0 && writer.position() == empty) logGroups(names, false);
    if (writer.position() == empty) {
      for (String group : config.awsLogGroups()) {
        byte[] bytes = group.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        logGroup(bytes, 0, bytes.length, false);
      }
    }
    if (writer.position() == empty) writer.removeEmpty(LOG_GROUPS);
    else writer.put(']');
  }

  private int openList() {
    writer.member(LOG_GROUPS).put('[');
    return writer.position();
  }

  /** A list, or one text with {@code &} between, as OTEL_RESOURCE_ATTRIBUTES must have it. */
  private void logGroups(int index, boolean arns) {
    byte[] bytes = attributes.bytes();
    int offset = attributes.offset(index);
    int end = offset + attributes.length(index);
    if (attributes.type(index) == AnyValueView.STRING) {
      while (offset < end) {
        int next = Ascii.indexOf(bytes, offset, end, '&');
        if (next < 0) next = end;
        if (next > offset) logGroup(bytes, offset, next - offset, arns);
        offset = next + 1;
      }
      return;
    }
    if (attributes.type(index) != AnyValueView.ARRAY) return;
    var element = new AnyValueView();
    element.open(bytes, offset, end - offset);
    while (element.nextElement()) {
      if (element.type() != AnyValueView.STRING || element.length() == 0) continue;
      logGroup(bytes, element.offset(), element.length(), arns);
    }
  }

  private void logGroup(byte[] bytes, int offset, int length, boolean arn) {
    writer.comma();
    writer.put('{');
    int from = offset;
    int to = offset + length;
    if (arn) {
      // arn:aws:logs:region:account:log-group:NAME, possibly with :* behind
      for (int colon = 0; colon < 6 && from >= 0; colon++) {
        from = Ascii.indexOf(bytes, from, to, ':') + 1;
        if (from == 0) from = -1;
      }
      if (from < 0) from = offset;
      else if (Ascii.indexOf(bytes, from, to, ':') >= 0) to = Ascii.indexOf(bytes, from, to, ':');
    }
    writer.member(LOG_GROUP).string(bytes, from, to - from);
    if (arn) writer.member(ARN).string(bytes, offset, length);
    writer.put('}');
  }

  private void xray() {
    writer.member(XRAY).put('{');
    int sdk = text(Keys.TELEMETRY_SDK_NAME);
    int speech = text(Keys.TELEMETRY_SDK_LANGUAGE);
    if (sdk >= 0) {
      writer.member(SDK);
      writer.quote();
      writer.text(attributes.bytes(), attributes.offset(sdk), attributes.length(sdk));
      if (speech >= 0) {
        writer.text(FOR, 0, FOR.length);
        writer.text(attributes.bytes(), attributes.offset(speech), attributes.length(speech));
      }
      writer.quote();
    }
    member(SDK_VERSION, text(Keys.TELEMETRY_SDK_VERSION));
    boolean auto = text(Keys.TELEMETRY_AUTO_VERSION, Keys.TELEMETRY_DISTRO_VERSION) >= 0;
    writer.member(AUTO).put(auto ? TRUE : FALSE);
    writer.put('}');
  }

  private void annotations(Resource resource) {
    Notes renames = resource.renames;
    int written = 0;
    if (!indexing.indexesResources()) return;
    for (int i = 0; i < attributes.count() && written < Annotations.MOST; i++) {
      if (!isAnnotation(i)) continue;
      int length = prefixed(i);
      if (key.set(prefixed, 0, length)) {
        boolean taken =
            resource.findPrefixed(key.bytes, 0, key.length) >= 0
                || renames.hasRenamed(key.bytes, key.length);
        if (taken) key.addSuffix();
        renames.renamed(key.bytes, key.length, prefixed, 0, length);
      }
      writer.member(key.bytes, 0, key.length);
      values.write(writer, attributes, i);
      written++;
    }
    resource.annotationCount = written;
  }

  private void metadata(Resource resource) {
    int annotated = 0;
    for (int i = 0; i < attributes.count(); i++) {
      if (indexing.indexesResources() && isAnnotation(i) && annotated++ < resource.annotationCount)
        continue;
      int length = prefixed(i);
      writer.member(prefixed, 0, length);
      values.write(writer, attributes, i);
    }
  }

  private boolean isAnnotation(int index) {
    if (!Annotations.possible(attributes.type(index))) return false;
    int length = prefixed(index);
    return indexing.indexes(prefixed, 0, length);
  }

  /** Puts a key with its prefix into {@link #prefixed}; its length. */
  private int prefixed(int index) {
    int length = Resource.PREFIX.length + attributes.keyLength(index);
    if (prefixed.length < length) prefixed = new byte[length * 2];
    System.arraycopy(Resource.PREFIX, 0, prefixed, 0, Resource.PREFIX.length);
    System.arraycopy(
        attributes.bytes(),
        attributes.keyOffset(index),
        prefixed,
        Resource.PREFIX.length,
        attributes.keyLength(index));
    return length;
  }

  private StackTraces.Language language() {
    int index = text(Keys.TELEMETRY_SDK_LANGUAGE);
    return index < 0
        ? StackTraces.Language.UNKNOWN
        : StackTraces.Language.of(
            attributes.bytes(), attributes.offset(index), attributes.length(index));
  }

  private void member(Fragment name, int index) {
    if (index < 0) return;
    writer
        .member(name)
        .string(attributes.bytes(), attributes.offset(index), attributes.length(index));
  }

  private boolean is(int index, byte[] value) {
    return Ascii.equal(
        attributes.bytes(), attributes.offset(index), attributes.length(index), value);
  }

  private int text(int key, int otherKey) {
    int index = text(key);
    return index >= 0 ? index : text(otherKey);
  }

  private int text(int key) {
    return Origin.text(attributes, key);
  }

  private byte[] copy(int index) {
    int offset = attributes.offset(index);
    return Arrays.copyOfRange(attributes.bytes(), offset, offset + attributes.length(index));
  }
}
