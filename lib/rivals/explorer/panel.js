// The panel: beliefs above, what may be changed below. Text of a scenario is only ever text.

const PAUSE = 700; // milliseconds without a change after which the leader is read out
const CERTAIN = 1e-12; // rounding that a probability of 0 or 1 may carry
const MOST_ROWS = 64; // combinations that may have a row of their own
const WORTH_A_ROW = 0.005; // and how probable one is that has it, as published or now

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function sayPercent(p) {
  if (p <= CERTAIN) return "0%";
  if (p >= 1 - CERTAIN) return "100%";
  if (p < 0.0005) return "under 0.1%";
  if (p >= 0.9995) return "over 99.9%";
  return `${(100 * p).toFixed(1)}%`;
}

// The term for a probability (words.word_for).
function wordFor(p, bands) {
  for (let i = 0; i < bands.length - 1; i++) {
    const [word, , high] = bands[i], low = bands[i + 1][1];
    const end = low <= high ? high : (high + low) / 2;
    if (p < end - CERTAIN) return word;
  }
  return bands[bands.length - 1][0];
}

const short = (t) => String(Number((100 * t).toFixed(t < 0.01 || t > 0.99 ? 4 : 2)));

// A chance that can be moved: slider, number and the way back, all showing the same value.
class Dial {
  constructor(label, notes, { stated, now, isMoved, set, clear }) {
    Object.assign(this, { stated, now, isMoved });
    this.slider = make("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": label });
    this.number = make("input", {
      type: "number", min: 0, max: 100, step: "any", inputmode: "decimal",
      "aria-label": `${label}, in percent`,
    });
    this.back = make("button", { type: "button", class: "rp-back" });
    this.element = make("div", { class: "rp-dial" },
      make("div", { class: "rp-about" }, make("span", { class: "rp-label" }, label), ...notes),
      this.slider, make("span", { class: "rp-number" }, this.number, "%"), this.back);
    this.slider.addEventListener("input", () => set(Number(this.slider.value) / 100));
    this.number.addEventListener("input", () => this.read(set));
    this.number.addEventListener("change", () => this.show());
    this.back.addEventListener("click", () => {
      this.slider.focus();
      clear();
    });
    this.name = label;
    this.show();
  }

  read(set) {
    const value = this.number.valueAsNumber / 100;
    if (value >= 0 && value <= 1) set(value);
  }

  show() {
    const now = this.now(), moved = this.isMoved(), stated = short(this.stated());
    this.slider.value = String(100 * now);
    if (document.activeElement !== this.number || this.number.valueAsNumber / 100 !== now) {
      if (this.number.value !== short(now)) this.number.value = short(now);
    }
    this.element.classList.toggle("rp-changed", moved);
    if (this.back.hidden === moved) this.back.hidden = !moved;
    write(this.back, `back to ${stated}%`);
    this.back.setAttribute("aria-label", `Back to the stated ${stated}%: ${this.name}`);
  }
}

// A switch for one report or several; half on when only some of them are heard.
class Switch {
  constructor(label, notes, items, panel) {
    this.items = items;
    this.evaluator = panel.evaluator;
    this.box = make("input", { type: "checkbox" });
    this.element = make("label", { class: "rp-switch" }, this.box,
      make("span", { class: "rp-about" }, make("span", { class: "rp-label" }, label), ...notes));
    this.box.addEventListener("change", () => {
      this.items.forEach((item) => this.evaluator.hear(item, this.box.checked));
      panel.change(panel.switches);
    });
    this.show();
  }

  show() {
    const on = this.items.filter((item) => this.evaluator.heard[item]).length;
    this.box.checked = on === this.items.length;
    this.box.indeterminate = on > 0 && on < this.items.length;
    this.element.classList.toggle("rp-changed", on < this.items.length);
  }
}

