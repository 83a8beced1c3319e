package io.raybridge.distribution;

import io.raybridge.api.ComponentFactory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a command finds around it, so that tests can put it somewhere else. */
record Surroundings(
    Map<String, String> env,
    Supplier<List<ComponentFactory<?>>> factories,
    PrintWriter out,
    PrintWriter err) {}
