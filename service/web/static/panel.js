// Comfort only: the page says everything without this file.
"use strict";

function offerCopy(box) {
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
    let told = "Copied";
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      told = "Selected";
    }
    button.textContent = status.textContent = told;
    setTimeout(() => { button.textContent = "Copy"; status.textContent = ""; }, 2000);
  });
  box.append(button, status);
}

function enliven(root) {
  root.querySelectorAll("[data-copy]").forEach(offerCopy);
  root.querySelectorAll("[data-embed]").forEach(offerLooks);
}

// Theme, size and language of the bar to embed: every address in the texts to copy follows.
const LOOKS = [
  ["theme", "Theme", [["", "follows the reader"], ["light", "light"], ["dark", "dark"]]],
  ["width", "Size", [["", "320 × 32"], ["480", "480 × 32"], ["640", "640 × 32"], ["200", "200 × 32"]]],
  ["lang", "Language", [["", "English"], ...Object.entries({ es: "Español", fr: "Français", de: "Deutsch", pt: "Português", it: "Italiano", nl: "Nederlands", pl: "Polski", uk: "Українська", tr: "Türkçe", ar: "العربية", he: "עברית", hi: "हिन्दी", ja: "日本語", zh: "中文" })]],
];

function offerLooks(box) {
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
  let asked = 0;
  async function follow() {
    const mine = ++asked;
    const url = new URL(first);
    for (const [name, value] of Object.entries(look)) if (value) url.searchParams.set(name, value);
    picture.src = url;
    picture.width = look.width || 320;
    url.pathname = url.pathname.replace("bar.svg", "bar.json");
    let told = alt;
    try { told = (await (await fetch(url)).json()).alt; } catch { /* The words stay English. */ }
    if (mine !== asked) return;
    picture.alt = words.textContent = told;
    const more = Object.entries(look).filter(([, value]) => value);
    for (const [pre, text] of texts) {
      const sign = /^</.test(text) ? "&amp;" : "&";
      pre.textContent = text.replaceAll(alt, told)
        .replace(/(bar\.(?:svg|png)\?[^"\s)]*)/g, (found) => more.reduce(
          (address, [name, value]) => found.includes(name + "=") ? address : `${address}${sign}${name}=${value}`, found))
        .replace(/width="\d+"/g, `width="${look.width || 320}"`)
        .replace(/<slantwise-bar /, "<slantwise-bar " + more.map(([name, value]) => `${name}="${value}" `).join(""));
    }
  }
  box.querySelector("h3").after(choices);
}

enliven(document);

// While the list is typed, each entry gets its mark and the panel follows.
const form = document.getElementById("form");
if (form) {
  const live = document.getElementById("live"), told = document.getElementById("told"), frame = document.getElementById("frame");
  const box = form.elements.outlets;
  let waiting = 0, asked = 0;
  // A panel that no longer answers what is in the box stays in its place, but pale and out of reach.
  const fade = (stale) => document.getElementById("panel")?.toggleAttribute("inert", stale);
  async function check() {
    const mine = ++asked;
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || mine !== asked) return;
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
      enliven(panel);
      told.textContent = panel.querySelector("h1").textContent;
      const link = panel.querySelector("#link");
      history.replaceState(null, "", link ? link.textContent : location.pathname);
    }
  }
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(check, 350); };
  form.addEventListener("input", () => {
    if (box.value.trim()) return soon();
    clearTimeout(waiting);
    asked += 1;
    live.replaceChildren();
    fade(true);
    history.replaceState(null, "", location.pathname);
  });
  // A correction stands where the entry stood, and nowhere else: not in "The Herald Sun" for "The Herald".
  function placeOf(entry) {
    const places = [];
    for (let at = box.value.indexOf(entry); at >= 0; at = box.value.indexOf(entry, at + 1)) places.push(at);
    const alone = (at) => /(^|[\n,;|])\s*$/.test(box.value.slice(0, at)) && /^\s*($|[\n,;|])/.test(box.value.slice(at + entry.length));
    return places.find(alone) ?? places[0] ?? -1;
  }
  frame.addEventListener("click", (event) => {
    const fix = event.target.closest(".fix");
    if (!fix) return;
    const at = placeOf(fix.dataset.entry);
    if (at < 0) return;
    box.setRangeText(fix.dataset.use, at, at + fix.dataset.entry.length, "end");
    box.focus();
    check();
  });
}


// Control or Command with Enter sends the list, as in other places where people write.
document.getElementById("outlets")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.form.requestSubmit();
  }
});

// The list of outlets follows its filters.
const filters = document.querySelector("form[data-live]");
if (filters) {
  let waiting = 0, asked = 0;
  async function search() {
    const mine = ++asked;
    const query = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
    const address = filters.getAttribute("action") + (query.size ? "?" + query : "");
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("results");
    if (piece) document.getElementById("results").replaceWith(piece);
    history.replaceState(null, "", address);
  }
  filters.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 250); });
}
