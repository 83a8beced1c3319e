// One trace as a timeline, and what both views share. No markup is ever made from text.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function duration(seconds) {
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${(seconds % 60).toFixed(0)} s`;
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (seconds >= 0.001) return `${(seconds * 1000).toFixed(seconds >= 0.1 ? 0 : 1)} ms`;
  return `${(seconds * 1e6).toFixed(0)} µs`;
}

export function clock(seconds) {
  const at = new Date(seconds * 1000);
  const time = at.toLocaleTimeString("en-GB") + "." + String(at.getMilliseconds()).padStart(3, "0");
  return at.toDateString() === new Date().toDateString() ? time : at.toLocaleDateString("en-CA") + " " + time;
}

export function ago(seconds) {
  const past = Math.max(0, Date.now() / 1000 - seconds);
  return past < 1 ? "now" : past < 120 ? `${past.toFixed(0)} s ago` : clock(seconds);
}

const HUES = [222, 28, 165, 325, 268, 195, 60, 120];
const taken = new Map();

/** The same service has the same colour in every view; two have the same only when colours run out. */
export function serviceColour(name) {
  if (!taken.has(name)) {
    let hash = 2166136261;
    for (const c of name) hash = Math.imul(hash ^ c.codePointAt(0), 16777619);
    let choice = ((hash ^ (hash >>> 15)) >>> 0) % HUES.length;
    const used = new Set(taken.values());
    for (let i = 0; i < HUES.length && used.has(choice); i++) choice = (choice + 1) % HUES.length;
    taken.set(name, choice);
  }
  const hue = HUES[taken.get(name)];
  return `light-dark(hsl(${hue} 58% 46%), hsl(${hue} 55% 60%))`;
}

export function chips(trace) {
  const made = [];
  const chip = (kind, text, title = "") => made.push(element("span", { class: "chip " + kind, title }, text));
  const kind = trace.fault ? "fault" : trace.throttle ? "throttle" : trace.error ? "error" : "ok";
  const words = [trace.status, kind === "ok" && trace.status !== undefined ? null : kind].filter((w) => w !== null && w !== undefined);
  if (kind !== "ok" || trace.status !== undefined || !trace.partial) chip(kind, words.join(" "));
  if (trace.inside > 0) chip("note", `${trace.inside} inside`, "faults, errors or throttles below the first segment");
  if (trace.partial) chip("note", "in progress");
  return made;
}

const MAX_ROWS = 2000;
const EPOCH = (node) => (typeof node.start_time === "number" ? node.start_time : null);

/** Subsegments stand in their segment; a segment stands below the subsegment that called it. */
function tree(segments) {
  const byId = new Map();
  const parts = [];
  const add = (document, service, segment) => {
    const node = { document, service, segment, children: [], start: EPOCH(document), end: document.end_time, parent: null };
    if (typeof document.id === "string" && !byId.has(document.id.toLowerCase())) byId.set(document.id.toLowerCase(), node);
    parts.push(node);
    for (const inner of Array.isArray(document.subsegments) ? document.subsegments : []) {
      if (inner && typeof inner === "object") node.children.push(add(inner, service, false));
    }
    return node;
  };
  const tops = segments.map((s) => add(s, String(s.name ?? ""), s.type !== "subsegment"));
  const roots = [];
  for (const top of tops) {
    const parent = byId.get(String(top.document.parent_id ?? "").toLowerCase());
    let above = parent;
    while (above && above !== top) above = above.parent ?? owner(above, parts);
    if (parent && above !== top) { parent.children.push(top); top.parent = parent; } else roots.push(top);
  }
  const order = (list) => { list.sort((a, b) => (a.start ?? Infinity) - (b.start ?? Infinity)); list.forEach((n) => order(n.children)); };
  order(roots);
  return { roots, parts };
}

/** Whose list of children a node stands in: found once, then remembered. */
function owner(node, parts) {
  for (const part of parts) for (const child of part.children) child.parent ??= part;
  return node.parent;
}

function rows(roots, folded) {
  const list = [];
  const open = roots.map((node) => [node, 0]).reverse();
  while (open.length > 0) {
    const [node, level] = open.pop();
    list.push([node, level]);
    if (folded.has(node.document.id)) continue;
    for (let i = node.children.length - 1; i >= 0; i--) open.push([node.children[i], level + 1]);
  }
  return list;
}

const folded = new Set();
let selected = null;

export function showTrace(view, trace, say) {
  const { roots, parts } = tree(trace.segments);
  const times = parts.filter((p) => p.start !== null);
  const first = Math.min(...times.map((p) => p.start));
  const last = Math.max(...times.map((p) => p.end ?? p.start));
  const whole = Math.max(last - first, 1e-6);
  const top = roots[0]?.document ?? {};
  const http = top.http ?? {};
  const title = [http.request?.method, http.request?.url].filter(Boolean).join(" ") || String(top.name ?? trace.id);
  document.title = `${title} - Raybridge`;

  const list = element("div", { class: "rows", role: "listbox", "aria-label": "Segments and subsegments" });
  const panel = element("aside", { class: "card details", "aria-label": "Details", "aria-live": "polite" });

  function draw() {
    const all = rows(roots, folded);
    list.replaceChildren(...all.slice(0, MAX_ROWS).map(([node, level]) => row(node, level)));
    if (all.length > MAX_ROWS) list.append(element("p", { class: "soft" }, `${all.length - MAX_ROWS} more are not drawn; BatchGetTraces has them all.`));
  }

  function row(node, level) {
    const { document: d } = node;
    const state = d.fault ? "fault" : d.throttle ? "throttle" : d.error ? "error" : "";
    const running = node.end === undefined || d.in_progress === true;
    const end = node.end ?? last;
    const label = element("span", { class: "label" });
    label.style.paddingLeft = 10 + level * 16 + "px";
    const fold = element("span", { class: "fold", "aria-hidden": "true" }, node.children.length === 0 ? "" : folded.has(d.id) ? "▶" : "▼");
    label.append(fold, element("span", { class: node.segment ? "dot" : "sub" }),
      element(node.segment ? "b" : "span", { class: "name", title: String(d.name ?? "") }, String(d.name ?? "(no name)")));
    if (state) label.append(element("span", { class: "mark " + state, title: state }, "!"));
    const lane = element("span", { class: "lane" });
    const bar = element("span", { class: ["span", node.segment ? "" : "inner", state, running ? "open" : ""].join(" ") });
    const left = node.start === null ? 0 : (100 * (node.start - first)) / whole;
    const width = node.start === null ? 0 : Math.max(0, (100 * (end - node.start)) / whole);
    bar.style.left = left + "%";
    bar.style.width = width + "%";
    const took = element("span", { class: "took" }, running ? "in progress" : duration(end - (node.start ?? end)));
    took.style.left = `calc(${left + width}% + 7px)`;
    lane.append(bar, took);
    const button = element("button", { class: "row", type: "button", role: "option", "aria-selected": String(selected === d.id), "data-id": String(d.id ?? ""),
      "aria-label": `${"level " + (level + 1)}: ${d.name}, ${state || "ok"}, ${running ? "in progress" : duration(end - (node.start ?? end))}` }, label, lane);
    button.style.setProperty("--service", serviceColour(node.service));
    fold.addEventListener("click", (event) => { event.stopPropagation(); toggle(node); });
    button.addEventListener("click", () => select(node));
    button.addEventListener("keydown", (event) => keys(event, node));
    return button;
  }

  function toggle(node) {
    if (node.children.length === 0) return;
    if (!folded.delete(node.document.id)) folded.add(node.document.id);
    draw();
    focus(node);
  }

  function keys(event, node) {
    const { key } = event;
    const here = event.currentTarget;
    if (key === "ArrowDown") here.nextElementSibling?.focus();
    else if (key === "ArrowUp") here.previousElementSibling?.focus();
    else if (key === "ArrowLeft" && !folded.has(node.document.id)) toggle(node);
    else if (key === "ArrowRight" && folded.has(node.document.id)) toggle(node);
    else if (key === "Home") list.firstElementChild?.focus();
    else if (key === "End") list.lastElementChild?.focus();
    else return;
    event.preventDefault();
  }

  function focus(node) {
    [...list.children].find((r) => r.dataset.id === String(node.document.id ?? ""))?.focus();
  }

  function select(node) {
    selected = node.document.id;
    for (const r of list.children) r.setAttribute("aria-selected", String(r.dataset.id === selected));
    panel.replaceChildren(...details(node, first, parts));
  }

  const copy = element("button", { type: "button" }, "Copy");
  copy.addEventListener("click", () => copied(trace.id, copy, say));
  const fact = (name, ...value) => element("div", {}, element("dt", {}, name), element("dd", {}, ...value));
  const services = new Set(parts.filter((p) => p.segment).map((p) => p.service));
  const back = element("a", { href: "#/" }, "← Traces");
  const state = { status: http.response?.status, fault: top.fault, error: top.error, throttle: top.throttle,
    partial: parts.some((p) => p.end === undefined || p.document.in_progress === true), inside: 0 };
  const ticks = element("span", { class: "ticks", "aria-hidden": "true" });
  for (let i = 0; i <= 4; i++) {
    const tick = element("span", {}, i === 0 ? "0" : duration((whole * i) / 4));
    tick.style.left = i * 25 + "%";
    ticks.append(tick);
  }
  const facts = element("dl", { class: "facts" },
    fact("Started", clock(first)), fact("Duration", duration(whole)), fact("Services", String(services.size)),
    fact("Segments", `${trace.segments.length} + ${parts.length - trace.segments.length}`),
    fact("Trace id", element("code", {}, trace.id), " ", copy));
  if (trace.full) facts.append(element("span", { class: "chip error" }, "too large: later segments were refused"));
  const focused = document.activeElement?.dataset?.id;
  view.replaceChildren(
    element("p", {}, back),
    element("div", { class: "bar" }, element("h1", {}, title), element("span", {}, ...chips(state))),
    facts,
    element("div", { class: "trace" },
      element("div", { class: "card" }, element("div", { class: "scale" }, element("span", {}, "Segment"), ticks), list),
      panel));
  draw();
  const before = parts.find((p) => p.document.id === selected);
  const worst = (p) => (p.document.cause && p.document.fault ? 2 : 0);
  select(before ?? parts.reduce((a, b) => (worst(b) > worst(a) ? b : a), roots[0] ?? parts[0]));
  if (focused) [...list.children].find((r) => r.dataset.id === focused)?.focus();
}

async function copied(text, button, say) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    say("Copied");
  } catch {
    button.textContent = "Select it and press Ctrl+C";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

function details(node, first, parts) {
  const { document: d } = node;
  const made = [element("h2", {}, String(d.name ?? "(no name)"))];
  const about = { Service: node.segment ? undefined : node.service, Kind: kind(node), Origin: d.origin, Namespace: d.namespace, User: d.user,
    Begins: node.start === null ? undefined : "+ " + duration(node.start - first),
    Duration: node.end === undefined ? "in progress" : duration(node.end - (node.start ?? node.end)),
    Result: ["fault", "error", "throttle"].filter((f) => d[f] === true).join(", ") || "ok", Id: d.id, Parent: d.parent_id };
  made.push(section("", pairs(about)));
  made.push(...causes(d.cause, parts));
  for (const [member, name] of [["annotations", "Annotations"], ["http", "HTTP"], ["sql", "SQL"], ["aws", "AWS"], ["service", "Service"], ["links", "Links"]]) {
    if (d[member] && typeof d[member] === "object" && Object.keys(d[member]).length > 0) made.push(section(name, pairs(flat(d[member]))));
  }
  for (const [space, values] of Object.entries(d.metadata && typeof d.metadata === "object" ? d.metadata : {})) {
    made.push(section(space === "default" ? "Metadata" : "Metadata: " + space, pairs(values && typeof values === "object" ? flat(values) : { value: values })));
  }
  const { subsegments, ...own } = d;
  const raw = element("details", {}, element("summary", {}, "Document"));
  raw.addEventListener("toggle", () => { if (raw.children.length === 1) raw.append(element("pre", {}, JSON.stringify(own, null, 2))); });
  made.push(element("section", {}, raw));
  return made;
}

function kind(node) {
  if (node.segment) return node.document.inferred ? "inferred segment" : "segment";
  return "subsegment";
}

function section(name, ...content) {
  return element("section", {}, ...(name ? [element("h3", {}, name)] : []), ...content);
}

function pairs(values) {
  return element("dl", {}, ...Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== "")
    .flatMap(([key, v]) => [element("dt", {}, key), element("dd", {}, typeof v === "object" ? JSON.stringify(v) : String(v))]));
}

function flat(value, prefix = "", into = {}) {
  for (const [key, inner] of Object.entries(value)) {
    if (inner && typeof inner === "object" && Object.keys(inner).length > 0 && prefix.split(".").length < 5) flat(inner, prefix + key + ".", into);
    else into[prefix + key] = inner;
  }
  return into;
}

/** A cause is a list of exceptions, or the id of one told elsewhere in the trace. */
function causes(cause, parts) {
  if (!cause) return [];
  if (typeof cause === "string") {
    const told = parts.flatMap((p) => p.document.cause?.exceptions ?? []).filter((e) => e?.id === cause);
    return [section("Exception", ...(told.length > 0 ? told.map(exception) : [element("code", {}, cause)]))];
  }
  const list = Array.isArray(cause.exceptions) ? cause.exceptions.filter((e) => e && typeof e === "object") : [];
  const parent = pairs({ "working directory": cause.working_directory, paths: Array.isArray(cause.paths) ? cause.paths.join("\n") : undefined });
  return list.length === 0 ? [] : [section(list.length === 1 ? "Exception" : "Exceptions", ...list.map(exception), parent)];
}

function exception(e) {
  const made = element("div", { class: "exception" }, element("b", {}, String(e.type ?? "exception")), e.message ? ": " + e.message : "");
  const stack = Array.isArray(e.stack) ? e.stack : [];
  if (stack.length > 0) {
    const lines = stack.map((f) => `at ${f?.label ?? "?"} (${f?.path ?? "?"}${f?.line ? ":" + f.line : ""})`);
    if (e.truncated) lines.push(`... ${e.truncated} more`);
    made.append(element("pre", {}, lines.join("\n")));
  }
  return made;
}
