// <slantwise-bar outlets="reuters.com, bbc.com" src="https://bias.example.org"></slantwise-bar>
// Attributes: outlets, or counts (left, center, right, unrated); src, theme, colors, lang, width, height, caption.
"use strict";
(() => {
  const home = document.currentScript?.src ? new URL(".", document.currentScript.src).href : "";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{display:inline-block;max-width:100%}:host([hidden]){display:none}
    a{display:block;color:inherit;text-decoration:none;border-radius:6px}
    a:focus-visible{outline:3px solid currentColor;outline-offset:2px}
    img{display:block;max-width:100%;height:auto}
    p{margin:.25em 0 0;font:.875em/1.4 system-ui,sans-serif}`);
  const COUNTS = ["left", "center", "right", "unrated"];
  const LOOKS = ["theme", "colors", "lang", "width", "height"];

  class SlantwiseBar extends HTMLElement {
    static observedAttributes = ["outlets", "src", "caption", ...COUNTS, ...LOOKS];
    #watch;
    #asked = 0;

    connectedCallback() {
      if (!this.shadowRoot) {
        this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
        this.shadowRoot.adoptedStyleSheets = [sheet];
      }
      this.#watch = new IntersectionObserver((entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          this.#watch.disconnect();
          this.#watch = null;
          this.#show();
        }
      }, { rootMargin: "200px" });
      this.#watch.observe(this);
    }

    disconnectedCallback() { this.#watch?.disconnect(); }

    attributeChangedCallback() { if (this.shadowRoot && !this.#watch) this.#show(); }

    // Only http and https lead anywhere.
    get #service() {
      try {
        const url = new URL(this.getAttribute("src") || home, document.baseURI);
        return /^https?:$/.test(url.protocol) ? url.href.replace(/[?#].*$/, "").replace(/\/*$/, "") : "";
      } catch { return ""; }
    }

    get #outlets() {
      // A comma inside an address is part of it, unless a blank or another address follows.
      const parts = (this.getAttribute("outlets") || "").split(/\n|[,;](?=\s|https?:|$)/);
      const entries = parts.flatMap((part) => (part.includes("://") ? part : part.split(/[,;]/)));
      return entries.map((entry) => entry.trim()).filter(Boolean);
    }

    #query() {
      const query = new URLSearchParams();
      this.#outlets.forEach((entry) => query.append("outlet", entry));
      const names = query.size ? LOOKS : [...COUNTS, ...LOOKS];
      names.forEach((name) => { if (this.hasAttribute(name)) query.set(name, this.getAttribute(name)); });
      if (!query.has("theme")) query.set("theme", "auto");
      return query;
    }

    async #show() {
      const asked = ++this.#asked, service = this.#service;
      if (!service) return console.warn("<slantwise-bar>: src is not the address of a service", this);
      const query = this.#query();
      let alt = "Bias of this story's coverage: left, center and right", lang = "en", known = false;
      try {
        const answer = await fetch(`${service}/v1/bar.json?${query}`, { credentials: "omit" });
        const body = await answer.json();
        if (!answer.ok) throw new Error(body.detail || answer.statusText);
        ({ alt, lang } = body);
        known = true;
      } catch (error) {
        // The picture needs no permission to connect: it stands in.
        console.warn(`<slantwise-bar>: ${service}/v1/bar.json: ${error.message}`, this);
      }
      if (asked === this.#asked && this.isConnected) this.#draw(service, query, alt, lang, known);
    }

    #draw(service, query, alt, lang, known) {
      const link = document.createElement("a");
      const picture = document.createElement("img");
      picture.src = `${service}/v1/bar.svg?${query}`;
      picture.alt = alt;
      picture.width = query.get("width") || 320;
      picture.height = query.get("height") || 32;
      // Without an answer there is nothing to add to what the page holds for this case.
      picture.onerror = () => { this.shadowRoot.replaceChildren(document.createElement("slot")); };
      link.lang = lang;
      const page = new URLSearchParams({ outlets: this.#outlets.join("\n"), form: "list" });
      link.href = this.#outlets.length ? `${service}/?${page}` : `${service}/`;
      link.target = "_blank";
      link.rel = "noopener";
      link.append(picture);
      this.shadowRoot.replaceChildren(link);
      if (known && this.hasAttribute("caption")) {
        const caption = document.createElement("p");
        caption.lang = lang;
        caption.setAttribute("aria-hidden", "true");
        caption.textContent = alt;
        this.shadowRoot.append(caption);
      }
      this.dispatchEvent(new CustomEvent("slantwise-shown", { bubbles: true, detail: { alt, known } }));
    }
  }

  if (!customElements.get("slantwise-bar")) customElements.define("slantwise-bar", SlantwiseBar);
})();
