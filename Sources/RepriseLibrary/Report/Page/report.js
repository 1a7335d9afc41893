// The page's own behaviour: sorting, filtering and showing rows of which only those in sight are in the document.
// Texts from files reach the document through textContent alone.
"use strict";

const byId = (id) => document.getElementById(id);
const VERDICTS = ["ready", "preparable", "rejected"];
const SIGNS = ["✓", "◐", "✕"];
const SVG = "http://www.w3.org/2000/svg";

// MARK: Data

const data = JSON.parse(byId("data").textContent);
const files = data.files.map((row, order) => ({
  order,
  path: row[0],
  verdict: row[1],
  format: data.words[row[2]],
  codec: data.words[row[3]],
  rate: row[4],
  channels: row[5],
  seconds: row[6],
  bytes: row[7],
  loudness: row[8],
  checked: data.words[row[9]],
  reasons: row[10].map(([word, message]) => ({ code: data.words[word], message })),
  damage: row[11].map(([start, end, word]) => ({ start, end, what: data.words[word] })),
  same: null,
  near: null,
  haystack: null,
}));
data.files = null;
// Files of a group share one array: the group's own.
for (const name of ["same", "near"]) {
  for (const rows of data[name] ?? []) {
    for (const row of rows) files[row][name] = rows;
  }
}

/** Kinds of damage, numbered as they first come, so that a kind has one colour in all files. */
const kinds = new Map();
for (const file of files) for (const { what } of file.damage) if (!kinds.has(what)) kinds.set(what, kinds.size);
const KIND_COLOURS = 5;

const damagedSeconds = (file) => file.damage.reduce((sum, { start, end }) => sum + (end - start), 0);
const hasDamage = (file) => file.damage.length > 0;
/** What may be so of a file of any verdict. */
const TRAITS = {
  damage: hasDamage,
  same: (file) => file.same !== null,
  near: (file) => file.near !== null,
};
const isProblem = (file) => file.verdict === 2 || hasDamage(file);

/** What the text filter looks in, in lower case; made when it is first needed. */
function haystack(file) {
  if (file.haystack === null) {
    const words = file.reasons.map((reason) => reason.code + " " + reason.message).join(" ");
    file.haystack = (file.path + " " + file.format + " " + file.codec + " " + words).toLowerCase();
  }
  return file.haystack;
}

// MARK: Words

const number = new Intl.NumberFormat("en");

function timeText(seconds) {
  if (seconds === null) return "–";
  const total = Math.round(seconds * 1000);
  const two = (value) => String(value).padStart(2, "0");
  const rest = two(Math.floor(total / 1000) % 60) + "." + String(total % 1000).padStart(3, "0");
  const minutes = Math.floor(total / 60000);
  return minutes < 60 ? minutes + ":" + rest : Math.floor(minutes / 60) + ":" + two(minutes % 60) + ":" + rest;
}

function sizeText(bytes) {
  if (bytes === null) return "–";
  if (bytes < 1e3) return bytes + " B";
  return bytes < 1e6 ? (bytes / 1e3).toFixed(1) + " kB" : (bytes / 1e6).toFixed(1) + " MB";
}

const loudnessText = (file) => (file.loudness === null ? "–" : file.loudness.toFixed(1).replace("-", "−"));
const formatText = (file) =>
  file.format === "other" ? file.codec
    : file.codec === file.format || file.codec === "unknown" ? file.format : file.format + " " + file.codec;

function damageText(file) {
  if (hasDamage(file)) {
    const places = file.damage.length === 1 ? "1 place" : file.damage.length + " places";
    const length = damagedSeconds(file);
    return places + ", " + (length > 0 ? timeText(length) + " in all, " : "") + "the first at " + timeText(file.damage[0].start);
  }
  if (file.verdict !== 2) return "none found";
  return file.seconds === null ? "no audio" : "no place known";
}

const spanText = ({ start, end, what }) =>
  (end > start ? timeText(start) + " to " + timeText(end) : timeText(start) + " (missing)") + ": " + what;

/** The kinds of damage in a file, in order, with how many places each has. */
function kindsOf(file) {
  const counts = new Map();
  for (const { what } of file.damage) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts];
}

