package io.raybridge.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** How {@link ScriptedAws} answers one request: well, with an error, or as only a fault does. */
@FunctionalInterface
public interface AwsAnswer {
  /** Answers on the request's connection, or ends it. */
  void give(AwsCall call, ScriptedAws.Wire wire) throws IOException, InterruptedException;

  /** Does what the operation says, and says so. */
  static AwsAnswer ok() {
    return (call, wire) -> wire.accept(call, _ -> "");
  }

  /** Refuses as AWS does: a status, a code in header and body, a message. */
  static AwsAnswer error(int status, String code) {
    return (_, wire) -> wire.send(status, "x-amzn-ErrorType: " + code + "\r\n", errorBody(code));
  }

  /** The same, asking to come again after some seconds. */
  static AwsAnswer retryAfter(int status, String code, int seconds) {
    return (_, wire) ->
        wire.send(
            status,
            "x-amzn-ErrorType: " + code + "\r\nRetry-After: " + seconds + "\r\n",
            errorBody(code));
  }

  /** Any status, headers (each ending in a line break) and body. */
  static AwsAnswer plain(int status, String headers, String body) {
    return (_, wire) -> wire.send(status, headers, body);
  }

  /** Takes all documents but those for which the test holds, and returns these as unprocessed. */
  static AwsAnswer unprocessed(String code, Predicate<String> document) {
    return (call, wire) -> wire.accept(call, doc -> document.test(doc) ? code : "");
  }

  /** Refuses whole calls for one of their documents, as a validation error that names none does. */
  static AwsAnswer poisoned(String code, Predicate<String> document) {
    var refusal = error(400, code);
    return (call, wire) -> {
      if (call.documents().stream().anyMatch(document)) refusal.give(call, wire);
      else wire.accept(call, _ -> "");
    };
  }

  /** Answers every so-manyth request like this, the others in another way. */
  static AwsAnswer every(int count, AwsAnswer answer, AwsAnswer otherwise) {
    var calls = new AtomicInteger();
    return (call, wire) ->
        (calls.incrementAndGet() % count == 0 ? answer : otherwise).give(call, wire);
  }

  /** Answers with one of these at random with this probability, else in another way. */
  static AwsAnswer sometimes(
      long seed, double probability, List<AwsAnswer> answers, AwsAnswer otherwise) {
    var calls = new AtomicInteger();
    return (call, wire) -> {
      var random = new SplittableRandom(seed * 1_000_003 + calls.incrementAndGet());
      boolean drawn = random.nextDouble() < probability;
      (drawn ? answers.get(random.nextInt(answers.size())) : otherwise).give(call, wire);
    };
  }

  /** From the first request on, answers like this for some time, and like that from then on. */
  static AwsAnswer during(Duration time, AwsAnswer answer, AwsAnswer then) {
    var first = new AtomicLong();
    return (call, wire) -> {
      long begin = first.updateAndGet(known -> known == 0 ? call.nanoTime() : known);
      (call.nanoTime() - begin < time.toNanos() ? answer : then).give(call, wire);
    };
  }

  /** Waits before it answers. */
  static AwsAnswer after(Duration delay, AwsAnswer then) {
    return (call, wire) -> {
      Thread.sleep(delay);
      then.give(call, wire);
    };
  }

  /** Never answers. */
  static AwsAnswer hang() {
    return (_, wire) -> wire.untilClientLeaves();
  }

  /** Resets the connection without an answer: nobody knows whether it was done. */
  static AwsAnswer reset() {
    return (_, wire) -> wire.reset();
  }

  /** Does what the operation says, then resets the connection instead of saying so. */
  static AwsAnswer doneButReset() {
    return (call, wire) -> {
      wire.record(call, _ -> "");
      wire.reset();
    };
  }

  /** Begins an answer and resets the connection in its middle. */
  static AwsAnswer resetInBody() {
    return (_, wire) -> {
      wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Unproc");
      wire.reset();
    };
  }

  /** Answers what is not HTTP. */
  static AwsAnswer garbage() {
    return (_, wire) -> {
      wire.raw("\u0015\u0003\u0001 this is not HTTP\r\n\r\n");
      wire.end();
    };
  }

  /** Announces a longer body than it sends. */
  static AwsAnswer wrongLength() {
    return (_, wire) -> {
      wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{}");
      wire.end();
    };
  }

  /** Sends more than it announces: what comes too much stands where the next answer should. */
  static AwsAnswer excess() {
    return (_, wire) ->
        wire.raw("HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK and more");
  }

  /** Takes nothing, and answers 200 with a body that is not JSON, as a portal does. */
  static AwsAnswer okWithoutJson() {
    return (_, wire) -> wire.send(200, "Content-Type: text/html\r\n", "<html>Log in</html>");
  }

  private static String errorBody(String code) {
    return "{\"__type\":\"com.amazonaws#" + code + "\",\"Message\":\"scripted " + code + "\"}";
  }
}
