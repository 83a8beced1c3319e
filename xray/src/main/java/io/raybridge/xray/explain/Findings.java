package io.raybridge.xray.explain;

import io.raybridge.xray.explain.Explainer.Translated;
import io.raybridge.xray.explain.Explanation.Document;
import io.raybridge.xray.explain.Explanation.Fate;
import io.raybridge.xray.explain.Explanation.Field;
import io.raybridge.xray.explain.Explanation.Part;
import io.raybridge.xray.explain.Fields.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Gathers what the trials showed about one span, and draws the conclusions. */
final class Findings {
  private static final String ANNOTATIONS = "/annotations/";
  private static final String METADATA = "/metadata/";

  private final Translated asSent;
  private final List<Input> inputs;

  /** By document and pointer: which inputs the field shows, and which only decide it. */
  private final List<Map<String, Set<Integer>>> from = new ArrayList<>();

  private final List<Map<String, Set<Integer>>> decided = new ArrayList<>();

  /** Where attributes that no field is made for stand. */
  private final Map<String, Integer> owners = new HashMap<>();

  /** Inputs whose value came out somewhere once it was another one. */
  private final Set<Integer> wouldShow = new TreeSet<>();

  private final Map<Integer, Integer> outranked = new HashMap<>();

  Findings(Translated asSent, List<Input> inputs) {
    this.asSent = asSent;
    this.inputs = inputs;
    for (int i = 0; i < inputs.size(); i++) {
      String key = inputs.get(i).name().replaceFirst("^resource ", "otel.resource.");
      String step = key.replace("~", "~0").replace("/", "~1");
      owners.put(METADATA + "default/" + step, i);
      owners.put(ANNOTATIONS + step, i);
    }
    for (int i = 0; i < asSent.documents().size(); i++) {
      from.add(new HashMap<>());
      decided.add(new HashMap<>());
    }
  }

  /** An input was taken out, and this came of it. */
  void removed(int input, Translated without) {
    String text = inputs.get(input).text();
    for (int d = 0; d < asSent.fields().size(); d++) {
      for (var field : asSent.fields().get(d).values().entrySet()) {
        String path = field.getKey();
        if (field.getValue().equals(without.at(d, path))) continue;
        boolean shown = isAlike(field.getValue().text(), text) && !isAnothers(path, input);
        put(shown ? from : decided, d, path, input);
      }
    }
  }

  /** Whether this is where another attribute stands under its own key, for want of a better. */
  private boolean isAnothers(String path, int input) {
    int owner = owners.getOrDefault(path, input);
    return owner != input;
  }

  private static boolean isAlike(String field, String input) {
    if (field.isEmpty() || input.isEmpty()) return field.equals(input);
    return field.contains(input) || input.contains(field);
  }

  /** An input was changed, and this came of it. */
  void changed(int input, String shows, Translated with) {
    for (int d = 0; d < asSent.fields().size(); d++) {
      for (var field : asSent.fields().get(d).values().entrySet()) {
        Value now = with.at(d, field.getKey());
        if (field.getValue().equals(now)) continue;
        boolean shown = now != null && now.text().contains(shows);
        put(shown ? from : decided, d, field.getKey(), input);
      }
    }
    if (shows.isEmpty()) return;
    for (String document : with.documents()) if (document.contains(shows)) wouldShow.add(input);
  }

  private static void put(
      List<Map<String, Set<Integer>>> into, int document, String path, int input) {
    into.get(document).computeIfAbsent(path, _ -> new TreeSet<>()).add(input);
  }