/** What is said of a file in which there is no place to show. */
function withoutPlace(file) {
  const isPartial = file.checked !== "full";
  if (file.checked === "skim" && (file.verdict !== 2 || file.seconds !== null)) {
    return "not sought: only both ends and a few probes of it were read";
  }
  if (file.verdict !== 2) return "none found" + (isPartial ? " in the structure; --deep decodes every sample" : "");
  if (file.seconds === null) return "no audio could be read, so there is no place to show; the reasons say why";
  return "at no known place; what is wrong concerns the whole file"
    + (isPartial ? ", of which the structure alone was checked" : "");
}

// MARK: Elements

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A file's path, its directories apart, what was escaped marked. */
function pathElement(file) {
  const box = element("span", "path");
  const cut = file.path.lastIndexOf("/") + 1;
  const add = (className, text) => {
    if (!text) return;
    const part = element("bdi", className);
    let from = 0;
    for (const escape of text.matchAll(/\\(?:\\|x[0-9a-f]{2}|n|r|t|u\{[0-9a-f]+\})/g)) {
      part.append(text.slice(from, escape.index), element("span", "escape", escape[0]));
      from = escape.index + escape[0].length;
    }
    part.append(text.slice(from));
    box.append(part);
  };
  add("directory", file.path.slice(0, cut));
  add("name", file.path.slice(cut));
  return box;
}

function verdictElement(file) {
  const chip = element("span", "chip " + VERDICTS[file.verdict]);
  const sign = element("span", "sign", SIGNS[file.verdict]);
  sign.ariaHidden = "true";
  chip.append(sign, VERDICTS[file.verdict]);
  return chip;
}

const mapEnd = (file) => file.damage.reduce((most, span) => Math.max(most, span.end), file.seconds ?? 0);
const kindClass = (what) => "kind-" + (kinds.get(what) % KIND_COLOURS);

/** The audio from its start to its end, what is wrong or missing marked; `null` where there is nothing to draw. */
function damageMap(file) {
  const end = mapEnd(file);
  if (!hasDamage(file) || !(end > 0)) return null;
  const map = document.createElementNS(SVG, "svg");
  map.setAttribute("class", "map");
  map.setAttribute("viewBox", "0 0 1000 10");
  map.setAttribute("preserveAspectRatio", "none");
  map.setAttribute("role", "img");
  map.setAttribute("aria-label", "damage: " + damageText(file) + ": " + kindsOf(file).map(([what]) => what).join(", "));
  const bar = (className, from, width, words) => {
    const made = document.createElementNS(SVG, "rect");
    made.setAttribute("class", className);
    made.setAttribute("x", Math.min(from, 1000 - width));
    made.setAttribute("width", width);
    made.setAttribute("height", 10);
    if (words) {
      const title = document.createElementNS(SVG, "title");
      title.textContent = words;
      made.append(title);
    }
    map.append(made);
  };
  bar("audio", 0, (1000 * (file.seconds ?? end)) / end);
  // A single frame of an hour is still to be seen.
  for (const span of file.damage) {
    const width = Math.max(8, (1000 * (span.end - span.start)) / end);
    bar("damaged " + kindClass(span.what), (1000 * span.start) / end, width, spanText(span));
  }
  return map;
}

// MARK: Filter and order

const state = { verdicts: new Set(), traits: new Set(), reason: "", text: "", column: "path", ascending: true };
let shown = files;
let active = -1;

const KEYS = {
  verdict: (file) => file.verdict,
  path: (file) => file.order,
  format: formatText,
  rate: (file) => file.rate,
  channels: (file) => file.channels,
  seconds: (file) => file.seconds,
  bytes: (file) => file.bytes,
  loudness: (file) => file.loudness,
  damage: (file) => (hasDamage(file) ? damagedSeconds(file) : null),
  reasons: (file) => file.reasons[0]?.code ?? null,
};

/** Every file in the order that is asked for; what has no value comes last whichever way. */
function inOrder(column, ascending) {
  const key = KEYS[column];
  const sign = ascending ? 1 : -1;
  const keyed = files.map((file) => [key(file), file]);
  keyed.sort(([a, one], [b, other]) => {
    if (a === b) return one.order - other.order;
    if (a === null) return 1;
    if (b === null) return -1;
    return a < b ? -sign : sign;
  });
  return keyed.map(([, file]) => file);
}

let ordered = files;

