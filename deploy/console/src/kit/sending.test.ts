import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { dropSending, forgetSending, isStopped, keepSending, left, readSending, stopSending, ticketsLeft, type Sent } from "./sending.ts";

/** What a tab keeps, as browsers have it (HTML, 12.2). */
class Kept {
  private readonly items = new Map<string, string>();
  get length() { return this.items.size; }
  key(n: number) { return [...this.items.keys()][n] ?? null; }
  getItem(name: string) { return this.items.get(name) ?? null; }
  setItem(name: string, value: string) { this.items.set(name, value); }
  removeItem(name: string) { this.items.delete(name); }
}

const sent: Sent = { key: "k1", at: 1_000, mode: "reply", text: "a", holds: true };
const HOUR = 3_600_000;
beforeEach(() => void Object.assign(globalThis, { sessionStorage: new Kept() }));

test("it stands by person, ticket and audience", () => {
  keepSending("lin", "TK-1", sent);
  assert.deepEqual(left("lin", "TK-1", "reply", "a", 2_000), sent);
  for (const [who, ticket, mode] of [["chen", "TK-1", "reply"], ["lin", "TK-2", "reply"], ["lin", "TK-1", "note"]] as const) {
    assert.equal(left(who, ticket, mode, "a", 2_000), null);
  }
  assert.deepEqual([ticketsLeft("lin"), ticketsLeft("chen")], [["TK-1"], []]);
});

test("what was changed since, or written long ago, is a draft", () => {
  keepSending("lin", "TK-1", sent);
  assert.equal(left("lin", "TK-1", "reply", "ab", 2_000), null);
  assert.equal(left("lin", "TK-1", "reply", "a", 1_000 + HOUR), null);
});

test("the answer to an earlier one leaves a later one alone", () => {
  keepSending("lin", "TK-1", { ...sent, key: "k2" });
  dropSending("lin", "TK-1", sent);
  assert.equal(readSending("lin", "TK-1", "reply")?.key, "k2");
});

test("who goes on writing stops it; who signs out leaves nothing", () => {
  keepSending("lin", "TK-1", sent);
  stopSending("lin", "TK-1", sent);
  assert.deepEqual([isStopped(sent), readSending("lin", "TK-1", "reply")], [true, null]);
  keepSending("lin", "TK-1", sent);
  sessionStorage.setItem("bihuan-left", "/console");
  forgetSending();
  assert.deepEqual([ticketsLeft("lin"), sessionStorage.length], [[], 1]);
});

test("what is not understood is nothing", () => {
  for (const text of ["", "{", "null", "[]", '{"key":1}']) {
    sessionStorage.setItem("bihuan-sending\nlin\nTK-1\nreply", text);
    assert.equal(readSending("lin", "TK-1", "reply"), null);
  }
});
