package io.raybridge.xray.explain;

import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.ScopeSpans;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.xray.DropListener;
import io.raybridge.xray.PlainDocuments;
import io.raybridge.xray.TranslationConfig;
import io.raybridge.xray.explain.Fields.Value;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the translation makes of spans and what each field of a document came from.
 *
 * <p>It asks the translation itself: each thing that a span says is taken out or changed, alone,
 * and what differs then in the documents came from it. So the translation need not keep books, and
 * the explanation is true of whatever it does. It costs some translations for each attribute; of a
 * span that says very much, what has no meaning to the translation is changed by {@link Halves}.
 */
public final class Explainer {
  /** Up to so many parts of a span are tried one by one, whatever they are. */
  private static final int ALONE = 300;

  /** Of more, so many that have a meaning to the translation are. */
  private static final int MEANT = 100;

  private final PlainDocuments translation;
  private final int alone;
  private final Heard heard = new Heard();

  public Explainer(TranslationConfig config, InstantSource clock) {
    this(config, clock, ALONE);
  }

  /**
   * @param alone how many parts of a span are tried one by one before some are tried together
   */
  public Explainer(TranslationConfig config, InstantSource clock, int alone) {
    translation = new PlainDocuments(config, heard, clock);
    this.alone = alone;
  }

  /** One explanation for each span, in the order of the batch. */
  public List<Explanation> explain(Traces traces) {
    var explanations = new ArrayList<Explanation>();
    for (ResourceSpans resource : traces.resourceSpans()) {
      for (ScopeSpans scope : resource.scopeSpans()) {
        for (Span span : scope.spans()) explanations.add(explain(alone(resource, scope, span)));
      }
    }
    return explanations;
  }

  /** A request with one span, as bytes from which every trial starts. */
  private static byte[] alone(ResourceSpans resource, ScopeSpans scope, Span span) {
    var request = new ResourceSpans();
    request.schemaUrl(resource.schemaUrl());
    request.resource().droppedAttributesCount(resource.resource().droppedAttributesCount());
    resource.resource().attributes().forEach(request.resource().attributes()::add);
    var only = new ScopeSpans().schemaUrl(scope.schemaUrl());
    only.scope().name(scope.scope().name()).version(scope.scope().version());
    only.scope().droppedAttributesCount(scope.scope().droppedAttributesCount());
    scope.scope().attributes().forEach(only.scope().attributes()::add);
    only.spans().add(span.copy());
    request.scopeSpans().add(only);
    return Traces.of(List.of(request)).toOtlp();
  }

  private Explanation explain(byte[] alone) {
    ResourceSpans request = copy(alone);
    Translated asSent = translate(List.of(alone));
    List<Input> inputs = Inputs.of(request);
    var trace = new Findings(asSent, inputs);
    if (!asSent.documents().isEmpty()) tryOut(alone, inputs, asSent, trace);
    Span span = Inputs.span(request);
    return trace.explanation(span.traceId(), "%016x".formatted(span.spanId()), span.name());
  }

  private void tryOut(byte[] alone, List<Input> inputs, Translated asSent, Findings trace) {
    var single = new ArrayList<Integer>();
    var own = new Halves(asSent);
    var meant = new Halves(asSent);
    var others = new Halves(asSent);
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      if (isTriedAlone(inputs, i, single.size())) single.add(i);
      else if (!input.attribute()) others.add(i, input);
      else (translation.knows(input.key()) ? meant : own).add(i, input);
    }
    for (int i : single) {
      Input input = inputs.get(i);
      for (Consumer<ResourceSpans> removal : input.removals()) {
        trace.removed(i, tryOut(alone, removal));
      }
      for (Input.Change change : input.changes()) {
        trace.changed(i, change.shows(), tryOut(alone, change.apply()));
      }
    }
    own.find(change -> tryOut(alone, change), trace::shows);
    meant.find(change -> tryOut(alone, change), trace::follows);
    others.find(change -> tryOut(alone, change), trace::shows);
    for (int unseen : trace.unseen()) {
      for (int i : single) {
        if (trace.isOutranked(unseen)) break;
        if (i != unseen) outranks(alone, trace, inputs, i, unseen);
      }
    }
  }

  /** Whether a part can say anything by itself that it does not say among others. */
  private boolean isTriedAlone(List<Input> inputs, int index, int before) {
    Input input = inputs.get(index);
    if (inputs.size() <= alone || input.nudge() == null) return true;
    if (!input.attribute() && !input.repeats()) return true;
    return before < MEANT && (!input.attribute() || translation.knows(input.key()));
  }

  /** Whether an input that leaves no trace would leave one if another were not there. */
  private void outranks(byte[] alone, Findings trace, List<Input> inputs, int other, int unseen) {
    for (Consumer<ResourceSpans> removal : inputs.get(other).removals()) {
      if (!inputs.get(other).attribute()) return;
      // The later index goes first: removing the other way round would move what is behind.
      Consumer<ResourceSpans> gone = inputs.get(unseen).removals().getFirst();
      Translated without = tryOut(alone, removal);
      Translated withoutBoth =
          tryOut(alone, unseen > other ? gone.andThen(removal) : removal.andThen(gone));
      if (!without.documents().equals(withoutBoth.documents())) trace.outranked(unseen, other);
    }
  }

  private Translated tryOut(byte[] alone, Consumer<ResourceSpans> change) {
    ResourceSpans request = copy(alone);
    change.accept(request);
    return translate(Traces.of(List.of(request)).otlpChunks());
  }

  private static ResourceSpans copy(byte[] alone) {
    try {
      return Traces.ofOtlp(alone.clone()).resourceSpans().getFirst();
    } catch (MalformedBatchException e) {
      throw new IllegalStateException("written by ourselves", e);
    }
  }

  private Translated translate(List<byte[]> chunks) {
    heard.clear();
    List<String> documents = translation.of(chunks);
    return new Translated(
        documents,
        documents.stream().map(Fields::of).toList(),
        heard.dropped,
        List.copyOf(heard.notes));
  }

  /**
   * @param fields of each document
   * @param dropped why the span is none, or null
   */
  record Translated(
      List<String> documents, List<Fields> fields, @Nullable String dropped, List<String> notes) {

    /** The value at a place of one of the documents, or null. */
    @Nullable Value at(int document, String path) {
      return document < fields.size() ? fields.get(document).values().get(path) : null;
    }
  }

  private static final class Heard implements DropListener {
    private @Nullable String dropped;
    private final List<String> notes = new ArrayList<>();

    void clear() {
      dropped = null;
      notes.clear();
    }

    @Override
    public void dropped(int spans, String reason, long high, long low, String detail) {
      dropped = reason + ": " + detail;
    }

    @Override
    public void noted(String what, int count, long high, long low) {
      // Counts over all trials, of which most are none of the user's doing.
      if (!what.equals("trace_over_budget")) notes.add(count == 1 ? what : what + " x" + count);
    }
  }
}