function passes(file, words) {
  if (state.verdicts.size > 0 && !state.verdicts.has(file.verdict)) return false;
  if (state.reason && !file.reasons.some((reason) => reason.code === state.reason)) return false;
  for (const trait of state.traits) if (!TRAITS[trait](file)) return false;
  return words.every((word) => haystack(file).includes(word));
}

function refresh() {
  const words = state.text.toLowerCase().split(" ").filter(Boolean);
  shown = ordered.filter((file) => passes(file, words));
  active = shown.length > 0 ? Math.max(0, shown.indexOf(selected)) : -1;
  if (selected !== null && shown[active] !== selected) select(-1);
  byId("count").textContent =
    shown.length === files.length ? number.format(files.length) + " files"
      : number.format(shown.length) + " of " + number.format(files.length) + " files";
  byId("none").hidden = shown.length > 0;
  grid.ariaRowCount = String(shown.length + 1);
  scroller.scrollTop = 0;
  draw(true);
}

// MARK: The table

const grid = byId("files");
const scroller = byId("scroller");
const body = byId("rows");
const above = byId("above");
const below = byId("below");
const OVERSCAN = 12;
let drawn = [0, 0];
let selected = null;
let rowHeight = 0;

function measure() {
  rowHeight = parseFloat(getComputedStyle(grid).getPropertyValue("--row")) || 34;
}

function rowElement(index) {
  const file = shown[index];
  const row = element("tr");
  row.id = "row-" + index;
  row.dataset.index = index;
  row.ariaRowIndex = String(index + 2);
  row.ariaSelected = String(file === selected);
  if (index === active) row.classList.add("active");
  const cell = (className, content) => {
    const made = element("td", className);
    if (content !== null) made.append(content);
    row.append(made);
    return made;
  };
  cell("verdict", verdictElement(file));
  cell("file", pathElement(file)).title = file.path;
  cell("format", formatText(file));
  cell("number", file.rate === null ? "–" : number.format(file.rate));
  cell("number", file.channels === null ? "–" : String(file.channels));
  cell("number", timeText(file.seconds));
  cell("number", sizeText(file.bytes));
  cell("number", loudnessText(file));
  const map = cell("damage", hasDamage(file) ? damageMap(file) : isProblem(file) ? damageText(file) : null);
  map.title = isProblem(file)
    ? [damageText(file), ...kindsOf(file).map(([what, count]) => what + " × " + count)].join("\n") : "";
  const codes = cell("codes", null);
  for (const reason of file.reasons) codes.append(element("span", "code", reason.code), " ");
  codes.title = file.reasons.map((reason) => reason.code + ": " + reason.message).join("\n");
  return row;
}

/** Puts the rows that are in sight into the document, and room for the others. */
function draw(always) {
  const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - OVERSCAN);
  const last = Math.min(
    shown.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / rowHeight) + OVERSCAN);
  if (!always && first === drawn[0] && last === drawn[1]) return;
  drawn = [first, last];
  const rows = [];
  for (let index = first; index < last; index++) rows.push(rowElement(index));
  body.replaceChildren(...rows);
  above.style.height = first * rowHeight + "px";
  below.style.height = (shown.length - last) * rowHeight + "px";
  const isActiveDrawn = active >= first && active < last;
  if (isActiveDrawn) grid.setAttribute("aria-activedescendant", "row-" + active);
  else grid.removeAttribute("aria-activedescendant");
}

function reveal(index) {
  const head = grid.tHead.offsetHeight;
  const top = index * rowHeight;
  const room = scroller.clientHeight - head - rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
}

function select(index) {
  selected = index < 0 ? null : shown[index];
  if (index >= 0) {
    active = index;
    reveal(index);
  }
  draw(true);
  showDetails();
  if (index >= 0) byId("view").scrollIntoView({ block: "nearest" });
}

// MARK: Details

function facts(file) {
  const list = element("dl");
  const fact = (name, content) => list.append(element("dt", "", name), element("dd", "", content));
  fact("Format", formatText(file));
  fact("Sampling", file.rate === null ? "–" : number.format(file.rate) + " Hz, " + (file.channels ?? "?") + " ch");
  fact("Length", timeText(file.seconds));
  fact("Size", file.bytes === null ? "–" : sizeText(file.bytes) + " (" + number.format(file.bytes) + " bytes)");
  fact("Loudness", file.loudness === null ? "not measured" : loudnessText(file) + " LUFS");
  fact("Checked", { full: "every sample", skim: "ends and a few probes only" }[file.checked] ?? "structure only");
  return list;
}

