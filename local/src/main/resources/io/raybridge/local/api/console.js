// The list of traces and of metrics, and the way between views. Everything that comes from telemetry
// enters the page as text, never as markup.
import { ago, chips, clock, duration, element, serviceColour, showTrace } from "/timeline.js";

const view = document.getElementById("view");
const live = document.getElementById("live");
const said = document.getElementById("said");
const REFRESH = 2000;

let turn = 0; // counts changes of view, so that late answers to an earlier one are dropped
let timer = 0;
let current = () => {};

function route() {
  const path = decodeURIComponent(location.hash.slice(1) || "/");
  const trace = path.match(/^\/trace\/([0-9a-fA-F-]{1,35})$/);
  turn++;
  clearTimeout(timer);
  for (const link of document.querySelectorAll("nav a")) {
    const here = link.dataset.view === (path === "/metrics" ? "metrics" : "traces");
    link.toggleAttribute("aria-current", here);
  }
  current = trace ? traceView(trace[1]) : path === "/metrics" ? metricsView() : listView();
  refresh();
}

async function refresh() {
  const mine = turn;
  try {
    await current(() => mine === turn);
    document.body.classList.remove("gone");
  } catch {
    if (mine === turn) say("The collector does not answer.");
  }
  if (mine === turn && live.getAttribute("aria-pressed") === "true") {
    timer = setTimeout(() => (document.hidden ? (timer = 0) : refresh()), REFRESH);
  }
}

async function read(path) {
  const response = await fetch(path);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function say(text) {
  if (said.textContent !== text) said.textContent = text;
}

function listView() {
  let shown = null;
  let older = []; // pages fetched by hand; they do not refresh
  let next = null;
  let words = "";
  let seen = null;
  const search = element("input", { type: "search", placeholder: "Find service, URL or trace id", "aria-label": "Find" });
  const count = element("span", { class: "soft" });
  const table = element("div", { class: "card" });
  const more = element("button", { class: "more", type: "button" }, "Older traces");
  search.addEventListener("input", () => { words = search.value.toLowerCase(); draw(); });
  more.addEventListener("click", async () => {
    const page = await read("/api/traces?before=" + encodeURIComponent(next));
    older.push(...page.traces);
    next = page.next ?? null;
    draw();
  });

  function draw() {
    const known = new Set();
    const all = [...shown, ...older].filter((t) => !known.has(t.id) && known.add(t.id));
    const found = all.filter((t) => !words || [t.id, t.service, t.url, t.method].some((x) => String(x ?? "").toLowerCase().includes(words)));
    const longest = Math.max(...found.map((t) => t.duration), 1e-6);
    const focused = document.activeElement?.dataset?.trace;
    const rows = found.map((t) => line(t, longest, seen && !seen.has(t.id)));
    seen = known;
    count.textContent = found.length === all.length ? `${all.length} shown` : `${found.length} of ${all.length}`;
    table.replaceChildren(
      element("table", { class: "list" },
        element("thead", {}, element("tr", {},
          ...[["Time"], ["Service"], ["Request"], ["Result"], ["Duration", "number"], ["Segments", "number"]]
            .map(([name, kind]) => element("th", { scope: "col", class: kind ?? "" }, name)))),
        element("tbody", {}, ...rows)));
    more.hidden = next === null;
    if (focused) table.querySelector(`[data-trace="${focused}"]`)?.focus();
  }

  function line(trace, longest, isNew) {
    const href = "#/trace/" + trace.id;
    const length = element("i");
    length.style.width = (100 * trace.duration) / longest + "%";
    const dot = element("span", { class: "dot" });
    dot.style.setProperty("--service", serviceColour(trace.service ?? ""));
    const request = element("a", { href, "data-trace": trace.id, title: trace.url ?? trace.id });
    if (trace.method) request.append(element("span", { class: "method" }, trace.method));
    request.append(trace.url ?? trace.id);
    const row = element("tr", { class: isNew ? "new" : "" },
      element("td", { class: "time", title: new Date(trace.start * 1000).toISOString() }, clock(trace.start)),
      element("td", {}, dot, trace.service ?? ""),
      element("td", { class: "what" }, request),
      element("td", { class: "result" }, ...chips(trace)),
      element("td", { class: "number" }, duration(trace.duration), element("span", { class: "length" }, length)),
      element("td", { class: "number" }, `${trace.segments}`, element("span", { class: "soft" }, ` + ${trace.subsegments}`)));
    row.addEventListener("click", (event) => { if (!event.target.closest("a") && !String(getSelection())) location.hash = href; });
    return row;
  }

  let last = "";
  return async (stillHere) => {
    const page = await read("/api/traces");
    if (!stillHere()) return;
    const text = JSON.stringify(page);
    if (text === last) return;
    last = text;
    if (page.traces.length === 0) {
      document.title = "Raybridge: local X-Ray";
      view.replaceChildren(empty());
      shown = null;
      return;
    }
    if (older.length === 0) next = page.next ?? null;
    if (shown === null) {
      document.title = "Traces - Raybridge";
      view.replaceChildren(
        element("div", { class: "bar" }, element("h1", {}, "Traces"), count, element("span", { class: "space" }), search),
        table, more);
    }
    shown = page.traces;
    draw();
  };
}

function empty() {
  const here = location.origin;
  const rows = [
    ["OpenTelemetry, HTTP", "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318"],
    ["OpenTelemetry, gRPC", "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317"],
    ["AWS clients", "AWS_ENDPOINT_URL_XRAY=" + here],
    ["AWS CLI", `aws xray get-trace-summaries --endpoint-url ${here} ...`],
    ["Nothing to send yet?", "raybridge demo"],
  ];
  return element("div", { class: "card empty" },
    element("h1", {}, "No traces yet"),
    element("p", { class: "soft" }, "They appear here by themselves, a moment after they are sent. With Raybridge's default configuration, send to:"),
    element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, element("code", {}, value))])));
}

