// The case, computed exactly in the page: tables from what is stated, then the program's steps.
// What each part means is said where Python does the same: gates.py, stories.py, batch.py, twin.py.
"use strict";

const BLOCK = 32; // claims multiplied at most before logarithms are taken (stories.BLOCK)
const TINY = 1e-20; // a table whose largest cell is below this is scaled up
const FAINT = 1e-200; // a product whose smallest cell may be below this is done in logarithms
const SHARED = -2, FREE = -1; // parents in the twin world; otherwise the state that they are set to

const size = (cards) => cards.reduce((product, card) => product * card, 1);

// The strides of a table whose last axis runs fastest.
function strides(cards) {
  const found = new Array(cards.length);
  let step = 1;
  for (let axis = cards.length - 1; axis >= 0; axis--) {
    found[axis] = step;
    step *= cards[axis];
  }
  return found;
}

// For every combination of states, last axis fastest: what the steps of its states add up to.
function walk(cards, steps) {
  const found = new Int32Array(size(cards));
  const at = new Int32Array(cards.length);
  for (let i = 0, offset = 0; i < found.length; i++) {
    found[i] = offset;
    for (let axis = cards.length - 1; axis >= 0; axis--) {
      offset += steps[axis];
      if (++at[axis] < cards[axis]) break;
      offset -= steps[axis] * cards[axis];
      at[axis] = 0;
    }
  }
  return found;
}

// A statement's numbers with some put elsewhere; the others keep their ratios (judgements.place).
function place(stated, moved) {
  if (stated.length === 1) return moved.has(0) ? [moved.get(0)] : stated;
  let left = 1;
  for (const t of moved.values()) left -= t;
  left = Math.max(left, 0);
  let total = 0;
  stated.forEach((p, i) => { if (!moved.has(i)) total += p; });
  const free = Math.max(stated.length - moved.size, 1);
  return stated.map((p, i) => {
    if (moved.has(i)) return moved.get(i);
    return (total > 0 ? p / total : 1 / free) * left;
  });
}

class Evaluator {
  constructor(model) {
    this.model = model;
    this.heard = new Array(model.standing + model.reports.length).fill(true);
    this.relied = model.reliabilities.map(() => null);
    this.moved = new Map();
    this.imposed = new Map(model.do);
    this.numbers = model.numbers.map((stated) => stated);
    this.variables = model.variables.map((variable, i) => this.layOut(variable, i));
    this.couplings = model.couplings.map(([variable, twins]) => this.layOutTwins(variable, twins));
    this.tables = model.slots.map(() => null);
    this.scales = new Float64Array(model.slots.length);
    this.ratios = new Float64Array(model.slots.length).fill(1);
    this.plans = model.slots.map(() => null);
    this.stale = new Array(model.slots.length).fill(true);
    this.users = this.findUsers();
    this.inLogs = false;
  }

  // --- what the reader changes ---

  hear(item, on) {
    if (this.heard[item] === on) return;
    this.heard[item] = on;
    this.outdate("item", item);
  }

  rely(reliability, chance) {
    if (this.relied[reliability] === chance) return;
    this.relied[reliability] = chance;
    this.outdate("reliability", reliability);
  }

  // moves: Map of place -> value, empty for as stated.
  move(number, moves) {
    if (moves.size) this.moved.set(number, new Map(moves));
    else this.moved.delete(number);
    const stated = this.model.numbers[number];
    this.numbers[number] = moves.size ? place(stated, moves) : stated;
    this.outdate("number", number);
  }

  // state: null for as the causes have it.
  impose(variable, state) {
    if ((this.imposed.has(variable) ? this.imposed.get(variable) : null) === state) return;
    if (state === null) this.imposed.delete(variable);
    else this.imposed.set(variable, state);
    this.outdate("variable", variable);
  }

  outdate(kind, which) {
    for (const slot of this.users.get(`${kind} ${which}`) || []) this.stale[slot] = true;
  }

