// Run by tests/client/test_javascript.py with SERVICE, the address of a running server.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { Client, NoAnswerError, ProblemError, chunkStories } from "./index.js";

const service = new Client(process.env.SERVICE + "/");
const OUTLETS = ["left.example", { name: "The Middle" }, "The Herald", "https://nobody.example/x", "left.example"];

// A server that answers one request after another as told, and keeps what it was sent.
async function playing(answers, work, options = {}) {
  const seen = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      const answer = answers[Math.min(seen.length, answers.length) - 1];
      if (answer === "reset") return request.socket.destroy();
      if (answer === "silence") return undefined;
      const [status, headers, text] = answer;
      response.writeHead(status, headers).end(text);
      return undefined;
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(new Client(`http://127.0.0.1:${server.address().port}`, options), seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const OK = [200, { "Content-Type": "application/json" }, "{}"];

test("a list is scored as the service says", async () => {
  const answer = await service.distribution(OUTLETS, { detail: "full" });
  const sent = await fetch(`${process.env.SERVICE}/v1/distribution`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ outlets: OUTLETS, detail: "full" }),
  });
  assert.deepEqual(answer, await sent.json());
  assert.equal(answer.counts.duplicates, 1);
});

test("a batch takes stories as its results are taken", async () => {
  let made = 0;
  async function* stories() {
    for (const outlet of ["left.example", "center.example", "right.example", "left.example"]) {
      made += 1;
      yield { id: `${made}`, outlets: [outlet] };
    }
  }
  const ids = [];
  for await (const story of service.batch(stories(), { most: 1, detail: "summary" })) {
    ids.push([story.id, story.result.headline]);
    if (ids.length === 2) break;
  }
  assert.deepEqual(ids, [["1", "100% Left"], ["2", "100% Center"]]);
  assert.ok(made <= 3);
});

test("a bad story is a result with its problem", async () => {
  const stories = [{ id: "a", outlets: [] }, { id: "b", outlets: ["left.example"] }];
  const [bad, good] = await all(service.batch(stories));
  assert.equal(bad.problem.status, 422);
  assert.equal(good.result.counts.rated, 1);
});

async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

test("the other calls answer", async () => {
  assert.equal((await service.outlet("left.example")).domain, "left.example");
  assert.equal((await service.resolve("The Middle")).domain, "center.example");
  assert.ok((await service.dataset()).rows);
  const panel = await service.coverage({ title: "A story" }, [{ url: "https://left.example/a" }]);
  assert.equal(panel.articles.count, 1);
});

test("a refusal says where and what would be right", async () => {
  await assert.rejects(service.distribution([]), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.status, 422);
    assert.equal(error.errors[0].pointer, "/outlets");
    assert.match(error.message, /422/);
    return true;
  });
  await assert.rejects(service.outlet("nobody.example"), { name: "ProblemError", status: 404 });
});

for (const [what, answers, tries] of [
  ["429", [[429, { "Retry-After": "0" }, "{}"], OK], 2],
  ["503", [[503, { "Retry-After": "0" }, "{}"], [503, { "Retry-After": "0" }, "{}"], OK], 3],
  ["a connection that breaks", ["reset", OK], 2],
]) {
  test(`after ${what} it tries again, POST too`, async () => {
    await playing(answers, async (client, seen) => {
      assert.deepEqual(await client.distribution(["a"]), {});
      assert.equal(seen.length, tries);
      assert.ok(seen.every((each) => each.body === '{"outlets":["a"]}'));
    });
  });
}

test("it gives up after its retries, with the service's own words", async () => {
  const busy = [503, { "Retry-After": "0" }, '{"status":503,"title":"Busy","detail":"later"}'];
  await playing([busy], async (client, seen) => {
    await assert.rejects(client.dataset(), { name: "ProblemError", status: 503, detail: "later" });
    assert.equal(seen.length, 3);
  }, { retries: 2 });
});

test("what takes too long is not sent again", async () => {
  await playing(["silence"], async (client, seen) => {
    await assert.rejects(client.dataset(), NoAnswerError);
    assert.equal(seen.length, 1);
  }, { timeout: 0.2 });
});

for (const [what, answer, kind] of [
  ["a gateway's page with 200", [200, { "Content-Type": "text/html" }, "<p>hello"], "NoAnswerError"],
  ["a gateway's page with 502", [502, { "Content-Type": "text/html" }, "<p>bad gateway"], "ProblemError"],
  ["null", [200, { "Content-Type": "application/json" }, "null"], "NoAnswerError"],
  ["a redirect", [302, { Location: "/elsewhere" }, ""], "ProblemError"],
]) {
  test(`${what} is not an answer`, async () => {
    await playing([answer], async (client, seen) => {
      await assert.rejects(client.dataset(), { name: kind });
      assert.equal(seen.length, 1);
    }, { retries: 0 });
  });
}

test("the key is sent and kept out of messages", async () => {
  await playing([[403, {}, "no"]], async (client, seen) => {
    await assert.rejects(client.outlet("x"), (error) => !error.message.includes("secret"));
    assert.equal(seen[0].headers.authorization, "Bearer secret");
  }, { apiKey: "secret" });
});

test("names with a slash, a blank or a mark stay one part of the path", async () => {
  await playing([OK], async (client, seen) => {
    await client.outlet("a/b ?c");
    assert.equal(seen[0].url, "/v1/outlets/a%2Fb%20%3Fc");
  });
});

test("groups are bounded in number and in bytes", async () => {
  const long = { outlets: ["é".repeat(4 * 2 ** 20)] };
  const sizes = (await all(chunkStories([long, long, long, { outlets: ["a"] }], 3))).map((group) => group.length);
  assert.deepEqual(sizes, [1, 1, 2]);
});