function traceView(id) {
  let revision = -1;
  view.replaceChildren(element("p", { class: "soft" }, "Reading the trace ..."));
  return async (stillHere) => {
    const trace = await read("/api/traces/" + id);
    if (!stillHere()) return;
    if (trace === null) {
      view.replaceChildren(
        element("div", { class: "card empty" }, element("h1", {}, "No such trace"),
          element("p", {}, element("code", {}, id)),
          element("p", { class: "soft" }, "It has not come yet, or was deleted to stay within the limits of size and age. ",
            element("a", { href: "#/" }, "All traces"))));
      return;
    }
    if (trace.revision === revision) return;
    revision = trace.revision;
    showTrace(view, trace, say);
  };
}

function metricsView() {
  let last = "";
  document.title = "Metrics - Raybridge";
  return async (stillHere) => {
    const { series } = await read("/api/metrics");
    if (!stillHere() || JSON.stringify(series) === last) return;
    last = JSON.stringify(series);
    const body = series.map((s) => element("tr", {},
      element("td", {}, s.namespace),
      element("td", {}, s.name),
      element("td", { class: "wrap" }, ...Object.entries(s.dimensions).map(([k, v]) => element("span", { class: "chip note" }, `${k}: ${v}`))),
      element("td", { class: "number" }, value(s.values)),
      element("td", { class: "soft" }, s.unit === "None" ? "" : s.unit),
      element("td", { class: "number", title: new Date(s.at * 1000).toISOString() }, ago(s.at)),
      element("td", { class: "number" }, `${s.count}`)));
    view.replaceChildren(
      element("div", { class: "bar" }, element("h1", {}, "Metrics"), element("span", { class: "soft" }, `${series.length} series, latest first`)),
      series.length === 0
        ? element("p", { class: "soft" }, "No metrics yet. Send them by OTLP, or with PutMetricData to ", element("code", {}, location.origin))
        : element("div", { class: "card" }, element("table", {},
            element("thead", {}, element("tr", {}, ...["Namespace", "Metric", "Dimensions"].map((h) => element("th", { scope: "col" }, h)),
              element("th", { scope: "col", class: "number" }, "Latest"), element("th", { scope: "col" }, "Unit"),
              element("th", { scope: "col", class: "number" }, "Seen"), element("th", { scope: "col", class: "number" }, "Data"))),
            element("tbody", {}, ...body))));
  };
}

function value(values) {
  const short = (x) => String(+x.toPrecision(6));
  if ("Value" in values) return short(values.Value);
  if (values.StatisticValues) {
    const s = values.StatisticValues;
    return `avg ${short(s.Sum / (s.SampleCount || 1))}, max ${short(s.Maximum)}, n ${short(s.SampleCount)}`;
  }
  const n = values.Counts.reduce((sum, c) => sum + c, 0);
  const sum = values.Values.reduce((total, v, i) => total + v * values.Counts[i], 0);
  return `avg ${short(sum / (n || 1))}, max ${short(Math.max(...values.Values))}, n ${short(n)}`;
}

live.addEventListener("click", () => {
  const on = live.getAttribute("aria-pressed") !== "true";
  live.setAttribute("aria-pressed", String(on));
  clearTimeout(timer);
  if (on) refresh();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && timer === 0 && live.getAttribute("aria-pressed") === "true") refresh();
});
addEventListener("hashchange", () => { route(); view.focus(); });
route();
