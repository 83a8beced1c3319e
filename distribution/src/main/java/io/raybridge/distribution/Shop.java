package io.raybridge.distribution;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * The demo's traffic: a shop of three services, web, orders and payment, in which now and then a
 * card is declined, a table is throttled, a bank is slow and a program has a bug.
 *
 * <p>Each visit is told as it would have happened until now; nothing really waits for it, so that
 * one thread can play all parts.
 */
final class Shop implements AutoCloseable {
  private static final Duration BETWEEN_VISITS = Duration.ofMillis(600);
  private static final AttributeKey<List<String>> TABLES =
      AttributeKey.stringArrayKey("aws.dynamodb.table_names");
  private static final AttributeKey<List<String>> ANNOTATIONS =
      AttributeKey.stringArrayKey("aws.xray.annotations");
  private static final List<String> CUSTOMERS = List.of("alice", "bob", "carol", "dave", "erin");

  private final ShopService web;
  private final ShopService orders;
  private final ShopService payment;
  private final Random random = new Random();
  private final Thread visitors;
  private int checkouts;

  private Shop(String endpoint) {
    web = new ShopService("web", "2.1.0", endpoint);
    orders = new ShopService("orders", "1.4.2", endpoint);
    payment = new ShopService("payment", "0.9.7", endpoint);
    visitors = Thread.ofVirtual().name("demo visitors").unstarted(this::visit);
  }

  /** Opens the shop: from now on it sends to this OTLP/gRPC endpoint. */
  static Shop open(String endpoint) {
    var shop = new Shop(endpoint);
    shop.visitors.start();
    return shop;
  }

