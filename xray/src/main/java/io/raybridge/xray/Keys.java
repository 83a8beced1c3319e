package io.raybridge.xray;

import io.raybridge.data.view.KeyTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The attribute keys that the translation knows, each with its number in the key table. Where a
 * comment names a generation, the same fact has had several names in the OpenTelemetry semantic
 * conventions; all of them are read.
 */
final class Keys {
  private static final List<String> NAMES = new ArrayList<>();

  // HTTP, before 1.21 and from 1.21 on
  static final int HTTP_METHOD = key("http.method");
  static final int HTTP_REQUEST_METHOD = key("http.request.method");
  static final int HTTP_STATUS_CODE = key("http.status_code");
  static final int HTTP_RESPONSE_STATUS_CODE = key("http.response.status_code");
  static final int HTTP_STATUS_TEXT = key("http.status_text");
  static final int HTTP_URL = key("http.url");
  static final int URL_FULL = key("url.full");
  static final int URL_ORIGINAL = key("url.original");
  static final int HTTP_SCHEME = key("http.scheme");
  static final int URL_SCHEME = key("url.scheme");
  static final int HTTP_HOST = key("http.host");
  static final int HTTP_SERVER_NAME = key("http.server_name");
  static final int HTTP_TARGET = key("http.target");
  static final int URL_PATH = key("url.path");
  static final int URL_QUERY = key("url.query");
  static final int HTTP_ROUTE = key("http.route");
  static final int HTTP_USER_AGENT = key("http.user_agent");
  static final int USER_AGENT_ORIGINAL = key("user_agent.original");
  static final int HTTP_CLIENT_IP = key("http.client_ip");
  static final int CLIENT_ADDRESS = key("client.address");
  static final int HTTP_RESPONSE_CONTENT_LENGTH = key("http.response_content_length");
  static final int HTTP_RESPONSE_BODY_SIZE = key("http.response.body.size");
  static final int HTTP_RESPONSE_HEADER_CONTENT_LENGTH = key("http.response.header.content-length");
  static final int HTTP_REQUEST_RESEND_COUNT = key("http.request.resend_count");

  // Addresses
  static final int NET_HOST_NAME = key("net.host.name");
  static final int NET_HOST_PORT = key("net.host.port");
  static final int HOST_NAME = key("host.name");
  static final int NET_PEER_NAME = key("net.peer.name");
  static final int NET_PEER_PORT = key("net.peer.port");
  static final int NET_PEER_IP = key("net.peer.ip");
  static final int NET_SOCK_PEER_ADDR = key("net.sock.peer.addr");
  static final int NET_SOCK_PEER_NAME = key("net.sock.peer.name");
  static final int NETWORK_PEER_ADDRESS = key("network.peer.address");
  static final int NETWORK_PEER_PORT = key("network.peer.port");
  static final int SERVER_ADDRESS = key("server.address");
  static final int SERVER_PORT = key("server.port");
  static final int PEER_SERVICE = key("peer.service");
  static final int SERVICE_PEER_NAME = key("service.peer.name");

  // What ADOT's SDKs say about either side of a span
  static final int AWS_LOCAL_SERVICE = key("aws.local.service");
  static final int AWS_REMOTE_SERVICE = key("aws.remote.service");
  static final int AWS_REMOTE_OPERATION = key("aws.remote.operation");
  static final int AWS_REMOTE_TARGET = key("remoteTarget");
  static final int AWS_REMOTE_NAMESPACE = key("K8s.RemoteNamespace");
  static final int AWS_SPAN_KIND = key("aws.span.kind");
  static final int AWS_XRAY_ANNOTATIONS = key("aws.xray.annotations");
  static final int AWS_XRAY_IN_PROGRESS = key("aws.xray.inprogress");
  static final int AWS_XRAY_DOCUMENT = key("aws.xray.document");

  // RPC and AWS calls
  static final int RPC_SYSTEM = key("rpc.system");
  static final int RPC_SYSTEM_NAME = key("rpc.system.name");
  static final int RPC_SERVICE = key("rpc.service");
  static final int RPC_METHOD = key("rpc.method");
  static final int RPC_GRPC_STATUS_CODE = key("rpc.grpc.status_code");
  static final int RPC_RESPONSE_STATUS_CODE = key("rpc.response.status_code");
  static final int ERROR_TYPE = key("error.type");
  static final int AWS_SERVICE = key("aws.service");
  static final int AWS_OPERATION = key("aws.operation");
  static final int AWS_ACCOUNT = key("aws.account_id");
  static final int AWS_REGION = key("aws.region");
  static final int AWS_REQUEST_ID = key("aws.request_id");
  static final int AWS_REQUEST_ID_2 = key("aws.requestId");
  static final int AWS_REQUEST_ID_3 = key("aws.request.id");
  static final int AWS_EXTENDED_REQUEST_ID = key("aws.extended_request_id");
  static final int AWS_QUEUE_URL = key("aws.queue_url");
  static final int AWS_QUEUE_URL_2 = key("aws.queue.url");
  static final int AWS_SQS_QUEUE_URL = key("aws.sqs.queue.url");
  static final int MESSAGING_URL = key("messaging.url");
  static final int AWS_TABLE_NAME = key("aws.table_name");
  static final int AWS_TABLE_NAME_2 = key("aws.table.name");
  static final int AWS_DYNAMODB_TABLE_NAMES = key("aws.dynamodb.table_names");
  static final int AWS_BUCKET_NAME = key("aws.bucket.name");
  static final int AWS_S3_BUCKET = key("aws.s3.bucket");
  static final int AWS_S3_KEY = key("aws.s3.key");
  static final int AWS_SNS_TOPIC_ARN = key("aws.sns.topic.arn");
  static final int AWS_STREAM_NAME = key("aws.stream.name");
  static final int AWS_KINESIS_STREAM_NAME = key("aws.kinesis.stream_name");
  static final int FAAS_INVOKED_NAME = key("faas.invoked_name");
  static final int AWS_STATE_MACHINE_ARN = key("aws.step_functions.state_machine.arn");
  static final int AWS_SECRET_ARN = key("aws.secretsmanager.secret.arn");

