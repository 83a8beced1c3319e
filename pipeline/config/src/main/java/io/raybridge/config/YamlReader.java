package io.raybridge.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Turns YAML text into a tree. SnakeYAML parses; anchors, merge keys and duplicate keys are settled
 * here, and plain scalars stay text, since SnakeYAML would read them as YAML 1.1 does.
 */
final class YamlReader {
  private static final int MAX_CODE_POINTS = 16 << 20;
  private static final int MAX_DEPTH = 100;

  /** Aliases make small files unfold to anything; no honest configuration comes near. */
  private static final int MAX_VALUES = 200_000;

  private final String file;
  private final Problems problems;
  private final Map<Node, Converted> done = new HashMap<>();
  private final Set<Node> open = new HashSet<>();

  /** How many values a tree unfolds to is known with it, so that shared ones need no recount. */
  private record Converted(Tree tree, int size) {}

  /** Ends the reading of one file; its message is for the user. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient Place place;

    Unreadable(Place place, String message) {
      super(message);
      this.place = place;
    }
  }

  private YamlReader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Reads the first document. Null after a syntax error, which is then among the problems. */
  static @Nullable Tree read(String text, String file, Problems problems) {
    return new YamlReader(file, problems).read(text);
  }

  private @Nullable Tree read(String text) {
    try {
      Composer composer =
          new Composer(new ParserImpl(new StreamReader(text), options()), new Untyped(), options());
      if (!composer.checkNode()) {
        return new Tree.Text(Place.start(file), "", true);
      }
      Tree tree = convert(composer.getNode()).tree();
      if (composer.checkNode()) {
        problems.warn(
            place(composer.getNode().getStartMark()),
            "",
            "this and all further documents of the file are ignored (expected: one)");
      }
      return tree;
    } catch (YAMLException e) {
      SyntaxError error = SyntaxError.explain(e, text, file);
      problems.error(error.place(), "", error.message());
      return null;
    } catch (Unreadable e) {
      problems.error(e.place, "", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CODE_POINTS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_VALUES);
    // Tags are judged here, with a better message; nothing is ever constructed from one.
    options.setTagInspector(_ -> true);
    return options;
  }

  private Converted convert(Node node) {
    Converted known = done.get(node);
    if (known != null) {
      return known;
    }
    if (!open.add(node)) {
      throw new Unreadable(place(node.getStartMark()), "an alias inside of what it stands for");
    }
    Converted converted =
        switch (node) {
          case ScalarNode scalar -> new Converted(text(scalar), 1);
          case SequenceNode sequence -> items(sequence);
          case MappingNode mapping -> keys(mapping);
          default -> throw new IllegalStateException("a node of kind " + node.getNodeId());
        };
    done.put(node, converted);
    return converted;
  }

  private Tree.Text text(ScalarNode node) {
    Place place = place(node.getStartMark());
    boolean quoted = node.getScalarStyle() != ScalarStyle.PLAIN;
    if (node.getTag().equals(Untyped.NONE)) {
      return new Tree.Text(place, node.getValue(), !quoted);
    }
    return switch (node.getTag().getValue()) {
      case "tag:yaml.org,2002:str", "!" -> new Tree.Text(place, node.getValue(), false);
      case "tag:yaml.org,2002:int",
          "tag:yaml.org,2002:float",
          "tag:yaml.org,2002:bool",
          "tag:yaml.org,2002:null" ->
          new Tree.Text(place, node.getValue(), true);
      default -> throw unknownTag(node);
    };
  }

  private Converted items(SequenceNode node) {
    if (!node.getTag().equals(Untyped.NONE) && !node.getTag().equals(Tag.SEQ)) {
      throw unknownTag(node);
    }
    List<Tree> items = new ArrayList<>();
    int size = 1;
    for (Node value : node.getValue()) {
      Converted item = convert(value);
      items.add(item.tree());
      size = larger(size, item, node);
    }
    return new Converted(new Tree.Items(place(node.getStartMark()), List.copyOf(items)), size);
  }

  private Converted keys(MappingNode node) {
    if (!node.getTag().equals(Untyped.NONE) && !node.getTag().equals(Tag.MAP)) {
      throw unknownTag(node);
    }
    Map<String, Tree.Entry> entries = new LinkedHashMap<>();
    List<Tree> merged = new ArrayList<>();
    int size = 1;
    for (NodeTuple tuple : node.getValue()) {
      Place place = place(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        throw new Unreadable(place, "a list or mapping as a key (expected: a name)");
      }
      Converted value = convert(tuple.getValueNode());
      size = larger(size, value, node);
      Tree.Text key = text(keyNode);
      if (key.plain() && key.text().equals("<<")) {
        merged.add(value.tree());
        continue;
      }
      Tree.Entry before = entries.get(key.text());
      if (before != null) {
        problems.error(
            place,
            "",
            "duplicate key \"%s\" (expected: once; it stands in line %d already)"
                .formatted(Printed.name(key.text()), before.place().line()));
        continue;
      }
      entries.put(key.text(), new Tree.Entry(place, key.text(), value.tree()));
    }
    merged.forEach(other -> merge(other, entries, true));
    return new Converted(new Tree.Keys(place(node.getStartMark()), entries), size);
  }

  /** What stands in the mapping itself wins over what is merged, the earlier over the later. */
  private void merge(Tree other, Map<String, Tree.Entry> into, boolean listAllowed) {
    switch (other) {
      case Tree.Keys keys -> keys.entries().forEach(into::putIfAbsent);
      case Tree.Items items when listAllowed ->
          items.items().forEach(item -> merge(item, into, false));
      default ->
          problems.error(
              other.place(),
              "",
              "a merge key \"<<\" without a mapping (expected: an alias of one)");
    }
  }

  private int larger(int size, Converted added, Node node) {
    if (size + added.size() > MAX_VALUES) {
      throw new Unreadable(
          place(node.getStartMark()),
          "aliases unfold to more than %d values (expected: fewer)".formatted(MAX_VALUES));
    }
    return size + added.size();
  }

  private Unreadable unknownTag(Node node) {
    return new Unreadable(
        place(node.getStartMark()),
        "the tag \"%s\" means nothing in a configuration (expected: none)"
            .formatted(Printed.name(node.getTag().getValue())));
  }

  private Place place(Mark mark) {
    return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Keeps SnakeYAML from guessing types, and makes tags that were really written visible. */
  private static final class Untyped extends Resolver {
    static final Tag NONE = new Tag("tag:raybridge.io,2026:none");

    @Override
    protected void addImplicitResolvers() {}

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      return NONE;
    }
  }
}
