package shop;

import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import redis.clients.jedis.JedisPooled;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** One service of the shop: Shop web|orders|payment|shipping|mailer. Knows nothing of tracing. */
public final class Shop {
  private static final String QUEUE = "http://aws.shop:5000/123456789012/shipping";
  private static final MethodDescriptor<StringValue, StringValue> CHARGE =
      MethodDescriptor.<StringValue, StringValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("shop.Payment/Charge")
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .build();

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "web" -> web();
      case "orders" -> orders();
      case "payment" -> payment();
      case "shipping" -> shipping();
      case "mailer" -> mailer();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void serve(int port, HttpHandler handler) {
    Undertow.builder()
        .addHttpListener(port, "0.0.0.0")
        .setHandler(new BlockingHandler(handler))
        .build()
        .start();
  }

  private static int get(HttpClient client, String url) throws Exception {
    return client
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .statusCode();
  }

  private static Connection database() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://postgres.shop:5432/shop", "shop", "secret");
  }

  private static void sql(Connection connection, String sql, String item) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, item);
      statement.execute();
    }
  }

  private static String item(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static void web() {
    HttpClient client = HttpClient.newHttpClient();
    serve(
        8080,
        exchange -> {
          String item = item(exchange.getRequestPath());
          exchange.setStatusCode(
              get(client, "http://orders.shop:8081/orders/" + item + "?quantity=1"));
        });
  }

  private static void orders() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    Connection connection = database();
    var cache = new JedisPooled("redis.shop", 6379);
    var payment = ManagedChannelBuilder.forAddress("payment.shop", 50051).usePlaintext().build();
    var dynamodb =
        DynamoDbClient.builder()
            .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(2)))
            .build();
    var s3 = S3Client.builder().forcePathStyle(true).build();
    var sqs = SqsClient.create();
    var sns = SnsClient.create();
    var events = new KafkaProducer<>(kafka(), new StringSerializer(), new StringSerializer());
    serve(
        8081,
        exchange -> {
          String item = item(exchange.getRequestPath());
          if (get(client, "http://partner.shop:8090/price/" + item) >= 500) {
            exchange.setStatusCode(502);
            return;
          }
          cache.get("price:" + item);
          cache.incr("sold:" + item);
          Map<String, AttributeValue> key = Map.of("item", AttributeValue.fromS(item));
          try {
            if (item.equals("gone")) dynamodb.getItem(r -> r.tableName("gone").key(key));
            dynamodb.putItem(r -> r.tableName(item.equals("hot") ? "hot" : "carts").item(key));
          } catch (DynamoDbException e) {
            exchange.setStatusCode(e instanceof ResourceNotFoundException ? 404 : 503);
            return;
          }
          try {
            ClientCalls.blockingUnaryCall(
                payment, CHARGE, CallOptions.DEFAULT, StringValue.of(item));
          } catch (StatusRuntimeException e) {
            exchange.setStatusCode(
                e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? 429 : 402);
            return;
          }
          String table = item.equals("broken") ? "no_such_table" : "orders";
          sql(connection, "INSERT INTO " + table + " (item, price) VALUES (?, 7)", item);
          s3.putObject(
              r -> r.bucket("receipts").key(item + ".txt"), RequestBody.fromString("paid"));
          sns.publish(r -> r.topicArn("arn:aws:sns:us-east-1:123456789012:sold").message(item));
          sqs.sendMessage(r -> r.queueUrl(QUEUE).messageBody(item));
          events.send(new ProducerRecord<>("orders-placed", item)).get();
        });
  }

  private static void payment() throws Exception {
    Connection connection = database();
    var service =
        ServerServiceDefinition.builder("shop.Payment")
            .addMethod(
                CHARGE,
                ServerCalls.asyncUnaryCall((request, answer) -> {
                  switch (request.getValue()) {
                    case "busy" ->
                        answer.onError(
                            Status.RESOURCE_EXHAUSTED
                                .withDescription("too many charges")
                                .asException());
                    case "declined" ->
                        answer.onError(
                            Status.FAILED_PRECONDITION
                                .withDescription("card declined")
                                .asException());
                    default -> {
                      try {
                        sql(
                            connection,
                            "SELECT price FROM orders WHERE item = ?",
                            request.getValue());
                      } catch (SQLException e) {
                        throw new IllegalStateException(e);
                      }
                      answer.onNext(StringValue.of("paid"));
                      answer.onCompleted();
                    }
                  }
                }))
            .build();
    ServerBuilder.forPort(50051).addService(service).build().start().awaitTermination();
  }

  private static void shipping() throws SQLException {
    Connection connection = database();
    var sqs = SqsClient.create();
    while (true) {
      var answer =
          sqs.receiveMessage(
              r -> r.queueUrl(QUEUE).waitTimeSeconds(2).messageAttributeNames("All"));
      for (var message : answer.messages()) {
        sql(connection, "UPDATE orders SET shipped = true WHERE item = ?", message.body());
        sqs.deleteMessage(r -> r.queueUrl(QUEUE).receiptHandle(message.receiptHandle()));
      }
    }
  }

  private static void mailer() {
    var cache = new JedisPooled("redis.shop", 6379);
    try (var consumer =
        new KafkaConsumer<>(kafka(), new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("orders-placed"));
      while (true) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          cache.set("mailed:" + record.value(), "yes");
        }
      }
    }
  }

  private static Properties kafka() {
    var properties = new Properties();
    properties.put("bootstrap.servers", "kafka.shop:9092");
    properties.put("group.id", "mailer");
    properties.put("auto.offset.reset", "earliest");
    return properties;
  }

  private Shop() {}
}
