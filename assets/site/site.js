// Keeps in this browser what a reader predicted and which hints and other folds were opened. Nothing is sent anywhere.
(() => {
  const key = (what) => `gradlab:${location.pathname}:${what}`;
  function recall(what, fits) {
    try {
      const value = JSON.parse(localStorage.getItem(key(what)));
      return fits(value) ? value : null;
    } catch { return null; }
  }
  function keep(what, value) {
    try { localStorage.setItem(key(what), JSON.stringify(value)); return true; } catch { return false; }
  }
  const texts = (value) => Array.isArray(value) && value.every((each) => typeof each === "string");

  // As `read_number` of gradlab.predictions.number_text; undefined for what is no number.
  const PREFIX = { n: 1e-9, "µ": 1e-6, u: 1e-6, m: 1e-3, k: 1e3, K: 1e3, M: 1e6, G: 1e9, kilo: 1e3, mega: 1e6 };
  const WORDS = { infinity: "inf", infinite: "inf", "infinitely many": "inf", never: "inf", "∞": "inf", half: "1/2" };

  function number(typed, units) {
    let text = typed.trim().replace(/−/g, "-");
    const sign = /^[+-]/.test(text) ? text[0] : "";
    text = sign + (WORDS[text.slice(sign.length).toLowerCase()] ?? text.slice(sign.length));
    text = text.replace(/(?<![\d.,])([1-9]\d{0,2}(?:[ ,_\u00a0\u202f]\d{3})+)(?![\d,])/g, (found) => found.replace(/\D/g, ""));
    text = text.replace(/^([+-]?)(?:(\d+(?:\.\d+)?)\s*[·*×x]\s*)?10(?:\^|\*\*)([+-]?\d+)/, (_, plus, times, power) => `${plus}${times ?? 1}e${power}`);
    const found = text.match(/^([+-]?(?:(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?|inf|nan))(?:\s*\/\s*(\d+))?\s*(%|\p{L}*)$/iu);
    if (!found || Number(found[2]) === 0) return undefined;
    const plain = found[1].toLowerCase().replace(",", ".").replace("inf", "Infinity");
    const factor = scale(found[3], units);
    return factor === undefined ? undefined : (plain.endsWith("nan") ? NaN : Number(plain) / Number(found[2] ?? 1)) * factor;
  }

  function scale(unit, units) {
    if (!unit) return 1;
    if (unit === "%") return 0.01;
    for (const symbol of units) {
      const bare = unit.toLowerCase().replace(/s+$/, "");
      if (unit === symbol || (bare && bare === symbol.toLowerCase().replace(/s+$/, ""))) return 1;
      if (unit.endsWith(symbol) && unit.slice(0, -symbol.length) in PREFIX) return PREFIX[unit.slice(0, -symbol.length)];
    }
    return undefined;
  }

  function same(said, truth) {
    if (Number.isNaN(truth)) return Number.isNaN(said);
    return said === truth || Math.abs(said - truth) <= 0.005 * Math.abs(truth);
  }

  function distance(said, truth) {
    if (same(said, truth)) return "exact";
    if (!Number.isFinite(said) || !Number.isFinite(truth)) return "not the same";
    if (said === 0 || truth === 0) return `off by ${Number(Math.abs(said - truth).toPrecision(3))}`;
    if (said > 0 !== truth > 0) return "even the sign differs";
    const times = Math.abs(said / truth), way = times > 1 ? "large" : "small", size = Math.max(times, 1 / times);
    if (size <= 1.5) return `${Number((100 * Math.abs(times - 1)).toPrecision(2))} % too ${way}`;
    const told = size < 1000 ? `${Number(size.toPrecision(2))} times too ${way}` : `too ${way} by ${Math.round(Math.log10(size))} powers of ten`;
    return truth < 0 ? `${told} in size` : told;
  }

  function comparison(kind, said, truth, labels, units) {
    if (kind === "words") return "Compare for yourself.";
    if (kind === "choice") {
      const right = said.length === truth.length && said.every((each) => truth.includes(each));
      return right ? "You saw it coming." : "Good to have said so: a surprise is what stays.";
    }
    const apart = truth.map((each, k) => distance(number(said[k], units), number(each, [])));
    if (apart.every((each) => each === "exact")) return "Exact. You saw it coming.";
    const told = apart.map((each, k) => (labels.length ? `${labels[k]}: ${each}` : each)).join("; ");
    return `${labels.length ? told : told[0].toUpperCase() + told.slice(1)}. Good to have said so: a surprise is what stays.`;
  }

  function reveal(name, said) {
    const place = document.querySelector(`.prediction-truth[data-name="${CSS.escape(name)}"]`);
    if (!place) return;
    place.querySelectorAll(".said").forEach((each) => each.remove());
    if (!said) return;
    const { kind } = place.dataset;
    const [truth, labels, units] = ["truth", "labels", "units"].map((each) => JSON.parse(place.dataset[each]));
    for (const [text, where] of [[`You said: ${said.join("; ") || "none of them"}`, "afterbegin"], [comparison(kind, said, truth, labels, units), "beforeend"]]) {
      const line = document.createElement("p");
      line.className = "said";
      line.textContent = text;
      place.insertAdjacentElement(where, line);
    }
  }

  // What keeps a form from being read, as a sentence; "" where it can be.
  function trouble(form, now, typed, inputs) {
    const axis = JSON.parse(form.dataset.axis ?? "null"), units = JSON.parse(form.dataset.units ?? "null");
    if (typed.length ? now.some((each) => !each) : !now.length && inputs[0].type === "radio") return "Fill it in first.";
    if (!units) return "";
    const values = now.map((each) => number(each, units));
    if (values.some((each) => each === undefined)) return "Not kept: a number is asked for.";
    if (axis && !values.every((each) => axis[0] <= each && each <= axis[1])) return `Not kept: a number between ${axis[0]} and ${axis[1]} is asked for.`;
    return "";
  }

  for (const form of document.querySelectorAll("form.prediction")) {
    const name = form.dataset.name, output = form.querySelector("output");
    const inputs = [...form.querySelectorAll("input")], typed = inputs.filter((each) => each.type === "text");
    const said = recall(`prediction:${name}`, texts);
    if (said && (!typed.length || said.length === typed.length)) {
      inputs.forEach((each) => { if (each.type !== "text") each.checked = said.includes(each.value); });
      typed.forEach((each, k) => { each.value = said[k]; });
      output.textContent = "Kept in this browser.";
      reveal(name, said);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const now = typed.length ? typed.map((each) => each.value.trim()) : inputs.filter((each) => each.checked).map((each) => each.value);
      if (typed.length && now.every((each) => !each)) {  // taken back
        keep(`prediction:${name}`, null);
        output.textContent = "Nothing is kept.";
        return reveal(name, null);
      }
      output.textContent = trouble(form, now, typed, inputs);
      if (output.textContent) return;
      const kept = keep(`prediction:${name}`, now);
      output.textContent = kept ? "Kept in this browser. Now read on, and see." : "Noted until this page is closed: your browser keeps nothing. Now read on, and see.";
      reveal(name, now);
    });
  }

  document.querySelectorAll("article details").forEach((fold, k) => {
    if (recall(`fold:${k}`, (value) => value === true)) fold.open = true;
    fold.addEventListener("toggle", () => keep(`fold:${k}`, fold.open));
  });
})();