function reasonList(file) {
  const list = element("ul", "reasons");
  for (const reason of file.reasons) {
    const item = element("li");
    item.append(element("span", "code", reason.code), " ", reason.message);
    list.append(item);
  }
  return list;
}

function damageFigure(file) {
  const figure = element("figure", "where");
  const map = damageMap(file);
  if (map) {
    const scale = element("div", "scale");
    scale.append(element("span", "", "0:00"), element("span", "", timeText(mapEnd(file))));
    figure.append(map, scale);
  }
  figure.append(element("figcaption", "", "Damage: " + (hasDamage(file) ? damageText(file) : withoutPlace(file))));
  if (hasDamage(file)) {
    const legend = element("ul", "kinds");
    for (const [what, count] of kindsOf(file)) {
      const item = element("li");
      item.append(element("span", "swatch " + kindClass(what)), what + (count > 1 ? " × " + count : ""));
      legend.append(item);
    }
    figure.append(legend);
  }
  return figure;
}

/** The other files of a file's group, each a button that goes there. */
function othersList(file, name, words) {
  if (file[name] === null) return "";
  const others = file[name].filter((row) => row !== file.order);
  const box = element("section", "others " + name);
  box.append(element("h4", "", words + " as " + (others.length === 1 ? "another file" : number.format(others.length) + " others")));
  const list = element("ul");
  for (const row of others.slice(0, MOST_OTHERS)) {
    const go = element("button");
    go.type = "button";
    go.dataset.row = row;
    go.append(pathElement(files[row]));
    const item = element("li");
    item.append(go);
    list.append(item);
  }
  const more = others.length - MOST_OTHERS;
  if (more > 0) list.append(element("li", "muted", "and " + number.format(more) + " more"));
  box.append(list);
  return box;
}
const MOST_OTHERS = 100;

function article(file) {
  const made = element("article");
  const head = element("h3");
  head.append(verdictElement(file), " ", pathElement(file));
  made.append(
    head, reasonList(file), damageFigure(file), facts(file), othersList(file, "same", "Same audio"),
    othersList(file, "near", "Nearly the same"));
  return made;
}

function showDetails() {
  const box = byId("details");
  if (selected === null) {
    box.replaceChildren(element("p", "hint", "Choose a file to see all that is known of it."));
    return;
  }
  const made = article(selected);
  if (selected.damage.length > 0) {
    const list = element("ol", "spans");
    list.ariaLabel = "Places of damage";
    for (const span of selected.damage) list.append(element("li", "", spanText(span)));
    made.querySelector(".where").after(list);
  }
  box.replaceChildren(made);
}

// MARK: What people do

byId("text").addEventListener("input", (event) => {
  state.text = event.target.value;
  refresh();
});
byId("reason").addEventListener("change", (event) => {
  state.reason = event.target.value;
  refresh();
});
for (const button of document.querySelectorAll("[data-verdict]")) {
  button.addEventListener("click", () => {
    const verdict = VERDICTS.indexOf(button.dataset.verdict);
    const isOn = !state.verdicts.delete(verdict);
    if (isOn) state.verdicts.add(verdict);
    button.ariaPressed = String(isOn);
    refresh();
  });
}
for (const button of document.querySelectorAll("[data-trait]")) {
  button.addEventListener("click", () => {
    const trait = button.dataset.trait;
    const isOn = !state.traits.delete(trait);
    if (isOn) state.traits.add(trait);
    // On the card and in the bar.
    for (const one of document.querySelectorAll(`[data-trait=${trait}]`)) one.ariaPressed = String(isOn);
    refresh();
    if (isOn && button.closest(".cards")) byId("files-head").scrollIntoView();
  });
}

