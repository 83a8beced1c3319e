package io.raybridge.delivery;

import io.raybridge.api.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A destination that answers as told and remembers what it was sent, and when. */
final class ScriptedSender implements Sender<Spans> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Attempt> attempts = new ArrayList<>();
  private final Deque<Sender<Spans>> script = new ArrayDeque<>();
  private Sender<Spans> otherwise = SendResult::delivered;

  /** Whether a request can be parted. */
  boolean canPart;

  record Attempt(Spans payload, Duration at) {}

  ScriptedSender(Clock clock) {
    this.clock = clock;
  }

  ScriptedSender then(Sender<Spans> answer) {
    lock.lock();
    try {
      script.add(answer);
      return this;
    } finally {
      lock.unlock();
    }
  }

  ScriptedSender thenFail(Failure failure) {
    return then(payload -> SendResult.failed(payload, failure));
  }

  ScriptedSender always(Sender<Spans> answer) {
    lock.lock();
    try {
      otherwise = answer;
      return this;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SendResult<Spans> send(Spans payload) throws InterruptedException {
    Sender<Spans> answer;
    lock.lock();
    try {
      attempts.add(new Attempt(payload, Duration.ofNanos(clock.nanoTime())));
      changed.signalAll();
      var scripted = script.poll();
      answer = scripted == null ? otherwise : scripted;
    } finally {
      lock.unlock();
    }
    return answer.send(payload);
  }

  @Override
  public List<Spans> halves(Spans payload, Failure why) {
    return canPart ? payload.halves() : List.of();
  }

  List<Attempt> awaitAttempts(int count) throws InterruptedException {
    lock.lock();
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (attempts.size() < count) {
        if (!changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new AssertionError(attempts.size() + " attempts (expected: " + count + ")");
        }
      }
      return List.copyOf(attempts);
    } finally {
      lock.unlock();
    }
  }

  int attempts() {
    lock.lock();
    try {
      return attempts.size();
    } finally {
      lock.unlock();
    }
  }
}