  // The slots that are filled from each thing that can change.
  findUsers() {
    const users = new Map();
    const add = (kind, which, slot) => {
      const key = `${kind} ${which}`;
      if (!users.has(key)) users.set(key, new Set());
      users.get(key).add(slot);
    };
    const { settings, stories, leaves, reliabilities, couplings, silences } = this.model;
    const follow = {
      table: (variable, slot) => {
        add("variable", variable, slot);
        for (const part of this.variables[variable].parts) {
          for (const number of part.numbers) add("number", number, slot);
        }
      },
      coupled: (coupling, slot) => follow.table(couplings[coupling][0], slot),
      reliability: (which, slot) => {
        add("reliability", which, slot);
        add("number", reliabilities[which][2][0], slot);
      },
      story: (which, slot) => {
        const [variable, , claims] = stories[which];
        add("variable", variable, slot);
        claims.forEach(([item]) => add("item", item, slot));
        [settings.accuracy, settings.spin, ...settings.fidelity]
          .forEach((number) => add("number", number, slot));
      },
      leaf: (which, slot) => {
        const [variable, weights] = leaves[which];
        add("variable", variable, slot);
        weights.forEach(([item]) => add("item", item, slot));
      },
      silence: (which, slot) => {
        const [variable, , number, , breakers] = silences[which];
        add("variable", variable, slot);
        add("number", number, slot);
        add("item", this.silenceItem(which), slot);
        breakers.forEach((item) => add("item", item, slot));
      },
      constant: () => {},
    };
    this.model.slots.forEach((slot, i) => {
      if (slot.length === 3) follow[slot[0]](slot[1], i);
      else slot[0].forEach((used) => add("slot", used, i));
    });
    return users;
  }

  // --- gates: a maximum of independent parts ---

  layOut(variable, i) {
    const cards = variable.parents.map((parent) => this.model.variables[parent].states.length);
    const parts = variable.parts.map(([places, numbers]) => {
      const own = strides(places.map((at) => cards[at]));
      const steps = cards.map((_, axis) =>
        places.reduce((sum, at, k) => sum + (at === axis ? own[k] : 0), 0));
      return { steps, numbers, rows: walk(cards, steps) };
    });
    return { index: i, cards, states: variable.states.length, noisy: variable.noisy, parts };
  }

  distribution(number, states) {
    if (number < 0) return Array.from({ length: states }, (_, y) => (y ? 0 : 1));
    const stated = this.numbers[number];
    return stated.length === 1 && states === 2 ? [1 - stated[0], stated[0]] : stated;
  }

  // P(contribution <= y) of each row of a part; the last entry is 1.
  cumulate(part, states) {
    const found = new Float64Array(part.numbers.length * states);
    part.numbers.forEach((number, row) => {
      const stated = this.distribution(number, states);
      let sum = 0;
      for (let y = 0; y < states - 1; y++) {
        sum += stated[y];
        found[row * states + y] = Math.min(sum, 1);
      }
      found[row * states + states - 1] = 1;
    });
    return found;
  }

  fillTable(index) {
    const variable = this.variables[index];
    const { states, parts } = variable;
    const table = new Float64Array(size(variable.cards) * states);
    if (this.imposed.has(index)) {
      for (let i = this.imposed.get(index); i < table.length; i += states) table[i] = 1;
      return table;
    }
    if (!variable.noisy) {
      parts[0].rows.forEach((row, i) => {
        table.set(this.distribution(parts[0].numbers[row], states), i * states);
      });
      return table;
    }
    const risen = parts.map((part) => this.cumulate(part, states));
    for (let i = 0; i < table.length; i += states) {
      let before = 0;
      for (let y = 0; y < states; y++) {
        let all = 1;
        for (let p = 0; p < parts.length; p++) all *= risen[p][parts[p].rows[i / states] * states + y];
        table[i + y] = all - before;
        before = all;
      }
    }
    return table;
  }

  // --- twins: every part shares its quantile between the worlds (gates.couple) ---

  layOutTwins(index, twins) {
    const { cards, parts } = this.variables[index];
    const free = twins.flatMap((twin, axis) => (twin === FREE ? [axis] : []));
    const all = [...cards, ...free.map((axis) => cards[axis])];
    const rows = parts.map((part) => [
      walk(all, [...part.steps, ...free.map(() => 0)]),
      this.followTwins(part.steps, twins, free, all),
    ]);
    return { index, count: size(all), rows };
  }