  /** Closes it: what has happened is still sent. */
  @Override
  public void close() {
    visitors.interrupt();
    try {
      visitors.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    web.close();
    orders.close();
    payment.close();
  }

  private void visit() {
    try {
      while (true) {
        if (random.nextInt(3) == 0) browse();
        else checkout();
        Thread.sleep(BETWEEN_VISITS.plusMillis(random.nextInt(500)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looking at an order: web asks orders, which reads its database. */
  void browse() {
    int order = 1000 + random.nextInt(9000);
    var story = new Story(Duration.ofMillis(60));
    Span page = arrive("GET", "/orders/{id}", "/orders/" + order, story);
    Span call = request(web, page, orders, "GET", "/orders/" + order, story.pass(4));
    Span found = orders.serve(call.getSpanContext(), "GET", "/orders/{id}", story.pass(2));
    found.setAttribute("url.path", "/orders/" + order);
    sql(found, "SELECT * FROM orders WHERE id = $1", story, 6 + random.nextInt(20));
    answer(orders, found, "/orders/{id}", 200, story);
    end(call, 200, story.pass(2));
    answer(web, page, "/orders/{id}", 200, story);
  }

  /** Buying: web asks orders, which asks payment, which asks the bank and keeps a record. */
  void checkout() {
    int number = checkouts++;
    boolean slow = number % 15 == 4;
    boolean declined = number % 6 == 2;
    boolean broken = number % 10 == 7;
    boolean throttled = number % 8 == 5;
    var story = new Story(Duration.ofMillis(slow ? 2900 : 380));
    Span page = arrive("POST", "/checkout", "/checkout", story);
    Span call = request(web, page, orders, "POST", "/orders", story.pass(5));
    Span order = orders.serve(call.getSpanContext(), "POST", "/orders", story.pass(3));
    order.setAttribute("url.path", "/orders");
    order.setAttribute("order.id", 1000 + number);
    order.setAttribute("order.items", 1 + random.nextInt(5));
    order.setAttribute(ANNOTATIONS, List.of("order.id", "order.items"));
    sql(order, "INSERT INTO orders (customer, total) VALUES ($1, $2)", story, 8);
    int status = 201;
    if (broken) {
      status = 500;
      var bug = new IllegalStateException("order " + (1000 + number) + " has no delivery address");
      order.recordException(bug);
      order.setStatus(StatusCode.ERROR, "cannot ship");
      story.pass(4);
    } else {
      status = pay(order, slow, declined, throttled, story);
    }
    answer(orders, order, "/orders", status, story);
    end(call, status, story.pass(3));
    answer(web, page, "/checkout", status == 500 ? 502 : status, story);
  }

  private int pay(Span order, boolean slow, boolean declined, boolean throttled, Story story) {
    Span call = request(orders, order, payment, "POST", "/charges", story.pass(2));
    Span charge = payment.serve(call.getSpanContext(), "POST", "/charges", story.pass(2));
    charge.setAttribute("url.path", "/charges");
    Span authorise = payment.call(charge, "authorise card", SpanKind.INTERNAL, story.pass(3));
    authorise.setAttribute("card.network", random.nextBoolean() ? "visa" : "mastercard");
    Instant decided = story.pass(slow ? 2500 : 40 + random.nextInt(50));
    if (slow) authorise.addEvent("bank answered late", decided);
    authorise.end(decided);
    if (throttled) dynamoDb(charge, true, story);
    dynamoDb(charge, false, story);
    int status = declined ? 402 : 201;
    answer(payment, charge, "/charges", status, story);
    end(call, status, story.pass(2));
    return status;
  }

  private Span arrive(String method, String route, String path, Story story) {
    Span page = web.serve(SpanContext.getInvalid(), method, route, story.now());
    page.setAttribute("url.path", path);
    page.setAttribute("client.address", "203.0.113." + (1 + random.nextInt(250)));
    page.setAttribute("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Demo/1.0");
    page.setAttribute("enduser.id", CUSTOMERS.get(random.nextInt(CUSTOMERS.size())));
    page.setAttribute("customer.tier", random.nextInt(4) == 0 ? "gold" : "basic");
    page.setAttribute(ANNOTATIONS, List.of("customer.tier"));
    return page;
  }

  private static Span request(
      ShopService from, Span within, ShopService to, String method, String path, Instant at) {
    Span call = from.call(within, method, SpanKind.CLIENT, at);
    String host = to.name() + ".shop.test";
    call.setAttribute("http.request.method", method);
    call.setAttribute("url.full", "http://" + host + path);
    call.setAttribute("server.address", host);
    call.setAttribute("peer.service", to.name());
    return call;
  }

  private void sql(Span within, String query, Story story, int millis) {
    Span call =
        orders.call(within, query.substring(0, 6) + " orders", SpanKind.CLIENT, story.now());
    call.setAttribute("db.system.name", "postgresql");
    call.setAttribute("db.namespace", "shop");
    call.setAttribute("db.query.text", query);
    call.setAttribute("server.address", "orders-db.shop.test");
    call.setAttribute("server.port", 5432);
    call.end(story.pass(millis));
  }

  private void dynamoDb(Span within, boolean throttled, Story story) {
    Span call = payment.call(within, "DynamoDB.PutItem", SpanKind.CLIENT, story.pass(1));
    call.setAttribute("rpc.system", "aws-api");
    call.setAttribute("rpc.service", "DynamoDB");
    call.setAttribute("rpc.method", "PutItem");
    call.setAttribute("aws.region", "us-east-1");
    call.setAttribute("aws.request_id", Long.toString(random.nextLong() >>> 1, 36));
    call.setAttribute(TABLES, List.of("charges"));
    call.setAttribute("http.response.status_code", throttled ? 429 : 200);
    if (throttled) {
      call.setStatus(StatusCode.ERROR, "ProvisionedThroughputExceededException");
    }
    call.end(story.pass(6 + random.nextInt(12)));
  }

  private static void answer(
      ShopService service, Span request, String route, int status, Story story) {
    Instant at = story.pass(2);
    end(request, status, at);
    service.served(route, status, Duration.between(story.begin, at));
  }

  private static void end(Span span, int status, Instant at) {
    span.setAttribute("http.response.status_code", status);
    if (status >= 500) span.setStatus(StatusCode.ERROR);
    span.end(at);
  }

  /** A visit's own clock. */
  private static final class Story {
    private final Instant begin;
    private Instant now;

    Story(Duration ago) {
      begin = Instant.now().minus(ago);
      now = begin;
    }

    Instant now() {
      return now;
    }

    Instant pass(int millis) {
      now = now.plusMillis(millis);
      return now;
    }
  }
}