// A variable that may be set, whatever its causes.
class Choice {
  constructor(variable, index, panel) {
    this.read = () => (panel.evaluator.imposed.has(index)
      ? String(panel.evaluator.imposed.get(index)) : "");
    this.select = make("select", { disabled: Boolean(variable.given) },
      make("option", { value: "" }, variable.given ? "observed" : "as its causes have it"),
      ...variable.states.map((state, i) => make("option", { value: i }, state)));
    const notes = variable.ask ? [make("span", { class: "rp-note" }, variable.name)] : [];
    this.element = make("label", { class: "rp-choice" },
      make("span", { class: "rp-about" },
        make("span", { class: "rp-label" }, variable.ask || variable.name), ...notes),
      this.select);
    this.select.addEventListener("change", () => {
      panel.evaluator.impose(index, this.select.value === "" ? null : Number(this.select.value));
      panel.change([]);
      this.show();
    });
    this.show();
  }

  show() {
    this.select.value = this.read();
    this.element.classList.toggle("rp-changed", this.select.value !== "");
  }
}

// A bar with a mark for the published value, and its numbers in words.
class Bar {
  constructor(label, published, scale, pale) {
    this.scale = scale;
    this.pale = pale ? make("i", { class: "rp-pale" }) : null;
    this.solid = make("i", { class: "rp-solid" });
    this.now = make("strong", { class: "rp-now" });
    this.word = make("span", { class: "rp-word" });
    this.rest = make("span", { class: "rp-rest" });
    const mark = (p, kind) => {
      const tick = make("b", { class: kind });
      tick.style.left = `${100 * p}%`;
      return tick;
    };
    const marks = [mark(published[0], "rp-tick")];
    if (pale) marks.unshift(mark(published[1], "rp-tick rp-faint"));
    const track = make("span", { class: "rp-track", "aria-hidden": "true" },
      ...[this.pale, this.solid].filter(Boolean), ...marks);
    this.published = published.map(sayPercent);
    this.element = make("li", {}, make("span", { class: "rp-name" }, label), " ", track, " ",
      this.now, " ", this.word, " ", this.rest);
  }

  // chance: of what the solid bar stands for, null where nothing is possible.
  show(chance, present, note) {
    this.solid.style.width = `${100 * (chance || 0)}%`;
    if (this.pale) this.pale.style.width = `${100 * (present || 0)}%`;
    write(this.now, chance === null ? "–" : sayPercent(chance));
    write(this.word, chance === null ? "not defined" : this.scale ? wordFor(chance, this.scale) : "");
    let rest = `published ${this.published[0]}`;
    if (this.pale && chance !== null) {
      rest += `; present ${sayPercent(present)}, published ${this.published[1]}`;
    }
    write(this.rest, rest + note);
  }
}

class Panel {
  constructor(root, model) {
    this.root = root;
    this.model = model;
    this.evaluator = new Evaluator(model);
    this.dials = [];
    this.switches = [];
    this.build();
    this.change([]);
    this.follow(true);
    window.addEventListener("hashchange", () => this.follow(false));
  }

  // --- building ---

  build() {
    const body = this.root.querySelector(".rp-body");
    this.results = this.buildResults();
    this.live = make("p", { class: "rp-unseen", role: "status", "aria-live": "polite" });
    body.append(this.results, this.live, this.buildCombinations(), this.buildReports(),
      this.buildSources(), this.buildJudgements(), this.buildChoices());
    body.hidden = false;
    this.root.querySelector(".rp-still").hidden = true;
    if (window.ResizeObserver) {
      new ResizeObserver(() => this.root.style.setProperty(
        "--rp-top", `${this.results.offsetHeight}px`)).observe(this.results);
    }
  }

  buildResults() {
    const { hypotheses, published, effect, scale } = this.model;
    const headline = published.because || published.present;
    const order = hypotheses.map((_, h) => h).sort((a, b) => headline[b] - headline[a] || a - b);
    this.beliefs = order.map((h) => {
      const chances = effect ? [headline[h], published.present[h]] : [headline[h]];
      return [h, new Bar(hypotheses[h][0], chances, scale, Boolean(effect))];
    });
    this.lead = make("p", { class: "rp-lead" });
    this.trouble = make("p", { class: "rp-trouble", hidden: true });
    const swatch = (kind) => make("i", { class: kind, "aria-hidden": "true" });
    const legend = effect
      ? [swatch("rp-key rp-solid"), ` was why “${effect}” `, swatch("rp-key rp-pale"),
        " was present ", swatch("rp-key rp-line"), " as published"]
      : [swatch("rp-key rp-solid"), " holds ", swatch("rp-key rp-line"), " as published"];
    return make("div", { class: "rp-results", role: "group", "aria-label": "Beliefs now" },
      this.lead, this.trouble,
      make("ul", { class: "rp-beliefs" }, ...this.beliefs.map(([, bar]) => bar.element)),
      make("div", { class: "rp-foot" }, make("p", { class: "rp-legend" }, ...legend),
        this.buildButtons()));
  }