  followTwins(steps, twins, free, all) {
    const shared = steps.map((step, axis) => (twins[axis] === SHARED ? step : 0));
    const found = walk(all, [...shared, ...free.map((axis) => steps[axis])]);
    const fixed = twins.reduce((sum, twin, axis) => sum + (twin >= 0 ? steps[axis] * twin : 0), 0);
    return found.map((row) => row + fixed);
  }

  fillCoupled(which) {
    const { index, count, rows } = this.couplings[which];
    const { states, parts } = this.variables[index];
    const square = states * states;
    const table = new Float64Array(count * square);
    if (this.imposed.has(index)) {
      const at = this.imposed.get(index) * (states + 1);
      for (let i = at; i < table.length; i += square) table[i] = 1;
      return table;
    }
    const risen = parts.map((part) => this.cumulate(part, states));
    const joint = new Float64Array(square);
    for (let i = 0; i < count; i++) {
      joint.fill(1);
      for (let p = 0; p < parts.length; p++) {
        const here = rows[p][0][i] * states, there = rows[p][1][i] * states;
        for (let y = 0; y < states; y++) {
          for (let z = 0; z < states; z++) {
            joint[y * states + z] *= Math.min(risen[p][here + y], risen[p][there + z]);
          }
        }
      }
      for (let y = 0; y < states; y++) {
        for (let z = 0; z < states; z++) {
          const below = y ? joint[(y - 1) * states + z] : 0;
          const left = z ? joint[y * states + z - 1] : 0;
          const both = y && z ? joint[(y - 1) * states + z - 1] : 0;
          const mass = joint[y * states + z] - left - (below - both);
          table[i * square + y * states + z] = Math.max(mass, 0);
        }
      }
    }
    return table;
  }

  // --- what is said ---

  fillReliability(which) {
    const own = this.relied[which];
    const chance = own === null ? this.numbers[this.model.reliabilities[which][2][0]][0] : own;
    return Float64Array.of(1 - chance, chance);
  }

  // A source's statements on one variable, folded over the story that it tells (stories.py).
  fillStory(which, slot) {
    const { settings, stories, variables } = this.model;
    const [variable, wished, claims] = stories[which];
    const { chatter } = variables[variable];
    const states = chatter.length;
    const claimed = this.imposed.has(variable) ? [] : claims.filter(([item]) => this.heard[item]);
    const said = claimed.map(([, named, directness]) =>
      this.state(named, this.numbers[settings.fidelity[directness]][0]));
    const heard = this.multiply(said, states, slot);
    const spin = wished < 0 ? 0 : this.numbers[settings.spin][0];
    const accuracy = this.numbers[settings.accuracy][0];
    const slip = states > 1 ? (1 - accuracy) / (states - 1) : 0;
    let madeUp = 0, total = 0;
    for (let y = 0; y < states; y++) {
      madeUp += (spin * (y === wished ? 1 : 0) + (1 - spin) * chatter[y]) * heard[y];
      total += heard[y];
    }
    const table = new Float64Array(2 * states);
    for (let x = 0; x < states; x++) {
      table[x] = madeUp;
      table[states + x] = states > 1 ? slip * total + (accuracy - slip) * heard[x] : heard[x];
    }
    return table;
  }

  // P(a statement | each story).
  state(named, fidelity) {
    if (named.length === 1) return [1];
    const others = named.length - 1;
    const count = named.reduce((sum, one) => sum + one, 0);
    const inside = fidelity + (1 - fidelity) * (count - 1) / others;
    const outside = (1 - fidelity) * count / others;
    return named.map((one) => (one ? inside : outside));
  }

  // Silences are the last of the items that are no reports.
  silenceItem(which) {
    return this.model.standing - this.model.silences.length + which;
  }

  // Whether an expected report is still missed: nothing that is heard bears on its variable.
  isSilent(which) {
    const [variable, , , , breakers] = this.model.silences[which];
    return this.heard[this.silenceItem(which)] && !this.imposed.has(variable)
      && !breakers.some((item) => this.heard[item]);
  }

