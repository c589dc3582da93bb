import assert from "node:assert/strict";
import { test } from "node:test";
import { chainsOf } from "./trace.ts";

const at = (ms: number) => new Date(Date.UTC(2026, 2, 2) + ms).toISOString();

test("what one request led to is one chain, in its order, and deeper step by step", () => {
  const told = [
    { id: "c", at: at(40), cause: "b" }, { id: "a", at: at(0), cause: "request-1" }, { id: "b", at: at(15), cause: "a" },
    { id: "d", at: at(5), cause: "request-1" }, { id: "later", at: at(9000), cause: "" },
  ];
  const [second, first] = chainsOf(told);
  assert.deepEqual(first!.steps.map((one) => [one.told.id, one.depth, one.after]), [["a", 0, 0], ["d", 0, 5], ["b", 1, 15], ["c", 2, 40]]);
  assert.equal(first!.lasted, 40);
  assert.deepEqual(second!.steps.map((one) => one.told.id), ["later"]);
});

test("a circle of causes ends", () => {
  const told = [{ id: "a", at: at(0), cause: "b" }, { id: "b", at: at(1), cause: "a" }, { id: "c", at: at(2), cause: "c" }];
  assert.equal(chainsOf(told).flatMap((one) => one.steps).length, 3);
});
