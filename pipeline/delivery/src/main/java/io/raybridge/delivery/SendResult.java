package io.raybridge.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the items of one attempt: each was delivered, remains to be sent again, or was
 * rejected for good.
 *
 * @param delivered items the destination has confirmed
 * @param remaining what is to be sent again (or, after a {@link Failure.Kind#FINAL} failure, given
 *     up), or null when nothing is left
 * @param failure why there is something remaining; null exactly when there is not
 * @param rejections items the destination refused for good
 */
public record SendResult<P extends Payload>(
    int delivered, @Nullable P remaining, @Nullable Failure failure, List<Rejection> rejections) {

  public SendResult {
    if ((remaining == null) != (failure == null)) {
      throw new IllegalArgumentException("a failure must come with what remains, and only then");
    }
    rejections = List.copyOf(rejections);
  }

  /** Everything arrived. */
  public static <P extends Payload> SendResult<P> delivered(P payload) {
    return new SendResult<>(payload.items(), null, null, List.of());
  }

  /** Nothing arrived. */
  public static <P extends Payload> SendResult<P> failed(P payload, Failure failure) {
    return new SendResult<>(0, payload, failure, List.of());
  }

  /** Part of it arrived and the rest was refused for good. */
  public static <P extends Payload> SendResult<P> partial(
      int delivered, List<Rejection> rejections) {
    return new SendResult<>(delivered, null, null, rejections);
  }
}