  // 1 - chance * share in the states of the claim (batch.py).
  fillSilence(which) {
    const [, claimed, number, share] = this.model.silences[which];
    const missed = this.isSilent(which) ? this.numbers[number][0] * share : 0;
    return Float64Array.from(claimed, (one) => (one ? 1 - missed : 1));
  }

  fillLeaf(which, slot) {
    const [variable, weights] = this.model.leaves[which];
    const holds = this.imposed.has(variable) ? [] : weights.filter(([item]) => this.heard[item]);
    return this.multiply(holds.map(([, own]) => own), this.variables[variable].states, slot);
  }

  // The product of a few tables directly, of many through logarithms; its scale goes to the slot's.
  multiply(tables, states, slot) {
    const found = new Float64Array(states).fill(1);
    if (tables.length <= BLOCK) {
      for (const table of tables) for (let y = 0; y < states; y++) found[y] *= table[y];
      return found;
    }
    const logs = found.map((_, y) => tables.reduce((sum, table) => sum + Math.log(table[y]), 0));
    const top = Math.max(...logs);
    const scale = Number.isFinite(top) ? top : 0;
    this.scales[slot] += scale;
    return logs.map((log) => Math.exp(log - scale));
  }

  // --- the program ---

  // What follows: chances of the hypotheses and combinations; possible is false where nothing can.
  ask() {
    if (!this.run()) {
      this.inLogs = true;
      this.stale.fill(true);
      this.run();
    }
    const { joint, contrasts, combinations, hypotheses } = this.model;
    const [cells, log] = this.read(joint);
    const total = cells.reduce((sum, p) => sum + p, 0);
    if (!(total > 0)) return { possible: false, present: [], because: null, combinations: [] };
    const chances = combinations.map(([, at]) => at.reduce((sum, i) => sum + cells[i], 0) / total);
    const present = hypotheses.map((_, h) => combinations.reduce(
      (sum, [truths], i) => (truths[h] ? sum + chances[i] : sum), 0));
    const logEvidence = Math.log(total) + log;
    const because = contrasts.length ? contrasts.map((slot) => this.share(slot, logEvidence)) : null;
    return { possible: true, present, because, combinations: chances, logEvidence };
  }

  // The item, in the order of the log, with which what is heard became impossible; null for none.
  // Silences count last, as they do in Python: what was said may be impossible without them.
  blame() {
    const { standing, silences } = this.model;
    const silent = silences.map((_, i) => this.silenceItem(i));
    const reports = this.heard.flatMap((on, item) => (on && item >= standing ? [item] : []));
    const items = [...reports, ...silent];
    const stands = (count) => {
      items.forEach((item, i) => this.hear(item, i < count));
      return this.ask().possible;
    };
    let last = 0, first = items.length;
    const found = stands(0);
    while (found && first - last > 1) {
      const middle = (last + first) >> 1;
      if (stands(middle)) last = middle;
      else first = middle;
    }
    items.forEach((item) => this.hear(item, true));
    return found && items.length ? items[first - 1] : null;
  }

  share(slot, logEvidence) {
    if (slot === null) return 0;
    const [[chance], log] = this.read(slot);
    return chance > 0 ? Math.min(Math.exp(Math.log(chance) + log - logEvidence), 1) : 0;
  }

  // A slot's table and the logarithm of its scale.
  read(slot) {
    const table = this.tables[slot];
    if (!this.inLogs) return [table, this.scales[slot]];
    const top = table.reduce((most, cell) => Math.max(most, cell), -Infinity);
    const log = Number.isFinite(top) ? top : 0;
    return [table.map((cell) => Math.exp(cell - log)), log + this.scales[slot]];
  }

  // Computes what is out of date; false where the numbers lie too far apart for floating point.
  run() {
    const { slots } = this.model;
    for (let i = 0; i < slots.length; i++) {
      if (!this.stale[i]) continue;
      if (slots[i].length === 3) this.fill(i, slots[i]);
      else if (!this.step(i, slots[i])) return false;
      this.stale[i] = false;
      for (const user of this.users.get(`slot ${i}`) || []) this.stale[user] = true;
    }
    return true;
  }

