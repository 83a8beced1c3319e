package io.raybridge.xray;

/**
 * Names a document as its node in the service map: a segment after its service, a call after what
 * it calls, so that one database, queue or host is one node whatever the operation and whichever
 * generation of attribute names the SDK speaks.
 */
final class NodeName {
  private static final Fragment NAME = Fragment.name("name");
  private static final byte[] SDK_PREFIX = Ascii.bytes("AWS.SDK.");
  private static final byte[] TYPE_PREFIX = Ascii.bytes("AWS::");

  private final Hosts hosts = new Hosts();
  private final AwsServices awsServices = new AwsServices();

  /** The call's own attribute says that it goes to AWS, though no rpc.system does. */
  boolean awsByName;

  /** Writes the member; whether the name is the span's own. */
  boolean write(Draft draft) {
    JsonWriter out = draft.out;
    awsByName = false;
    out.put(NAME);
    out.quote();
    int written = draft.segment ? service(draft) : 0;
    if (written == 0) written = farSide(draft);
    boolean spansOwn = written == 0;
    if (spansOwn) {
      written =
          Names.write(
              out, draft.bytes(), draft.span.nameOffset(), draft.span.nameLength(), Names.LONGEST);
    }
    if (written == 0) out.ascii("span");
    out.quote();
    return spansOwn;
  }

  private static int service(Draft draft) {
    int local = draft.text(Keys.AWS_LOCAL_SERVICE);
    if (local >= 0 && (draft.shape.server || draft.shape.localRoot)) {
      int written = text(draft, local);
      if (written > 0) return written;
    }
    byte[] name = draft.resource.serviceName();
    return Names.write(draft.out, name, 0, name.length, Names.LONGEST);
  }

  private int farSide(Draft draft) {
    Shape shape = draft.shape;
    int remote = draft.text(Keys.AWS_REMOTE_SERVICE);
    if (remote >= 0 && (shape.call || shape.consumer) && !isOnlyTheSystem(draft, remote)) {
      return remoteService(draft, remote);
    }
    int peer = draft.text(Keys.PEER_SERVICE, Keys.SERVICE_PEER_NAME);
    if (peer >= 0) return text(draft, peer);
    if (shape.aws) {
      int written = awsServices.write(draft);
      if (written > 0) return written;
    }
    int service = draft.text(Keys.AWS_SERVICE);
    if (service >= 0) {
      awsByName = true;
      return text(draft, service);
    }
    int destination = destination(draft);
    if (destination >= 0 && shape.call) return text(draft, destination);
    int written = hosts.database(draft);
    if (written > 0) return written;
    int provider = draft.text(Keys.GEN_AI_PROVIDER_NAME, Keys.GEN_AI_SYSTEM);
    if (provider >= 0 && shape.call) return text(draft, provider);
    written = rpcService(draft);
    return written > 0 ? written : hosts.host(draft);
  }

  /**
   * ADOT's SDKs call every PostgreSQL "postgresql" and every topic "kafka": one node for all of
   * them, and another one than plain SDKs give.
   */
  private static boolean isOnlyTheSystem(Draft draft, int remote) {
    if (draft.same(remote, Keys.DB_SYSTEM) || draft.same(remote, Keys.DB_SYSTEM_NAME)) return true;
    return draft.same(remote, Keys.MESSAGING_SYSTEM) && destination(draft) >= 0;
  }

  private static int destination(Draft draft) {
    int destination = draft.text(Keys.MESSAGING_DESTINATION_NAME, Keys.MESSAGING_DESTINATION);
    return destination >= 0 ? destination : draft.text(Keys.MESSAGING_SOURCE_NAME);
  }

  private int remoteService(Draft draft, int index) {
    byte[] bytes = draft.bytes();
    int offset = draft.offset(index);
    int length = draft.length(index);
    if (draft.shape.aws) {
      byte[] prefix =
          Ascii.startsWith(bytes, offset, length, SDK_PREFIX) ? SDK_PREFIX : TYPE_PREFIX;
      if (Ascii.startsWith(bytes, offset, length, prefix)) {
        return awsServices.write(draft.out, bytes, offset + prefix.length, length - prefix.length);
      }
    }
    return Names.write(draft.out, bytes, offset, length, Names.LONGEST);
  }

  /** rpc.service, or what stands before the slash in a full method name. */
  private static int rpcService(Draft draft) {
    int service = draft.text(Keys.RPC_SERVICE);
    if (service >= 0) return text(draft, service);
    int method = draft.text(Keys.RPC_METHOD);
    if (method < 0) return 0;
    int offset = draft.offset(method);
    int slash = Ascii.lastIndexOf(draft.bytes(), offset, offset + draft.length(method), '/');
    if (slash <= offset) return 0;
    return Names.write(draft.out, draft.bytes(), offset, slash - offset, Names.LONGEST);
  }

  private static int text(Draft draft, int index) {
    return Names.write(
        draft.out, draft.bytes(), draft.offset(index), draft.length(index), Names.LONGEST);
  }
}