  buildButtons() {
    const reset = make("button", { type: "button" }, "Reset");
    const copy = make("button", { type: "button" }, "Copy link");
    this.link = make("input", { type: "text", readonly: true, "aria-label": "Link to this state" });
    this.copied = make("span", { class: "rp-note", role: "status" });
    this.linkRow = make("div", { class: "rp-link", hidden: true }, this.link, this.copied);
    reset.addEventListener("click", () => this.reset());
    copy.addEventListener("click", () => this.copy());
    return make("div", { class: "rp-buttons" }, reset, copy, this.linkRow);
  }

  group(title, ...children) {
    const count = make("span", { class: "rp-count" });
    const summary = make("summary", {}, title, " ", count);
    return [make("details", { class: "rp-group" }, summary, ...children), count];
  }

  buildCombinations() {
    const { hypotheses, combinations, published } = this.model;
    const before = combinations.map(([, at]) => at.reduce((sum, i) => sum + published.joint[i], 0));
    const order = combinations.map((_, i) => i).sort((a, b) => before[b] - before[a] || a - b);
    this.together = order.slice(0, MOST_ROWS).map((i) => {
      const name = this.nameCombination(combinations[i][0], hypotheses);
      return [i, before[i], new Bar(name, [before[i]], null, false)];
    });
    this.others = make("li", { class: "rp-note" });
    const [group] = this.group("Which hold together", make("ul", { class: "rp-beliefs rp-plain" },
      ...this.together.map(([, , bar]) => bar.element), this.others));
    group.open = true;
    return group;
  }

  nameCombination(truths, hypotheses) {
    const held = hypotheses.filter((_, h) => truths[h]).map(([label]) => label);
    if (!held.length) return "None of them";
    return held.length === hypotheses.length && held.length > 2 ? "All of them" : held.join(" + ");
  }

  buildReports() {
    const { reports, origins, standing } = this.model;
    const all = reports.map((_, i) => standing + i);
    const rows = [this.addSwitch("All counted reports", [], all)];
    rows[0].classList.add("rp-all");
    origins.forEach((origin, o) => {
      const members = all.filter((item) => reports[item - standing][3].includes(o));
      const listed = members.filter((item) => reports[item - standing][3][0] === o);
      if (members.length === 1) rows.push(...listed.map((item) => this.addReport(item)));
      else rows.push(this.buildOrigin(origin, members, listed));
    });
    const silences = this.model.silences.map(() => make("li", {}));
    const missed = silences.length
      ? [make("p", { class: "rp-note" }, "Expected, and not heard of:"),
        make("ul", { class: "rp-note rp-plain" }, ...silences)]
      : [];
    const [group, count] = this.group("Reports", make("div", { class: "rp-rows" }, ...rows), ...missed);
    this.countReports = () => {
      silences.forEach((item, i) => write(item, this.saySilence(i)));
      const off = all.filter((item) => !this.evaluator.heard[item]).length;
      write(count, off ? `${off} of ${all.length} left out` : `all ${all.length} heard`);
    };
    return group;
  }

  saySilence(i) {
    const [variable, , , share, , label] = this.model.silences[i];
    if (this.evaluator.isSilent(i)) return `${label}: silence, ${sayPercent(share)} of its time over`;
    return `${label}: ${this.evaluator.imposed.has(variable) ? "set, so silence says nothing"
      : "a report speaks of it, so silence says nothing"}`;
  }

  buildOrigin(origin, members, listed) {
    const elsewhere = members.length - listed.length;
    const notes = [`${members.length} reports${elsewhere ? `, ${elsewhere} of them listed elsewhere` : ""}`];
    return make("div", { class: "rp-origin", role: "group", "aria-label": `Origin ${origin}` },
      this.addSwitch(`Origin: ${origin}`, [make("span", { class: "rp-note" }, ...notes)], members),
      ...listed.map((item) => this.addReport(item)));
  }

