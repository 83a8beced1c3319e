package io.raybridge.testkit;

import io.raybridge.api.Consumer;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An upstream in the real world's mood: accepts, asks to try again and refuses at random, and knows
 * which numbered items it accepted.
 */
final class Chance implements Consumer<Batch> {
  private final Random random;
  private final List<Long> accepted = new ArrayList<>();
  private final List<Long> offered = new ArrayList<>();

  Chance(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public synchronized Outcome consume(Batch batch) {
    var numbers = Numbered.numbers(batch);
    return switch (random.nextInt(6)) {
      case 0 -> Outcome.unavailable("down");
      case 1 -> Outcome.overloaded("busy", Duration.ofMillis(1));
      case 2 -> {
        offered.addAll(numbers);
        yield random.nextBoolean() ? Outcome.invalid("wrong") : Outcome.failed("bug");
      }
      default -> {
        offered.addAll(numbers);
        accepted.addAll(numbers);
        yield Outcome.ACCEPTED;
      }
    };
  }

  synchronized List<Long> accepted() {
    return List.copyOf(accepted);
  }

  /** What it accepted or refused for good; what it was offered too soon may come again. */
  synchronized List<Long> offered() {
    return List.copyOf(offered);
  }
}
