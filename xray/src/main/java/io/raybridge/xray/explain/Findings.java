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

  /** Which inputs a field shows. */
  private final Relation from;

  /** Which inputs decide a field and are not shown by it. */
  private final Relation decided;

  /** Where attributes that no field is made for stand. */
  private final Map<String, Integer> owners = new HashMap<>();

  private final List<String> places = new ArrayList<>();

  /** Inputs whose value came out somewhere once it was another one. */
  private final Set<Integer> wouldShow = new TreeSet<>();

  private final Map<Integer, Integer> outranked = new HashMap<>();

  /** Of several inputs of one name the last. */
  private final Map<String, Integer> last = new HashMap<>();

  Findings(Translated asSent, List<Input> inputs) {
    this.asSent = asSent;
    this.inputs = inputs;
    from = new Relation(asSent.documents().size());
    decided = new Relation(asSent.documents().size());
    for (int i = 0; i < inputs.size(); i++) {
      last.put(inputs.get(i).name(), i);
      Input input = inputs.get(i);
      if (input.repeats()) {
        places.add("/attributes/" + step(input.key()));
        continue;
      }
      String step = step(input.name().replaceFirst("^resource ", "otel.resource."));
      places.add(METADATA + "default/" + step);
      owners.put(places.getLast(), i);
      owners.put(ANNOTATIONS + step, i);
    }
  }

  /** An input was taken out, and this came of it. */
  void removed(int input, Translated without) {
    String text = inputs.get(input).text();
    for (int d = 0; d < asSent.fields().size(); d++) {
      for (var field : asSent.fields().get(d).values().entrySet()) {
        String path = field.getKey();
        if (field.getValue().equals(without.at(d, path))) continue;
        boolean alike = isAlike(field.getValue().text(), text) || isOwn(path, input);
        boolean shown = alike && !isAnothers(path, input);
        (shown ? from : decided).put(d, path, input);
      }
    }
  }

  /** Whether this is where another attribute stands under its own key, for want of a better. */
  private boolean isAnothers(String path, int input) {
    int owner = owners.getOrDefault(path, input);
    return owner != input;
  }

  /** Whether this is where an attribute stands under its own key, or a part of it. */
  private boolean isOwn(String path, int input) {
    String place = places.get(input);
    int begin = inputs.get(input).repeats() ? path.indexOf(place) : path.startsWith(place) ? 0 : -1;
    int end = begin + place.length();
    return begin >= 0 && (path.length() == end || path.charAt(end) == '/');
  }

  private static String step(String key) {
    return key.replace("~", "~0").replace("/", "~1");
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
        (shown ? from : decided).put(d, field.getKey(), input);
      }
    }
    if (shows.isEmpty()) return;
    for (String document : with.documents()) if (document.contains(shows)) wouldShow.add(input);
  }

  /** A field follows this input, which has no meaning by which it could do anything but show it. */
  void shows(int input, int document, String path, Value value) {
    (isAnothers(path, input) ? decided : from).put(document, path, input);
  }

  /** A field follows this input, and shows it or not. */
  void follows(int input, int document, String path, Value value) {
    boolean shown = isAlike(value.text(), inputs.get(input).text()) && !isAnothers(path, input);
    (shown ? from : decided).put(document, path, input);
  }

  /** Attributes of which there is no trace, and no reason yet why not. */
  List<Integer> unseen() {
    var unseen = new ArrayList<Integer>();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).attribute() && !isSeen(i) && obvious(i).isEmpty()) unseen.add(i);
    }
    return unseen;
  }

  private boolean isSeen(int input) {
    return from.has(input) || decided.has(input);
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
          Set<Integer> shown = from.inputs(d, path);
          var others = new TreeSet<>(decided.inputs(d, path));
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
    List<String> shown = from.places(i);
    if (!shown.isEmpty()) {
      return new Part(input.name(), input.attribute(), fate(shown), shown, "");
    }
    List<String> decides = decided.places(i);
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

  private String why(int i) {
    String obvious = obvious(i);
    if (!obvious.isEmpty()) return obvious;
    String repeated = repeated(i);
    if (!repeated.isEmpty()) return "says the same as " + repeated;
    Integer by = outranked.get(i);
    if (by != null) return inputs.get(by).name() + " counts before it";
    return "it says nothing that a document has a place for";
  }

  /** Why an input is left out, where that needs no trial; else empty. */
  private String obvious(int i) {
    if (asSent.dropped() != null) return "the span is dropped, " + asSent.dropped();
    Input input = inputs.get(i);
    if (!input.attribute()) return "a document has no need of it";
    if (comesAgain(i)) return "its key comes again, and the last value counts";
    if (input.name().startsWith("resource ") && isSubsegment()) {
      return "a subsegment tells nothing of its resource";
    }
    return isTrimmed() ? "the document would be too large" : "";
  }

  private boolean comesAgain(int i) {
    return last.getOrDefault(inputs.get(i).name(), i) > i;
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
