// Progressive enhancement: every page works without this file.
"use strict";

function addCopyButton(box) {
  const source = document.getElementById(box.dataset.copy);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy: " + box.querySelector("h3").textContent);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "unseen";
  button.addEventListener("click", async () => {
    let outcome = "Copied";
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      outcome = "Selected";
    }
    button.textContent = status.textContent = outcome;
    setTimeout(() => { button.textContent = "Copy"; status.textContent = ""; }, 2000);
  });
  box.append(button, status);
}

function addControls(root) {
  root.querySelectorAll("[data-copy]").forEach(addCopyButton);
  root.querySelectorAll("[data-embed]").forEach(addLookChoices);
}

// Theme, size and language of the bar to embed: every address in the texts to copy follows.
const LOOKS = [
  ["theme", "Theme", [["", "follows the reader"], ["light", "light"], ["dark", "dark"]]],
  ["width", "Size", [["", "320 × 32"], ["480", "480 × 32"], ["640", "640 × 32"], ["200", "200 × 32"]]],
  ["lang", "Language", [["", "English"], ...Object.entries({ es: "Español", fr: "Français", de: "Deutsch", pt: "Português", it: "Italiano", nl: "Nederlands", pl: "Polski", uk: "Українська", tr: "Türkçe", ar: "العربية", he: "עברית", hi: "हिन्दी", ja: "日本語", zh: "中文" })]],
];

function addLookChoices(box) {
  const picture = box.querySelector("img"), words = box.querySelector(".preview + .note");
  const texts = [...box.querySelectorAll("pre")].map((pre) => [pre, pre.textContent]);
  const choices = document.createElement("p");
  choices.className = "looks";
  const look = {}, first = picture.src, alt = picture.alt;
  for (const [name, title, values] of LOOKS) {
    const label = document.createElement("label"), select = document.createElement("select");
    select.append(...values.map(([value, text]) => new Option(text, value)));
    select.addEventListener("change", () => { look[name] = select.value; follow(); });
    label.append(title + " ", select);
    choices.append(label);
  }
  let latest = 0;
  async function follow() {
    const request = ++latest;
    const url = new URL(first);
    for (const [name, value] of Object.entries(look)) if (value) url.searchParams.set(name, value);
    picture.src = url;
    picture.width = look.width || 320;
    url.pathname = url.pathname.replace("bar.svg", "bar.json");
    let newAlt = alt;
    try { newAlt = (await (await fetch(url)).json()).alt; } catch { /* The words stay English. */ }
    if (request !== latest) return;
    picture.alt = words.textContent = newAlt;
    const chosen = Object.entries(look).filter(([, value]) => value);
    for (const [pre, text] of texts) {
      const separator = /^</.test(text) ? "&amp;" : "&";
      pre.textContent = text.replaceAll(alt, newAlt)
        .replace(/(bar\.(?:svg|png)\?[^"\s)]*)/g, (found) => chosen.reduce(
          (address, [name, value]) => found.includes(name + "=") ? address : `${address}${separator}${name}=${value}`, found))
        .replace(/width="\d+"/g, `width="${look.width || 320}"`)
        .replace(/<slantwise-bar /, "<slantwise-bar " + chosen.map(([name, value]) => `${name}="${value}" `).join(""));
    }
  }
  box.querySelector("h3").after(choices);
}

addControls(document);

// While the list is typed, each entry gets its mark and the panel follows.
const form = document.getElementById("form");
if (form) {
  const live = document.getElementById("live"), announcer = document.getElementById("told"), frame = document.getElementById("frame");
  const box = form.elements.outlets;
  let timer = 0, latest = 0;
  // A stale panel stays in its place, but pale and inert.
  const fade = (stale) => document.getElementById("panel")?.toggleAttribute("inert", stale);
  async function check() {
    const request = ++latest;
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || request !== latest) return;
    const piece = document.createElement("template");
    piece.innerHTML = await answer.text();
    const marks = piece.content.querySelector("#marks, .error"), panel = piece.content.querySelector("#panel");
    live.replaceChildren(...(marks ? [marks] : []));
    const open = document.querySelector("input[name=tab]:checked")?.id;
    fade(!panel);
    if (panel) {
      document.getElementById("panel")?.remove();
      frame.append(panel);
      frame.className = "two";
      document.body.className = form.elements.colors.value;
      if (open) document.getElementById(open).checked = true;
      addControls(panel);
      announcer.textContent = panel.querySelector("h1").textContent;
      const link = panel.querySelector("#link");
      history.replaceState(null, "", link ? link.textContent : location.pathname);
    }
  }
  const checkSoon = () => { clearTimeout(timer); timer = setTimeout(check, 350); };
  form.addEventListener("input", () => {
    if (box.value.trim()) return checkSoon();
    clearTimeout(timer);
    latest += 1;
    live.replaceChildren();
    fade(true);
    history.replaceState(null, "", location.pathname);
  });
  // A correction stands where the entry stood, and nowhere else: not in "The Herald Sun" for "The Herald".
  function findPlace(entry) {
    const places = [];
    for (let at = box.value.indexOf(entry); at >= 0; at = box.value.indexOf(entry, at + 1)) places.push(at);
    const alone = (at) => /(^|[\n,;|])\s*$/.test(box.value.slice(0, at)) && /^\s*($|[\n,;|])/.test(box.value.slice(at + entry.length));
    return places.find(alone) ?? places[0] ?? -1;
  }
  frame.addEventListener("click", (event) => {
    const fix = event.target.closest(".fix");
    if (!fix) return;
    const at = findPlace(fix.dataset.entry);
    if (at < 0) return;
    box.setRangeText(fix.dataset.use, at, at + fix.dataset.entry.length, "end");
    box.focus();
    check();
  });
}


// Ctrl+Enter or Cmd+Enter sends the list.
document.getElementById("outlets")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.form.requestSubmit();
  }
});

// The list of outlets follows its filters.
const filters = document.querySelector("form[data-live]");
if (filters) {
  let timer = 0, latest = 0;
  async function search() {
    const request = ++latest;
    const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
    const address = filters.getAttribute("action") + (query.size ? "?" + query : "");
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || request !== latest) return;
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("results");
    if (piece) document.getElementById("results").replaceWith(piece);
    history.replaceState(null, "", address);
  }
  filters.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 250); });
}
