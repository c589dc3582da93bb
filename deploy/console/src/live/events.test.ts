import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader, ticketOf } from "./events.ts";

const WIRE = 'retry: 2000\nid: 7\n\nid: 8\nevent: ticket.opened\ndata: {"subject":"TK-2026-000001"}\n\n: heartbeat\nid: 12\n\nid: 13\nevent: reset\ndata: {}\n\n';

test("whole events come out however the wire cuts them", () => {
  for (let at = 0; at <= WIRE.length; at++) {
    const reader = new Reader();
    const told = [...reader.take(WIRE.slice(0, at)), ...reader.take(WIRE.slice(at))];
    assert.deepEqual(told.map(({ id, kind }) => [id, kind]), [[8, "ticket.opened"], [13, "reset"]]);
    assert.equal(reader.place, 13);
  }
});

test("a heartbeat moves the place on without an event", () => {
  const reader = new Reader();
  assert.deepEqual(reader.take(": heartbeat\nid: 12\n\n"), []);
  assert.equal(reader.place, 12);
});

test("of an event that is not understood the ticket is unknown, and nothing breaks", () => {
  for (const data of ["", "null", "[]", "{", '{"subject":1}']) assert.equal(ticketOf({ id: 1, kind: "x", data }), "");
  assert.equal(ticketOf({ id: 1, kind: "x", data: '{"subject":"TK-1"}' }), "TK-1");
});