  fill(i, [kind, which]) {
    this.scales[i] = 0;
    const table = {
      table: () => this.fillTable(which),
      coupled: () => this.fillCoupled(which),
      reliability: () => this.fillReliability(which),
      story: () => this.fillStory(which, i),
      leaf: () => this.fillLeaf(which, i),
      silence: () => this.fillSilence(which),
      constant: () => Float64Array.from(which),
    }[kind]();
    this.tables[i] = this.inLogs ? table.map(Math.log) : table;
    if (!this.inLogs) this.level(i);
  }

  step(i, [inputs]) {
    const plan = this.plans[i] || (this.plans[i] = this.planStep(i));
    let scale = 0, ratio = 1;
    for (const input of inputs) {
      scale += this.scales[input];
      ratio *= this.ratios[input];
    }
    if (!this.inLogs && ratio < FAINT) return false;
    this.scales[i] = scale;
    const out = this.tables[i] || (this.tables[i] = new Float64Array(plan.count));
    if (this.inLogs) this.addUp(out, inputs, plan);
    else {
      this.sumUp(out, inputs, plan);
      this.level(i);
    }
    return true;
  }

  // Brings a table's largest cell near 1 and notes how far below it the smallest lies.
  level(i) {
    const table = this.tables[i];
    let top = 0, low = Infinity;
    for (let k = 0; k < table.length; k++) {
      const cell = table[k];
      if (cell > top) top = cell;
      if (cell > 0 && cell < low) low = cell;
    }
    this.ratios[i] = top > 0 ? low / top : 1;
    if (top > 0 && (top < TINY || top > 1 / TINY)) {
      for (let k = 0; k < table.length; k++) table[k] /= top;
      this.scales[i] += Math.log(top);
    }
  }

  // Where in each input the cells of a step's result lie, and what is summed out.
  planStep(i) {
    const { cards, slots } = this.model;
    const [inputs, scope] = slots[i];
    const own = scope.map((node) => cards[node]);
    const read = inputs.map((input) => slots[input][slots[input].length - 1]);
    const gone = [...new Set(read.flat())].filter((node) => !scope.includes(node));
    const found = read.map((nodes) => {
      const steps = strides(nodes.map((node) => cards[node]));
      const stride = (node) => (nodes.includes(node) ? steps[nodes.indexOf(node)] : 0);
      return { at: walk(own, scope.map(stride)), stride: gone.length ? stride(gone[0]) : 0 };
    });
    return { count: size(own), depth: gone.length ? cards[gone[0]] : 1, found };
  }

  sumUp(out, inputs, { depth, found }) {
    const a = this.tables[inputs[0]], { at: atA, stride: sA } = found[0];
    if (inputs.length === 1) {
      for (let i = 0; i < out.length; i++) {
        let sum = 0;
        for (let k = 0, x = atA[i]; k < depth; k++, x += sA) sum += a[x];
        out[i] = sum;
      }
      return;
    }
    const b = this.tables[inputs[1]], { at: atB, stride: sB } = found[1];
    if (inputs.length === 2) {
      for (let i = 0; i < out.length; i++) {
        let sum = 0;
        for (let k = 0, x = atA[i], y = atB[i]; k < depth; k++, x += sA, y += sB) sum += a[x] * b[y];
        out[i] = sum;
      }
      return;
    }
    const c = this.tables[inputs[2]], { at: atC, stride: sC } = found[2];
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      for (let k = 0, x = atA[i], y = atB[i], z = atC[i]; k < depth; k++, x += sA, y += sB, z += sC) {
        sum += a[x] * b[y] * c[z];
      }
      out[i] = sum;
    }
  }

  // As sumUp, of logarithms: sums relative to their largest term.
  addUp(out, inputs, { depth, found }) {
    const logs = inputs.map((input) => this.tables[input]);
    const terms = new Float64Array(depth);
    for (let i = 0; i < out.length; i++) {
      let top = -Infinity;
      for (let k = 0; k < depth; k++) {
        terms[k] = logs.reduce((sum, log, j) => sum + log[found[j].at[i] + k * found[j].stride], 0);
        if (terms[k] > top) top = terms[k];
      }
      let sum = 0;
      if (top > -Infinity) for (let k = 0; k < depth; k++) sum += Math.exp(terms[k] - top);
      out[i] = top > -Infinity ? Math.log(sum) + top : -Infinity;
    }
  }
}