function showAll() {
  state.verdicts.clear();
  state.traits.clear();
  state.reason = state.text = byId("text").value = byId("reason").value = "";
  for (const button of document.querySelectorAll("[data-verdict], [data-trait]")) button.ariaPressed = "false";
  refresh();
}
byId("reset").addEventListener("click", () => {
  showAll();
  byId("text").focus();
});
for (const button of document.querySelectorAll("[data-sort]")) {
  button.addEventListener("click", () => {
    const column = button.dataset.sort;
    state.ascending = state.column === column ? !state.ascending : true;
    state.column = column;
    for (const other of document.querySelectorAll("[data-sort]")) other.closest("th").removeAttribute("aria-sort");
    button.closest("th").setAttribute("aria-sort", state.ascending ? "ascending" : "descending");
    ordered = inOrder(column, state.ascending);
    refresh();
  });
}

body.addEventListener("click", (event) => {
  const row = event.target.closest("tr");
  if (row) select(Number(row.dataset.index));
});
grid.addEventListener("keydown", (event) => {
  if (event.target !== grid || event.ctrlKey || event.metaKey || event.altKey || shown.length === 0) return;
  const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 2);
  const last = shown.length - 1;
  const start = Math.max(active, 0);
  const targets = {
    ArrowDown: selected === null ? start : start + 1, ArrowUp: start - 1, PageDown: start + page,
    PageUp: start - page, Home: 0, End: last,
  };
  if (event.key in targets) {
    select(Math.min(last, Math.max(0, targets[event.key])));
  } else if (event.key === "Enter" || event.key === " ") {
    select(start);
    byId("details").focus();
  } else return;
  event.preventDefault();
});
byId("details").addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]")?.dataset.row;
  if (row === undefined) return;
  const file = files[row];
  if (!shown.includes(file)) showAll();
  select(shown.indexOf(file));
  byId("details").focus();
});
byId("details").addEventListener("keydown", (event) => {
  if (event.key === "Escape") grid.focus();
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches?.("input, select, textarea");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    byId("text").focus();
    byId("text").select();
  } else if (event.key === "Escape" && event.target === byId("text") && state.text) {
    state.text = byId("text").value = "";
    refresh();
  }
});

let isDrawing = false;
scroller.addEventListener("scroll", () => {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw(false);
  });
}, { passive: true });
addEventListener("resize", () => {
  measure();
  draw(true);
});

/** On paper so many problem files stand in full, with their damage drawn; of more, each has a row. */
const MOST_ARTICLES = 40;
/** And so many rows, some thirty pages; who wants more is better served by the table in CSV. */
const MOST_PRINTED = 1000;

/** A problem file in a row: what it is, and the first reason in its shortest words. */
function paperRow(file) {
  const row = element("tr");
  const name = element("td");
  name.append(pathElement(file));
  const what = element("td");
  const [first, ...others] = file.reasons;
  const words = first ? first.code + ": " + first.message.split(/[:;,] /)[0] : hasDamage(file) ? "damage: " + damageText(file) : damageText(file);
  what.append(words, others.length > 0 ? " (" + others.map((reason) => reason.code).join(", ") + ")" : "");
  row.append(
    element("td", "chip " + VERDICTS[file.verdict], SIGNS[file.verdict]), name,
    element("td", "", formatText(file)), element("td", "number", timeText(file.seconds)), what);
  return row;
}

function paperTable(problems) {
  const table = element("table", "listed");
  const head = element("tr");
  for (const title of ["", "File", "Format", "Length", "What is wrong"]) head.append(element("th", "", title));
  const top = element("thead");
  top.append(head);
  const rows = element("tbody");
  rows.append(...problems.slice(0, MOST_PRINTED).map(paperRow));
  table.append(top, rows);
  const more = problems.length - MOST_PRINTED;
  return more > 0
    ? [table, element("p", "muted", "And " + number.format(more) + " more, which are in this page on a screen, and in the CSV.")]
    : [table];
}

// On paper the problem files alone stand; on the screen they would be there twice.
addEventListener("beforeprint", () => {
  const problems = files.filter(isProblem);
  const printed = problems.length > MOST_ARTICLES ? paperTable(problems) : problems.map(article);
  byId("problems").replaceChildren(...printed);
  byId("no-problems").hidden = problems.length > 0;
});
addEventListener("afterprint", () => byId("problems").replaceChildren());

measure();
refresh();
showDetails();

// The first key in the filter should not have to wait for ten thousand texts.
const idle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 5 }), 50));
let prepared = 0;
idle(function prepare(deadline) {
  while (prepared < files.length && deadline.timeRemaining() > 1) haystack(files[prepared++]);
  if (prepared < files.length) idle(prepare);
});