  /** Attributes of which there is no trace at all. */
  List<Integer> unseen() {
    var unseen = new ArrayList<Integer>();
    if (asSent.documents().isEmpty()) return unseen;
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).attribute() && !isSeen(i)) unseen.add(i);
    }
    return unseen;
  }

  private boolean isSeen(int input) {
    return !places(from, input).isEmpty() || !places(decided, input).isEmpty();
  }

  boolean isOutranked(int input) {
    return outranked.containsKey(input) || wouldShow.contains(input);
  }

  void outranked(int input, int by) {
    outranked.put(input, by);
  }

  Explanation explanation(String traceId, String spanId, String name) {
    var documents = new ArrayList<Document>();
    for (int d = 0; d < asSent.documents().size(); d++) documents.add(document(d));
    var parts = new ArrayList<Part>();
    for (int i = 0; i < inputs.size(); i++) parts.add(part(i));
    return new Explanation(
        traceId, spanId, name, asSent.dropped(), documents, parts, asSent.notes());
  }

  private Document document(int d) {
    var fields = new ArrayList<Field>();
    asSent
        .fields()
        .get(d)
        .values()
        .forEach((path, value) -> {
          Set<Integer> shown = from.get(d).getOrDefault(path, Set.of());
          var others = new TreeSet<>(decided.get(d).getOrDefault(path, Set.of()));
          others.removeAll(shown);
          fields.add(new Field(path, json(value), names(shown), names(others)));
        });
    return new Document(asSent.documents().get(d), fields);
  }

  private static String json(Value value) {
    return value.quoted() ? '"' + value.text() + '"' : value.text();
  }

  private List<String> names(Set<Integer> of) {
    return of.stream().map(input -> inputs.get(input).name()).toList();
  }

  private Part part(int i) {
    Input input = inputs.get(i);
    List<String> shown = places(from, i);
    if (!shown.isEmpty()) {
      return new Part(input.name(), input.attribute(), fate(shown), shown, "");
    }
    List<String> decides = places(decided, i);
    // What was cut decides, by its size, what else was.
    if (isTrimmed()) decides = decides.stream().filter(at -> !at.startsWith(METADATA)).toList();
    if (!decides.isEmpty()) {
      return new Part(input.name(), input.attribute(), Fate.DECIDES, decides, "");
    }
    return new Part(input.name(), input.attribute(), Fate.LEFT_OUT, List.of(), why(i));
  }

  private static Fate fate(List<String> places) {
    Fate fate = Fate.METADATA;
    for (String place : places) {
      if (place.startsWith(ANNOTATIONS)) fate = Fate.ANNOTATED;
      else if (!place.startsWith(METADATA)) return Fate.MAPPED;
    }
    return fate;
  }

  private static List<String> places(List<Map<String, Set<Integer>>> in, int input) {
    var places = new TreeSet<String>();
    for (var document : in) {
      document.forEach((path, inputs) -> {
        if (inputs.contains(input)) places.add(path);
      });
    }
    return List.copyOf(places);
  }

  private String why(int i) {
    if (asSent.dropped() != null) return "the span is dropped, " + asSent.dropped();
    Input input = inputs.get(i);
    if (!input.attribute()) return "a document has no need of it";
    if (comesAgain(i)) return "its key comes again, and the last value counts";
    if (input.name().startsWith("resource ") && isSubsegment()) {
      return "a subsegment tells nothing of its resource";
    }
    if (isTrimmed()) return "the document would be too large";
    String repeated = repeated(i);
    if (!repeated.isEmpty()) return "says the same as " + repeated;
    Integer by = outranked.get(i);
    if (by != null) return inputs.get(by).name() + " counts before it";
    return "it says nothing that a document has a place for";
  }

  private boolean comesAgain(int i) {
    for (int later = i + 1; later < inputs.size(); later++) {
      if (inputs.get(later).name().equals(inputs.get(i).name())) return true;
    }
    return false;
  }

  private boolean isTrimmed() {
    return asSent.notes().contains("document_trimmed");
  }

  private boolean isSubsegment() {
    return asSent.fields().stream().allMatch(fields -> fields.values().containsKey("/type"));
  }

  /** Another attribute whose text has this one's in it, where this one would be seen without. */
  private String repeated(int i) {
    if (!wouldShow.contains(i)) return "";
    String text = inputs.get(i).text();
    for (int other = 0; other < inputs.size(); other++) {
      Input that = inputs.get(other);
      boolean same = that.attribute() && that.text().contains(text) && !text.isEmpty();
      if (other != i && same && isSeen(other)) return that.name();
    }
    return "";
  }
}
