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
    offered.addAll(numbers);
    return switch (random.nextInt(6)) {
      case 0 -> Outcome.unavailable("down");
      case 1 -> Outcome.overloaded("busy", Duration.ofSeconds(1));
      case 2 -> random.nextBoolean() ? Outcome.invalid("wrong") : Outcome.failed("bug");
      default -> {
        accepted.addAll(numbers);
        yield Outcome.ACCEPTED;
      }
    };
  }

  synchronized List<Long> accepted() {
    return List.copyOf(accepted);
  }

  synchronized List<Long> offered() {
    return List.copyOf(offered);
  }
}
