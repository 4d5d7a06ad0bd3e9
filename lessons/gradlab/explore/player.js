// Plays the record of one explorer, and asks the kernel, while there is one, for positions that it does not hold.
// The page puts controls.js before it.
const hub = (globalThis.gradlabExplorers ??= { links: new Map(), players: new Set() });
hub.awaited ??= new Set(); // an explorer of an older edition may have begun

class Player {
  constructor(root) {
    this.root = root;
    Object.assign(this, JSON.parse(root.querySelector('script[type="application/json"]').textContent));
    hub.copies = (hub.copies ?? 0) + 1;
    this.prefix = `gradlab-${hub.copies}-`;
    this.position = this.controls.map((control) => control.start);
    this.slow = 0; // pictures in a row that took the kernel long
    this.build();
    this.succeed();
    this.drawn = this.position;
    this.show(this.frames[this.position]);
    hub.players.add(new WeakRef(this)); // the page's own elements keep it
    root.player = this;
    this.linked();
    if (this.record) this.ready = this.unpack().finally(() => (this.ready = undefined));
  }

  get complete() {
    const count = this.controls.reduce((product, control) => product * control.texts.length, 1);
    return Object.keys(this.frames).length >= count;
  }

  // The record is deflated JSON. What the kernel may have sent meanwhile continues the same tables.
  async unpack() {
    try {
      const bytes = Uint8Array.from(atob(this.record), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      const tables = await new Response(stream).json();
      for (const name of ["strings", "skeletons", "defs", "frames"]) this[name] = Object.assign(tables[name], this[name]);
    } catch {
      this.lost = "This browser cannot unpack the record: a newer one, or a running notebook, moves this picture.";
    }
    this.record = undefined;
    this.say(this.standing());
  }

  // The whole record takes the place of the first picture while somebody plays: stay where the hand has put it.
  succeed() {
    hub.left ??= new Map();
    const left = hub.left.get(this.id);
    if (!left) return;
    // Pictures of the same figure continue the same tables.
    for (const name of ["strings", "skeletons", "defs", "frames"]) Object.assign(this[name], left.tables[name]);
    if (this.frames[left.position]) this.position = left.position;
    if (left.focus !== undefined) this.focusAgain(left.focus, performance.now() + 5000);
  }

  // Notebooks fill an element first and put it into the page later.
  focusAgain(place, until) {
    if (this.root.isConnected) this.root.querySelectorAll(FOCUSABLE)[place]?.focus({ preventScroll: true });
    else if (performance.now() < until) requestAnimationFrame(() => this.focusAgain(place, until));
  }

  leave(change) {
    const { position, strings, skeletons, defs, frames } = this;
    hub.left.set(this.id, { position, ...hub.left.get(this.id), ...change, tables: { strings, skeletons, defs, frames } });
  }

  // Every id in the record starts with @@: each copy of a figure in a page gets ids of its own.
  own(markup) { return markup.replaceAll("@@", this.prefix); }

  build() {
    this.inputs = [];
    const controls = makeControls(this);
    this.figure = make("div", { role: "img", "data-lm-suppress-shortcuts": "true" });
    keepKeys(this.figure);
    focusableIfWide(this.figure);
    if (this.targets.length) obeyClicks(this);
    this.note = make("p", { class: "gradlab-explorer-note", role: "status" });
    this.heard = make("div", { class: "gradlab-explorer-heard", "aria-live": "polite" });
    this.definitions = make("div");
    this.definitions.innerHTML = '<svg width="0" height="0" style="position:absolute" aria-hidden="true"></svg>';
    this.defined = new Set();
    this.root.querySelector(".gradlab-explorer-still").remove();
    const figure = this.root.querySelector("figure");
    figure.replaceChildren(this.figure, this.definitions);
    figure.before(controls);
    figure.after(this.note, this.heard);
  }

  // The reader moved control k. All copies of this explorer in the page follow.
  move(k, index) {
    if (this.ready && !this.alive()) return void this.ready.then(() => this.move(k, index));
    const position = this.position.with(k, index);
    this.heading = this.controls[k].kind === "slider" && [k, Math.sign(index - this.position[k])];
    if (this.frames[position] || this.alive() || this.awaited()) return this.everywhere((player) => player.go(position));
    // Without a kernel the record is all there is: the other sliders go back to where it has them.
    const near = this.nearest(position, k);
    this.everywhere((player) => player.go(this.frames[near] ? near : this.position));
  }

  nearest(position, k) {
    const start = this.controls.map((control) => control.start);
    const kept = position.map((index, j) => (j === k || this.controls[j].kind !== "slider" ? index : start[j]));
    return this.frames[kept] ? kept : start.with(k, position[k]);
  }

  everywhere(act) {
    hub.players.forEach((player) => player.deref()?.id === this.id && act(player.deref()));
  }

  go(position) {
    this.position = position;
    this.leave({ position });
    const frame = this.frames[position];
    if (frame) {
      this.rest();
      this.drawn = position;
      this.show(frame);
      this.lookAhead();
    } else if (this.alive() || this.awaited()) { // not so a first picture whose place the whole record has taken, once the kernel has gone
      this.label();
      if (this.root.isConnected) this.ask(position);
    }
  }

  show(frame) {
    this.label();
    if (frame.length === 1) return this.say(this.strings[frame[0]]);
    const [alt, skeleton, ...parts] = frame;
    this.define();
    if (skeleton !== this.skeleton) {
      const { svg, keys } = this.skeletons[skeleton];
      this.figure.innerHTML = this.own(svg.join(""));
      for (const panel of this.figure.children) panel.setAttribute("aria-hidden", "true");
      const places = new Map([...this.figure.querySelectorAll("[data-part]")].map((g) => [g.dataset.part, g]));
      this.places = keys.map((key) => places.get(key));
      [this.skeleton, this.shown] = [skeleton, []];
    }
    parts.forEach((part, k) => {
      if (part !== this.shown[k]) this.places[k].innerHTML = this.own(this.strings[part]);
    });
    this.shown = parts;
    this.figure.setAttribute("aria-label", this.strings[alt]);
    this.say(this.standing());
    // Heard once the hand rests, and not for the first picture, which nobody asked to hear.
    clearTimeout(this.telling);
    if (this.told) this.telling = setTimeout(() => (this.heard.textContent = this.strings[alt]), 700);
    this.told = true;
  }

  define() {
    for (const [id, markup] of Object.entries(this.defs)) {
      if (this.defined.has(id)) continue;
      this.defined.add(id);
      this.definitions.firstChild.insertAdjacentHTML("beforeend", this.own(markup));
    }
  }

  label() { this.inputs.forEach((set, k) => set(this.position[k])); }

  say(text) { if (this.note.textContent !== text) this.note.textContent = text; }

  // What is true whatever the position: nothing to say while a kernel is there or not needed.
  standing() {
    if (this.complete || this.alive() || this.awaited()) return "";
    if (this.lost) return this.lost;
    if (this.record) return "";
    if (Object.keys(this.frames).length === 1) return "Only the first picture is here: run this cell to move it, or wait while the notebook runs.";
    return "Played from a record: one slider moves at a time, the others go back to their start.";
  }

  busy(yes) { this.figure.setAttribute("aria-busy", String(yes)); }

  alive() { return hub.links.has(this.session); }

  // The kernel runs cells, and answers after them.
  awaited() { return hub.awaited.has(this.session); }

  // At most one position is with the kernel; of those that come meanwhile only the last is kept.
  ask(position) {
    this.wanted = position;
    this.timers ??= [
      setTimeout(() => { this.busy(true); this.say("Computing …"); }, 100),
      setTimeout(() => this.say("The kernel has not answered yet: it may be busy with another cell."), 5000),
    ];
    this.send(position);
  }

  send(position) {
    if (this.asked || !this.alive()) return;
    this.asked = String(position);
    this.sent = performance.now();
    hub.links.get(this.session).ask(this.id, position);
  }

  receive({ id, position, frame, strings, skeletons, defs }) {
    if (id !== this.id) return;
    Object.assign(this.strings, strings);
    Object.assign(this.skeletons, skeletons);
    Object.assign(this.defs, defs);
    this.frames[position] = frame;
    if (String(position) !== this.asked) return;
    this.asked = null;
    this.slow = performance.now() - this.sent < 100 ? 0 : this.slow + 1;
    if (!this.wanted) this.lookAhead();
    else if (this.frames[this.wanted]) this.go(this.wanted);
    else this.send(this.wanted);
  }

  // A hand comes to slider k: its first step shall not wait either.
  prepare(k) {
    if (this.heading?.[0] === k) return;
    this.heading = [k, this.position[k] < this.controls[k].texts.length - 1 ? 1 : -1];
    this.lookAhead();
  }

  // While the hand rests, quick pictures come one by one for where it was going.
  lookAhead() {
    if (this.complete || this.record || this.slow > 1 || !this.heading || !this.alive()) return;
    const [k, by] = this.heading;
    for (let n = 1; n <= 3; n += 1) {
      const index = this.position[k] + n * by;
      if (!(index in this.controls[k].texts)) return;
      const position = this.position.with(k, index);
      if (!this.frames[position]) return this.send(position);
    }
  }

  rest() {
    this.wanted = null;
    this.timers?.forEach(clearTimeout);
    this.timers = undefined;
    this.busy(false);
  }

  // The kernel came or went.
  linked() {
    if (this.alive()) this.lost = undefined;
    else if (this.session && this.met && !this.awaited()) this.lost = "The kernel stopped or was restarted: run this cell again. The last picture stays.";
    this.met ||= this.alive();
    if (!this.alive()) this.asked = null;
    if (!this.wanted) return this.say(this.standing());
    if (this.alive()) return this.send(this.wanted);
    if (!this.awaited()) this.go(this.drawn);
  }
}

// JupyterLab runs this script in place; where a page does not say which script runs, every explorer still asleep wakes.
for (const root of document.querySelectorAll(".gradlab-explorer:not([data-awake])")) {
  root.dataset.awake = "";
  new Player(root);
}
