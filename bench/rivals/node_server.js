// The compiled rival: node's own HTTP server, a Map for the table, the same job and the same figures.
"use strict";
const fs = require("fs");
const http = require("http");

const outlets = new Map(Object.entries(JSON.parse(fs.readFileSync("build/bench/outlets.json", "utf8"))));
const dataset = JSON.parse(fs.readFileSync("build/bench/dataset.json", "utf8"));
const SIDES = ["left", "center", "right"];
const LABELS = ["far_left", "left", "lean_left", "center", "lean_right", "right", "far_right"];
const STATUSES = ["rated", "unrated", "unknown", "ambiguous", "platform", "invalid", "duplicate"];
const Z = 1.959963984540054;
const NAMES = { allsides: "AllSides'", mbfc: "Media Bias/Fact Check's" };
const HOLDS = "every rater with 5 or more rated sources, and any rating of the rest, gives the same leading side";

const zeros = (names) => Object.fromEntries(names.map((name) => [name, 0]));
const bySide = (values) => ({ left: values[0], center: values[1], right: values[2] });
const round4 = (x) => Math.round(x * 1e4) / 1e4;
const sum = (counts) => counts[0] + counts[1] + counts[2];
const capital = (word) => word[0].toUpperCase() + word.slice(1);

function find(entry) {
  let host = entry.includes("://") ? new URL(entry).hostname : entry.toLowerCase();
  const whole = host;
  for (;;) {
    const outlet = outlets.get(host);
    if (outlet) return [outlet.domain, outlet];
    const dot = host.indexOf(".");
    if (dot < 0) return [whole, null];
    host = host.slice(dot + 1);
  }
}

function percentages(counts) {
  const total = sum(counts);
  if (!total) return null;
  const exact = counts.map((count) => (count / total) * 100);
  const whole = exact.map(Math.floor);
  const order = [0, 1, 2].sort((a, b) => whole[a] - exact[a] - (whole[b] - exact[b]));
  for (let i = 0, left = 100 - sum(whole); i < left; i++) whole[order[i]]++;
  return bySide(whole);
}

function wilson(count, n) {
  const p = count / n;
  const middle = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return [round4(Math.max(0, middle - half)), round4(Math.min(1, middle + half))];
}

function leading(counts) {
  const most = Math.max(...counts);
  return SIDES.filter((_, i) => most && counts[i] === most);
}

const sideIndex = (value) => (value > 0.5 ? 2 : value < -0.5 ? 0 : 1);

function score(entries) {
  const counts = [0, 0, 0];
  const spectrum = zeros(LABELS);
  const status = zeros(STATUSES);
  const raters = Object.fromEntries(dataset.raters.map((rater) => [rater, [0, 0, 0]]));
  const first = new Map();
  const single = [0, 0, 0, 0];
  let values = 0;
  const lines = entries.map((input, index) => {
    const [key, found] = find(input);
    const seen = first.has(key) ? first.get(key) : (first.set(key, index), index);
    const state = seen !== index ? "duplicate" : !found ? "unknown" : found.bias ? "rated" : "unrated";
    status[state]++;
    if (state === "rated") {
      counts[SIDES.indexOf(found.bias.side)]++;
      spectrum[found.bias.label]++;
      values += found.bias.value;
      if (found.bias.ratings.length === 1) {
        single[0]++;
        if (Math.abs(found.bias.value) <= 1.5) single[SIDES.indexOf(found.bias.side) + 1]++;
      }
      for (const rating of found.bias.ratings) raters[rating.rater][sideIndex(rating.value)]++;
    }
    return {
      index, input, status: state,
      domain: found ? found.domain : null,
      name: found ? found.name : null,
      match: found ? { by: input.includes("://") ? "url" : "domain", confidence: 1.0 } : null,
      bias: found ? found.bias : null,
      factuality: found ? found.factuality : null,
      country: found ? found.country : null,
      duplicate_of: seen !== index ? seen : null,
      candidates: [],
    };
  });
  return answer(counts, spectrum, lines, raters, status, values, single);
}

// The error function has no place in this language; its Taylor series has all digits here.
function normal(x) {
  let term = x, sum = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

function answer(counts, spectrum, lines, raters, status, values, single) {
  const rated = sum(counts);
  const unrated = lines.length - status.duplicate - rated;
  const total = rated + unrated;
  const shown = percentages(counts);
  const lead = leading(counts);
  const told = lead.map((side, i) =>
    i ? `${shown[side]}% are ${capital(side)}` : `${shown[side]}% of the ${rated} rated sources are ${capital(side)}`);
  const reasons = lead.length > 1
    ? [`${lead.map(capital).join(" and ")} tie for the lead`]
    : Object.entries(raters)
        .filter(([, each]) => sum(each) >= 5 && leading(each).join() !== lead.join())
        .map(([rater, each]) => `${capital(lead[0])} does not lead on ${NAMES[rater]} ratings alone (${sum(each)} rated)`);
  const [, second, most] = [...counts].sort((a, b) => a - b);
  const chance = most === second ? 0
    : round4(normal((most - second - 0.5) / Math.sqrt(0.25 + 0.3 * rated + 0.1 * unrated)));
  const sources = (n) => (n === 1 ? "source" : "sources");
  const isOrAre = (n) => (n === 1 ? "is" : "are");
  if (unrated && most !== second && most <= second + unrated)
    reasons.push(`the ${unrated} ${sources(unrated)} without a rating could let another side catch up`);
  if (!reasons.length && chance < 0.95)
    reasons.push(`${capital(lead[0])} leads by only ${most - second} of ${rated} rated sources`);
  const moved = single[1] + single[3];
  const ifCenter = percentages([counts[0] - single[1], counts[1] + moved, counts[2] - single[3]]);
  if (moved && lead.join() !== "center")
    reasons.push(`${moved} ${sources(moved)} near the center ${isOrAre(moved)} rated by one rater only; as Center ` +
      `${moved === 1 ? "it" : "they"} would make it ${ifCenter.left}% Left, ${ifCenter.center}% Center and ${ifCenter.right}% Right`);
  return {
    headline: lead.map((side) => `${shown[side]}% ${capital(side)}`).join(" and "),
    sentence: `${told.join(" and ")}; ${unrated} of ${total} sources ${isOrAre(unrated)} not rated.`,
    leading: lead,
    distribution: shown,
    counts: { ...bySide(counts), rated, unrated, total, entries: lines.length, duplicates: status.duplicate, by_status: status },
    shares: {
      of_rated: bySide(counts.map((n) => round4(n / rated))),
      of_all: { ...bySide(counts.map((n) => round4(n / total))), unrated: round4(unrated / total) },
    },
    spectrum,
    mean: round4(values / rated),
    robustness: {
      level: chance >= 0.95 ? "firm" : chance >= 0.8 ? "likely" : "fragile",
      probability_leading: chance,
      reasons: reasons.length ? reasons : [HOLDS],
      single_rater: { rated: single[0], near_center: single[1] + single[2] + single[3], if_center: ifCenter },
      interval: bySide(counts.map((n) => wilson(n, rated))),
      bounds: bySide(counts.map((n) => [round4(n / total), round4((n + unrated) / total)])),
      by_rater: Object.fromEntries(Object.entries(raters).map(([rater, each]) =>
        [rater, { distribution: percentages(each), rated: sum(each) }])),
    },
    outlets: lines,
    dataset,
  };
}

http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.from(JSON.stringify(score(JSON.parse(Buffer.concat(chunks)).outlets)));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    response.end(body);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