  addReport(item) {
    const [id, source, day, , summary, outlet] = this.model.reports[item - this.model.standing];
    const said = [source >= 0 ? this.model.sources[source] : outlet, day, id];
    const note = make("span", { class: "rp-note" }, said.filter(Boolean).join(" · "));
    return this.addSwitch(summary || id, [note], [item]);
  }

  addSwitch(label, notes, items) {
    const added = new Switch(label, notes, items, this);
    this.switches.push(added);
    return added.element;
  }

  buildSources() {
    const { sources, reports, reliabilities, standing } = this.model;
    const rows = sources.flatMap((name, s) => {
      const items = reports.flatMap((report, i) => (report[1] === s ? [standing + i] : []));
      const topics = reliabilities.flatMap((one, r) => (one[0] === s ? [r] : []));
      if (!items.length && !topics.length) return [];
      const told = items.length === 1 ? "1 counted report" : `${items.length} counted reports`;
      const note = make("span", { class: "rp-note" }, told);
      return [make("div", { class: "rp-source", role: "group", "aria-label": name },
        this.addSwitch(name, [note], items), ...topics.map((r) => this.addReliability(name, r)))];
    });
    const [group, count] = this.group("Sources", make("div", { class: "rp-rows" }, ...rows));
    this.countSources = () => {
      const own = this.evaluator.relied.filter((chance) => chance !== null).length;
      write(count, own ? `${own} trusted otherwise` : "as graded");
    };
    return rows.length ? group : make("span", { hidden: true });
  }

  addReliability(name, r) {
    const { evaluator, model } = this;
    const [, topic, [number, grade]] = model.reliabilities[r];
    const set = (chance) => {
      evaluator.rely(r, chance);
      this.change([dial]);
    };
    const stated = `stated ${short(model.numbers[number][0])}%`;
    const notes = [make("span", { class: "rp-note" }, grade ? `grade ${grade}, ${stated}` : stated)];
    const dial = new Dial(`Reliability of ${name}${topic ? ` on ${topic}` : ""}`, notes, {
      stated: () => evaluator.numbers[number][0],
      now: () => (evaluator.relied[r] === null ? evaluator.numbers[number][0] : evaluator.relied[r]),
      isMoved: () => evaluator.relied[r] !== null,
      set,
      clear: () => set(null),
    });
    this.dials.push(dial);
    return dial.element;
  }

  buildJudgements() {
    const { judgements } = this.model;
    const rows = judgements.map((judgement) => this.addJudgement(judgement));
    const [group, count] = this.group("Judgements that matter most",
      make("div", { class: "rp-rows" }, ...rows));
    this.countJudgements = () => {
      const { moved } = this.evaluator;
      const own = judgements.filter(([n, at]) => moved.has(n) && moved.get(n).has(at)).length;
      write(count, own ? `${own} moved` : "as stated");
    };
    return rows.length ? group : make("span", { hidden: true });
  }

  addJudgement([number, at, label, path, where]) {
    const { evaluator, model } = this;
    const note = make("span", { class: "rp-note" },
      `stated ${short(model.numbers[number][at])}% · ${where} · ${path}`);
    const moves = () => evaluator.moved.get(number) || new Map();
    const dial = new Dial(label, [note], {
      stated: () => model.numbers[number][at],
      now: () => evaluator.numbers[number][at],
      isMoved: () => moves().has(at),
      set: (t) => this.move(number, at, t),
      clear: () => {
        const rest = new Map(moves());
        rest.delete(at);
        evaluator.move(number, rest);
        this.change(this.dials);
      },
    });
    this.dials.push(dial);
    return dial.element;
  }

  buildChoices() {
    this.choices = this.model.variables.map((variable, i) => new Choice(variable, i, this));
    const told = "Set a variable whatever its causes; what reports say of it is then not heard.";
    const [group, count] = this.group("Set by hand", make("p", { class: "rp-note" }, told),
      make("div", { class: "rp-rows" }, ...this.choices.map((choice) => choice.element)));
    this.countChoices = () => {
      const set = this.evaluator.imposed.size;
      write(count, set ? `${set} set` : "nothing set");
    };
    return group;
  }

  // --- changing ---

