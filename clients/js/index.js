// A client of Slantwise for browsers, extensions and Node 18 or newer. It needs only fetch.

const MAX_STORIES = 1000;
const MAX_BODY_BYTES = 15 * 2 ** 20; // the server takes 16 MiB a batch; options need a little room
const MAX_WAIT_SECONDS = 30;
const RETRIED_STATUSES = new Set([429, 503]);

export class ClientError extends Error {
  get name() {
    return this.constructor.name;
  }
}

/** No answer, none in time, or none from the service. */
export class NoAnswerError extends ClientError {}

/** A refusal by the service: `status`, `detail`, `errors` by JSON pointer, and the whole `problem`. */
export class ProblemError extends ClientError {
  constructor(problem) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
    this.problem = problem;
    this.status = problem.status;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
  }
}

/** Calls of one service. `timeout` is the seconds that one try may take, from its first byte to its last. */
export class Client {
  constructor(baseUrl, { apiKey = null, timeout = 10, retries = 4, fetch = globalThis.fetch } = {}) {
    this.baseUrl = baseUrl.replace(/\/+$/, "");
    this.timeout = timeout;
    this.retries = retries;
    this.headers = apiKey ? { Authorization: `Bearer ${apiKey}` } : {};
    this.fetch = (...request) => fetch(...request);
  }

  /** Score the outlets that cover one story. */
  distribution(outlets, options = {}) {
    return this.#post("/v1/distribution", { outlets, ...options });
  }

  /** Yield one result for each story, in order. Stories are taken as results are, `most` at a time. */
  async *batch(stories, { most = MAX_STORIES, ...options } = {}) {
    for await (const group of chunkStories(stories, most)) {
      const rest = JSON.stringify(options).slice(1);
      const body = `{"stories":[${group.join(",")}]${rest === "}" ? "" : ","}${rest}`;
      yield* (await this.#answer("POST", "/v1/distribution/batch", body)).results;
    }
  }

  /** Return the whole panel of a story. Its articles may come as feeds and news APIs give them. */
  coverage(story, articles, options = {}) {
    return this.#post("/v1/coverage", { story, articles, ...options });
  }

  /** Return the meaning of an entry, with candidates. */
  resolve(entry, options = {}) {
    return this.#answer("GET", `/v1/resolve?${new URLSearchParams({ q: entry, ...options })}`);
  }

  /** Return all that is known about an outlet. */
  outlet(domain) {
    return this.#answer("GET", `/v1/outlets/${encodeURIComponent(domain)}`);
  }

  /** Return version, counts, and each rater with its terms. */
  dataset() {
    return this.#answer("GET", "/v1/dataset");
  }

  #post(path, body) {
    return this.#answer("POST", path, JSON.stringify(body));
  }

  // POST is sent again too, because scoring changes nothing on the server. A request that timed out is not.
  async #answer(method, path, body) {
    const where = `${method} ${this.baseUrl}${path}`;
    const headers = { ...this.headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
    for (let tries = 0; ; tries += 1) {
      const last = tries >= this.retries;
      const signal = AbortSignal.timeout(this.timeout * 1000);
      let response;
      try {
        response = await this.fetch(this.baseUrl + path, { method, headers, body, signal, redirect: "manual" });
      } catch (error) {
        if (last || error.name === "TimeoutError") throw new NoAnswerError(`${where}: ${explainError(error)}`, { cause: error });
        await pause(wait(tries));
        continue;
      }
      if (RETRIED_STATUSES.has(response.status) && !last) {
        await response.body?.cancel();
        await pause(wait(tries, response.headers.get("Retry-After")));
        continue;
      }
      return readAnswer(response, where);
    }
  }
}

async function readAnswer(response, where) {
  let text;
  try {
    text = await response.text();
  } catch (error) {
    throw new NoAnswerError(`${where}: ${explainError(error)}`, { cause: error });
  }
  const value = parseJson(text);
  if (response.status === 200 && value) return value;
  if (response.status === 200 || response.type === "opaqueredirect") {
    const type = response.headers.get("Content-Type") ?? "no type";
    throw new NoAnswerError(`${where}: this is not an answer of the service (${type})`);
  }
  const { status, statusText } = response;
  const problem = typeof value?.title === "string" ? value : { title: statusText, detail: text.slice(0, 200), errors: [] };
  throw new ProblemError({ type: "about:blank", ...problem, status });
}

function parseJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function explainError(error) {
  return error.cause?.message || error.message;
}

// As long as the service asks, else 0.2, 0.4, 0.8 … seconds.
function wait(tries, asked = null) {
  const seconds = /^\d+$/.test(asked ?? "") ? Number(asked) : (Date.parse(asked ?? "") - Date.now()) / 1000;
  return Math.min(Number.isNaN(seconds) ? 0.2 * 2 ** tries : Math.max(seconds, 0), MAX_WAIT_SECONDS);
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Group stories, encoded, in lists of at most `most` that fit into the body of a request. */
export async function* chunkStories(stories, most = MAX_STORIES) {
  const encoder = new TextEncoder();
  let group = [];
  let bytes = 0;
  for await (const story of stories) {
    const piece = JSON.stringify(story);
    const size = encoder.encode(piece).length + 1;
    if (group.length && (group.length === most || bytes + size > MAX_BODY_BYTES)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(piece);
    bytes += size;
  }
  if (group.length) yield group;
}