  // Databases
  static final int DB_SYSTEM = key("db.system");
  static final int DB_SYSTEM_NAME = key("db.system.name");
  static final int DB_NAME = key("db.name");
  static final int DB_NAMESPACE = key("db.namespace");
  static final int DB_STATEMENT = key("db.statement");
  static final int DB_QUERY_TEXT = key("db.query.text");
  static final int DB_CONNECTION_STRING = key("db.connection_string");
  static final int DB_USER = key("db.user");

  // Messaging and GenAI
  static final int MESSAGING_SYSTEM = key("messaging.system");
  static final int MESSAGING_DESTINATION = key("messaging.destination");
  static final int MESSAGING_DESTINATION_NAME = key("messaging.destination.name");
  static final int MESSAGING_SOURCE_NAME = key("messaging.source.name");
  static final int MESSAGING_OPERATION = key("messaging.operation");
  static final int MESSAGING_OPERATION_TYPE = key("messaging.operation.type");
  static final int MESSAGE_TYPE = key("message.type");
  static final int MESSAGING_PAYLOAD_SIZE = key("messaging.message_payload_size_bytes");
  static final int GEN_AI_SYSTEM = key("gen_ai.system");
  static final int GEN_AI_PROVIDER_NAME = key("gen_ai.provider.name");

  // Users
  static final int ENDUSER_ID = key("enduser.id");

  // Events
  static final int EXCEPTION_TYPE = key("exception.type");
  static final int EXCEPTION_MESSAGE = key("exception.message");
  static final int EXCEPTION_STACKTRACE = key("exception.stacktrace");
  static final int EXCEPTION_ESCAPED = key("exception.escaped");
  static final int AWS_HTTP_ERROR_MESSAGE = key("aws.http.error_message");

  // Resources
  static final int SERVICE_NAME = key("service.name");
  static final int SERVICE_NAMESPACE = key("service.namespace");
  static final int SERVICE_INSTANCE_ID = key("service.instance.id");
  static final int SERVICE_VERSION = key("service.version");
  static final int CONTAINER_IMAGE_TAG = key("container.image.tag");
  static final int CONTAINER_IMAGE_TAGS = key("container.image.tags");
  static final int CLOUD_PROVIDER = key("cloud.provider");
  static final int CLOUD_PLATFORM = key("cloud.platform");
  static final int CLOUD_ACCOUNT_ID = key("cloud.account.id");
  static final int CLOUD_REGION = key("cloud.region");
  static final int CLOUD_AVAILABILITY_ZONE = key("cloud.availability_zone");
  static final int CLOUD_RESOURCE_ID = key("cloud.resource_id");
  static final int FAAS_ID = key("faas.id");
  static final int FAAS_NAME = key("faas.name");
  static final int HOST_ID = key("host.id");
  static final int HOST_TYPE = key("host.type");
  static final int HOST_IMAGE_ID = key("host.image.id");
  static final int CONTAINER_NAME = key("container.name");
  static final int CONTAINER_ID = key("container.id");
  static final int K8S_POD_NAME = key("k8s.pod.name");
  static final int K8S_CLUSTER_NAME = key("k8s.cluster.name");
  static final int AWS_ECS_CLUSTER_ARN = key("aws.ecs.cluster.arn");
  static final int AWS_ECS_CONTAINER_ARN = key("aws.ecs.container.arn");
  static final int AWS_ECS_TASK_ARN = key("aws.ecs.task.arn");
  static final int AWS_ECS_TASK_FAMILY = key("aws.ecs.task.family");
  static final int AWS_ECS_LAUNCHTYPE = key("aws.ecs.launchtype");
  static final int AWS_LOG_GROUP_NAMES = key("aws.log.group.names");
  static final int AWS_LOG_GROUP_ARNS = key("aws.log.group.arns");
  static final int TELEMETRY_SDK_NAME = key("telemetry.sdk.name");
  static final int TELEMETRY_SDK_LANGUAGE = key("telemetry.sdk.language");
  static final int TELEMETRY_SDK_VERSION = key("telemetry.sdk.version");
  static final int TELEMETRY_AUTO_VERSION = key("telemetry.auto.version");
  static final int TELEMETRY_DISTRO_VERSION = key("telemetry.distro.version");

  /** The greatest number of a known key; greater ones are the user's own. */
  static final int LAST = NAMES.size();

  private Keys() {}

  private static int key(String name) {
    NAMES.add(name);
    return NAMES.size();
  }

  /** A table of the known keys and, behind them, the others. */
  static KeyTable tableWith(List<String> others) {
    var names = new LinkedHashSet<>(NAMES);
    names.addAll(others);
    return KeyTable.of(List.copyOf(names));
  }

  static boolean isKnown(String name) {
    return NAMES.contains(name);
  }

  /** A known key's name. */
  static String name(int key) {
    return NAMES.get(key - 1);
  }
}