  // Numbers of one distribution are moved together while they fit into it; else only the last one.
  move(number, at, t) {
    const stated = this.model.numbers[number];
    let moves = new Map(this.evaluator.moved.get(number) || []);
    moves.set(at, t);
    const total = [...moves.values()].reduce((sum, one) => sum + one, 0);
    const fits = total <= 1 && moves.size < stated.length;
    if (stated.length === 1 || !fits) moves = new Map([[at, t]]);
    if (moves.size === 1 && t === stated[at]) moves = new Map();
    this.evaluator.move(number, moves);
    this.change(this.dials);
  }

  change(controls) {
    this.answer = this.evaluator.ask();
    controls.forEach((control) => control.show());
    this.show();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => write(this.live, this.lead.textContent), PAUSE);
  }

  reset() {
    this.restore({ off: [], relied: [], moved: [], imposed: this.model.do });
    this.linkRow.hidden = true;
  }

  restore({ off, relied, moved, imposed }) {
    const { evaluator } = this;
    evaluator.heard.forEach((_, item) => evaluator.hear(item, !off.includes(item)));
    const chances = new Map(relied);
    evaluator.relied.forEach((_, r) => evaluator.rely(r, chances.has(r) ? chances.get(r) : null));
    [...evaluator.moved.keys()].forEach((number) => evaluator.move(number, new Map()));
    moved.forEach(([number, moves]) => evaluator.move(number, moves));
    const states = new Map(imposed);
    this.model.variables.forEach((_, i) => evaluator.impose(i, states.has(i) ? states.get(i) : null));
    this.change([...this.switches, ...this.dials, ...this.choices]);
  }

  // --- showing ---

  show() {
    const { possible, present, because, combinations } = this.answer;
    const { hypotheses, effect } = this.model;
    this.trouble.hidden = possible;
    if (!possible) write(this.trouble, this.sayTrouble());
    this.results.classList.toggle("rp-impossible", !possible);
    for (const [h, bar] of this.beliefs) {
      const variable = this.hypothesisVariable(h);
      const note = this.evaluator.imposed.has(variable) ? "; its variable is set" : "";
      if (!possible) bar.show(null, null, note);
      else bar.show(because ? because[h] : present[h], present[h], note);
    }
    this.showCombinations(possible ? combinations : null);
    write(this.lead, possible ? this.sayLeader(because || present, hypotheses, effect)
      : "Not possible under this model");
    this.countReports();
    this.countSources();
    this.countJudgements();
    this.countChoices();
  }

  // Rows keep their places; those that are worth none are told together.
  showCombinations(chances) {
    let shown = 0, told = 0;
    for (const [i, before, bar] of this.together) {
      const chance = chances ? chances[i] : null;
      const wanted = Math.max(before, chance || 0) >= WORTH_A_ROW;
      bar.show(chance, null, "");
      if (bar.element.hidden === wanted) bar.element.hidden = !wanted;
      if (wanted) {
        shown += 1;
        told += chance || 0;
      }
    }
    const rest = this.model.combinations.length - shown;
    const others = rest === 1 ? "The other one" : `The other ${rest} together`;
    write(this.others, rest && chances ? `${others}: ${sayPercent(Math.max(1 - told, 0))}` : "");
  }

  hypothesisVariable(h) {
    return this.model.hypotheses[h][1];
  }

  sayTrouble() {
    const item = this.evaluator.blame();
    const { standing, silences, reports } = this.model;
    const which = item === null ? "" : ` It became impossible with the ${item < standing
      ? `silence on “${silences[item - standing + silences.length][5]}”`
      : `report “${reports[item - standing][0]}”`}.`;
    return `What is set and what is heard cannot all be true: under this model it has probability 0.${
      which} Take something back, or reset.`;
  }

  sayLeader(chances, hypotheses, effect) {
    const { published, scale } = this.model;
    const top = chances.reduce((most, p) => Math.max(most, p), 0);
    const h = chances.findIndex((p) => p >= top - CERTAIN);
    const before = sayPercent((published.because || published.present)[h]);
    const kind = effect ? "Likeliest reason" : "Likeliest explanation";
    return `${kind} now: ${hypotheses[h][0]}, ${sayPercent(chances[h])}, `
      + `${wordFor(chances[h], scale)} (published ${before})`;
  }

  // --- links ---

  async copy() {
    const address = location.href.split("#")[0];
    this.link.value = `${address}#${this.fragment()}`;
    this.linkRow.hidden = false;
    this.link.focus();
    this.link.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(this.link.value);
      done = true;
    } catch {
      done = false;
    }
    write(this.copied, done ? "Copied" : "Copy it from here");
  }

  fragment() {
    const { heard, relied, moved, imposed } = this.evaluator;
    const parts = [`rivals=${this.model.key}`];
    const add = (name, values) => { if (values.length) parts.push(`${name}=${values.join(",")}`); };
    add("off", heard.flatMap((on, item) => (on ? [] : [item])));
    add("trust", relied.flatMap((chance, r) => (chance === null ? [] : [`${r}:${chance}`])));
    add("move", [...moved].flatMap(([number, moves]) =>
      [...moves].map(([at, t]) => `${number}:${at}:${t}`)));
    const states = [...imposed].sort(([a], [b]) => a - b).map((pair) => pair.join(":"));
    const usual = [...this.model.do].sort(([a], [b]) => a - b).map((pair) => pair.join(":"));
    if (states.join() !== usual.join()) parts.push(`do=${states.join(",")}`);
    return parts.join("&");
  }

  // What an address carries for this panel; whatever is not whole and well is left alone.
  follow(arriving) {
    const state = readFragment(location.hash, this.model);
    if (!state) return;
    this.restore(state);
    if (arriving) this.root.scrollIntoView();
  }
}

