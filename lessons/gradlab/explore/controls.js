// Controls of an explorer as elements of a page. Each tells the player where it was moved to, and shows where it is.
const FOCUSABLE = ".gradlab-explorer-controls :is(input, select, button)";
const still = matchMedia("(prefers-reduced-motion: reduce)");

const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

// The element of control k; what shows a position in it joins `player.inputs`.
const makeControl = (player, control, k) => {
  const id = `${player.prefix}control-${k}`;
  const [element, show] = KINDS[control.kind](player, control, k, id);
  player.inputs.push(show);
  return element;
};

const makeSlider = (player, control, k, id) => {
  const input = make("input", {
    type: "range", id, min: 0, max: control.texts.length - 1, step: 1, value: control.start, autocomplete: "off",
  });
  const output = make("span", { class: "gradlab-explorer-value", "aria-hidden": "true" });
  input.addEventListener("input", () => player.move(k, Number(input.value)));
  const show = (index) => {
    input.value = index;
    input.setAttribute("aria-valuetext", control.texts[index]);
    output.textContent = control.texts[index];
  };
  for (const type of ["focus", "pointerenter"]) input.addEventListener(type, () => player.prepare(k));
  const range = make("div", { class: "gradlab-explorer-range" }, ...(control.play ? [makePlayButton(player, control, k)] : []), input, output);
  return [make("div", { class: "gradlab-wide" }, make("label", { for: id }, control.label), range), show];
};

const makeToggle = (player, control, k, id) => {
  const input = make("input", { type: "checkbox", id, autocomplete: "off" });
  input.addEventListener("change", () => player.move(k, Number(input.checked)));
  return [make("div", {}, make("label", { for: id }, input, control.label)), (index) => (input.checked = index === 1)];
};

const makeSelect = (player, control, k, id) => {
  const select = make("select", { id, autocomplete: "off" });
  control.texts.forEach((text) => select.append(make("option", {}, text)));
  select.addEventListener("change", () => player.move(k, select.selectedIndex));
  return [make("div", {}, make("label", { for: id }, control.label), select), (index) => (select.selectedIndex = index)];
};

const makeRadios = (player, control, k, id) => {
  const set = make("fieldset", {}, make("legend", {}, control.label));
  const radios = control.texts.map((text, index) => {
    const radio = make("input", { type: "radio", name: id, autocomplete: "off" });
    radio.addEventListener("change", () => player.move(k, index));
    set.append(make("label", {}, radio, text));
    return radio;
  });
  return [set, (index) => (radios[index].checked = true)];
};

// Goes through the positions of a slider; for whoever wants no motion, one position at a press.
const makePlayButton = (player, control, k) => {
  const button = make("button", { type: "button", "aria-label": `Play ${control.label}`, title: `Play ${control.label}` }, "▶");
  const last = control.texts.length - 1;
  const stop = () => {
    clearInterval(player.playing);
    player.playing = undefined;
    button.textContent = "▶";
    button.setAttribute("aria-pressed", "false");
  };
  const step = () => {
    if (player.asked && player.wanted) return; // the kernel is at work on the last step
    const here = player.position[k];
    player.move(k, here === last ? 0 : here + 1);
    if (player.position[k] === last || player.position[k] === here || !player.root.isConnected) stop();
  };
  button.addEventListener("click", () => {
    if (player.playing) return stop();
    if (still.matches) return step();
    player.playing = setInterval(step, Math.max(120, 4000 / last)); // what has few positions has more to read in each
    button.textContent = "⏸";
    button.setAttribute("aria-pressed", "true");
    step();
  });
  return button;
};

const KINDS = { slider: makeSlider, toggle: makeToggle, select: makeSelect, radio: makeRadios };

// A notebook would take these keys for itself: arrows move its cells, letters edit them.
const keepKeys = (element) => {
  for (const type of ["keydown", "keypress", "keyup"]) {
    element.addEventListener(type, (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key !== "Escape") event.stopPropagation();
    });
  }
};

// All controls of an explorer in one element.
const makeControls = (player) => {
  const controls = make("div", { class: "gradlab-explorer-controls", "data-lm-suppress-shortcuts": "true" });
  player.controls.forEach((control, k) => controls.append(makeControl(player, control, k)));
  keepKeys(controls);
  controls.addEventListener("focusin", ({ target }) => player.leave({ focus: [...player.root.querySelectorAll(FOCUSABLE)].indexOf(target) }));
  // Some browsers say focusout of an element that is about to be removed, while it is still there: look again afterwards.
  controls.addEventListener("focusout", () => setTimeout(() => {
    if (player.root.isConnected && !controls.contains(document.activeElement)) player.leave({ focus: undefined });
  }));
  controls.addEventListener("pointerdown", () => {
    player.held = true;
    addEventListener("pointerup", () => (player.held = false), { once: true });
    addEventListener("pointercancel", () => (player.held = false), { once: true });
  });
  return controls;
};

// Whoever has no mouse scrolls what is wider than the page once it has the focus.
const focusableIfWide = (element) => new ResizeObserver(() => {
  if (element.scrollWidth > element.clientWidth) element.setAttribute("tabindex", 0);
  else element.removeAttribute("tabindex");
}).observe(element);

// A click in the figure sets a control where the figure shows its values.
const obeyClicks = (player) => {
  player.figure.addEventListener("click", (event) => {
    const hit = targetOf(player, event);
    if (hit) player.move(...hit);
  });
  player.figure.addEventListener("pointermove", (event) => (player.figure.style.cursor = targetOf(player, event) ? "pointer" : ""));
};

// Which control a place in the figure stands for, and which of its positions is next to it.
const targetOf = (player, { target, clientX, clientY }) => {
  const svg = target.closest?.("svg");
  if (!svg || !player.figure.contains(svg)) return undefined;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  const hit = player.targets.find(({ box: [left, top, right, bottom] }) => left <= x && x <= right && top <= y && y <= bottom);
  if (!hit) return undefined;
  const distances = hit.at.map((at) => Math.abs(at - x));
  return [hit.control, distances.indexOf(Math.min(...distances))];
};
