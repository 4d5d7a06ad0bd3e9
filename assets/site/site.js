// Keeps in this browser what a reader predicted and which hints were opened. Nothing is sent anywhere.
(() => {
  const page = location.pathname.split("/").pop();
  const recall = (what) => { try { return JSON.parse(localStorage.getItem(`gradlab:${page}:${what}`)); } catch { return null; } };
  const keep = (what, value) => { try { localStorage.setItem(`gradlab:${page}:${what}`, JSON.stringify(value)); } catch { /* a browser that keeps nothing */ } };

  const PREFIX = { n: 1e-9, "µ": 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9 };

  function number(text) {
    const plain = text.trim().replace(/−/g, "-").replace(",", ".").replace(/∞|inf$/i, "Infinity");
    if (/^nan$/i.test(plain)) return NaN;
    const found = plain.match(/^([+-]?(?:Infinity|[\d.]+(?:e[+-]?\d+)?))(?:\/(\d+))?\s*(%|[nµmkMG](?=[A-Za-z]))?/i);
    if (!found) return undefined;
    const scale = found[3] === "%" ? 0.01 : PREFIX[found[3]] ?? 1;
    return (Number(found[1]) / Number(found[2] ?? 1)) * scale;
  }

  function same(said, truth) {
    if (Number.isNaN(truth)) return Number.isNaN(said);
    return said === truth || Math.abs(said - truth) <= 0.005 * Math.abs(truth);
  }

  function distance(said, truth) {
    if (said === undefined) return "no number";
    if (same(said, truth)) return "exact";
    if (!Number.isFinite(said) || !Number.isFinite(truth)) return "not the same";
    if (said === 0 || truth === 0) return `off by ${Number(Math.abs(said - truth).toPrecision(3))}`;
    if (said > 0 !== truth > 0) return "even the sign differs";
    const times = Math.abs(said / truth), way = times > 1 ? "large" : "small", size = Math.max(times, 1 / times);
    if (size <= 1.5) return `${Number((100 * Math.abs(times - 1)).toPrecision(2))} % too ${way}`;
    return size < 1000 ? `${Number(size.toPrecision(2))} times too ${way}` : `too ${way} by ${Math.round(Math.log10(size))} powers of ten`;
  }

  function comparison(kind, said, truth, labels) {
    if (kind === "words") return "Compare for yourself.";
    if (kind === "choice") {
      const right = said.length === truth.length && said.every((each) => truth.includes(each));
      return right ? "You saw it coming." : "Good to have said so: a surprise is what stays.";
    }
    const apart = truth.map((each, k) => distance(number(said[k] ?? ""), number(each)));
    if (apart.every((each) => each === "exact")) return "Exact. You saw it coming.";
    const told = apart.map((each, k) => (labels.length ? `${labels[k]}: ${each}` : each)).join("; ");
    return `${told[0].toUpperCase()}${told.slice(1)}. Good to have said so: a surprise is what stays.`;
  }

  function reveal(name, said) {
    const place = document.querySelector(`.prediction-truth[data-name="${CSS.escape(name)}"]`);
    if (!place) return;
    place.querySelectorAll(".said").forEach((each) => each.remove());
    if (!said) return;
    const { kind, truth, labels } = place.dataset;
    for (const [text, where] of [[`You said: ${said.join("; ") || "none of them"}`, "afterbegin"], [comparison(kind, said, JSON.parse(truth), JSON.parse(labels)), "beforeend"]]) {
      const line = document.createElement("p");
      line.className = "said";
      line.textContent = text;
      place.insertAdjacentElement(where, line);
    }
  }

  for (const form of document.querySelectorAll("form.prediction")) {
    const name = form.dataset.name, output = form.querySelector("output");
    const inputs = [...form.querySelectorAll("input")], typed = inputs.filter((each) => each.type === "text");
    const said = recall(`prediction:${name}`);
    if (said) {
      inputs.forEach((each) => { if (each.type !== "text") each.checked = said.includes(each.value); });
      typed.forEach((each, k) => { each.value = said[k] ?? ""; });
      output.textContent = "Kept in this browser.";
      reveal(name, said);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const now = typed.length ? typed.map((each) => each.value.trim()) : inputs.filter((each) => each.checked).map((each) => each.value);
      const empty = typed.length ? now.every((each) => !each) : !now.length && inputs[0].type === "radio";
      output.textContent = empty ? "Nothing to keep yet." : "Kept in this browser. Now read on, and see.";
      if (empty) return;
      keep(`prediction:${name}`, now);
      reveal(name, now);
    });
  }

  document.querySelectorAll("details").forEach((fold, k) => {
    if (!fold.querySelector("summary")?.textContent.startsWith("Hint")) return;
    if (recall(`hint:${k}`)) fold.open = true;
    fold.addEventListener("toggle", () => keep(`hint:${k}`, fold.open));
  });
})();