// The state that a fragment stands for, or null.
function readFragment(hash, model) {
  let text = "";
  try {
    text = decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return null;
  }
  const parts = text.split("&").map((part) => part.split("="));
  if (parts.some((part) => part.length !== 2)) return null;
  const fields = new Map(parts);
  if (fields.size !== parts.length || fields.get("rivals") !== model.key) return null;
  if ([...fields.keys()].some((name) => !["rivals", "off", "trust", "move", "do"].includes(name))) {
    return null;
  }
  const read = (name) => (fields.get(name) || "").split(",").filter(Boolean).map((value) => value.split(":"));
  const place = (text, count) => (/^\d{1,7}$/.test(text) && Number(text) < count ? Number(text) : NaN);
  const chance = (text) => (/^[\d.]+(e-\d+)?$/.test(text) && Number(text) <= 1 ? Number(text) : NaN);
  const numbers = [];
  const check = (value) => { numbers.push(value); return value; };
  const whole = (rows, length) => { if (rows.some((row) => row.length !== length)) numbers.push(NaN); return rows; };
  const first = model.standing, items = first + model.reports.length;
  const off = whole(read("off"), 1).map(([item]) => check(place(item, items)));
  if (off.some((item) => item < first)) return null;
  const relied = whole(read("trust"), 2).map(([r, t]) =>
    [check(place(r, model.reliabilities.length)), check(chance(t))]);
  const moved = new Map();
  for (const [n, at, t] of whole(read("move"), 3)) {
    const number = check(place(n, model.numbers.length));
    const moves = moved.get(number) || new Map();
    moves.set(check(place(at, (model.numbers[number] || []).length)), check(chance(t)));
    moved.set(number, moves);
  }
  const imposed = !fields.has("do") ? model.do : whole(read("do"), 2).map(([v, state]) => {
    const variable = check(place(v, model.variables.length));
    const { states, given } = model.variables[variable] || { states: [] };
    return [given ? check(NaN) : variable, check(place(state, states.length))];
  });
  if (numbers.some(Number.isNaN)) return null;
  const fits = ([number, moves]) => {
    const known = model.judgements.some(([n]) => n === number);
    const total = [...moves.values()].reduce((sum, t) => sum + t, 0);
    return known && (model.numbers[number].length === 1
      || (total <= 1 && (moves.size === 1 || moves.size < model.numbers[number].length)));
  };
  return [...moved].every(fits) ? { off, relied, moved: [...moved], imposed } : null;
}

for (const root of document.querySelectorAll(".rivals-panel:not([data-live])")) {
  const data = root.querySelector('script[type="application/json"]');
  if (data) {
    root.setAttribute("data-live", "");
    root.panel = new Panel(root, JSON.parse(data.textContent));
  }
}
