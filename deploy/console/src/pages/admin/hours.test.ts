import assert from "node:assert/strict";
import { test } from "node:test";
import { BadHours, hoursOf, inWeek, written } from "./hours.ts";

test("hours are read as they are written, and the other way round", () => {
  const morning = { start: "09:00", end: "12:00" };
  const rest = { start: "13:30", end: "18:00" };
  assert.deepEqual(hoursOf("09:00-12:00，13:30 – 18:00"), [morning, rest]);
  assert.deepEqual(hoursOf(written([morning, rest])), [morning, rest]);
  assert.deepEqual(hoursOf("  "), []);
  assert.equal(inWeek([[morning, rest], [], [{ start: "00:00", end: "24:00" }]]), 31.5);
});

test("what are no hours is named", () => {
  assert.throws(() => hoursOf("09:00-12:00, morning"), (error) => error instanceof BadHours && error.message === "morning");
});
