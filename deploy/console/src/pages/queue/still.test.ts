import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, settle } from "./still.ts";

interface Row {
  id: string;
  value: number;
}
const id = (row: Row) => row.id;
const rows = (...ids: string[]): Row[] => ids.map((one, value) => ({ id: one, value }));

test("rows keep their places while the order of the desk changes", () => {
  const held = hold(settle(rows("a", "b", "c"), id), rows("c", "a", "b"), id);
  assert.deepEqual(held.order, ["a", "b", "c"]);
  assert.equal(held.rows.get("c")!.value, 0); // with what is told now
  assert.deepEqual([held.fresh, [...held.gone]], [[], []]);
});

test("what is new gathers outside, and what left stays in its place", () => {
  const held = hold(settle(rows("a", "b", "c"), id), rows("x", "c", "y", "a"), id);
  assert.deepEqual(held.order, ["a", "b", "c"]);
  assert.deepEqual(held.fresh, ["x", "y"]);
  assert.deepEqual([...held.gone], ["b"]);
  assert.equal(held.rows.get("b")!.value, 1); // as it was last told
});

test("what left and comes back is no longer gone", () => {
  const left = hold(settle(rows("a", "b"), id), rows("a"), id);
  const back = hold(left, rows("b", "a"), id);
  assert.deepEqual([back.order, [...back.gone], back.fresh], [["a", "b"], [], []]);
});

test("what comes behind everything follows there, for it moves nothing", () => {
  const held = hold(settle(rows("a", "b"), id), rows("x", "a", "b", "c", "d"), id);
  assert.deepEqual([held.order, held.fresh], [["a", "b", "c", "d"], ["x"]]);
  const all = hold(settle(rows("a"), id), rows("x"), id); // nothing of what is shown is there any more
  assert.deepEqual([all.order, all.fresh, [...all.gone]], [["a"], ["x"], ["a"]]);
});

test("settled, it is what the desk tells", () => {
  const settled = settle(rows("x", "c", "a"), id);
  assert.deepEqual([settled.order, settled.fresh, settled.gone.size], [["x", "c", "a"], [], 0]);
});
