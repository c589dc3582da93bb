import assert from "node:assert/strict";
import { test } from "node:test";
import { faceOf, faceOfRow, wordsOf, type Clock, type Look } from "./clock.ts";

const NOW = Date.parse("2026-03-02T04:00:00Z");
const at = (seconds: number) => new Date(NOW + 1000 * seconds).toISOString();
const running: Clock = { state: "running", verdict: "running", target_seconds: 7200, remaining_seconds: 7200, due_at: at(7200) };
const stopped = { ...running, state: "stopped", due_at: null };

const CASES: [what: string, clock: Clock, told: boolean, look: Look, en: string, zh: string][] = [
  ["running", running, true, "running", "2 h 00 min left", "剩余 2 小时 00 分"],
  ["in its last hour", { ...running, due_at: at(3599) }, true, "risk", "59 min left", "仅剩 59 分钟"],
  ["in its last quarter", { ...running, target_seconds: 72000, due_at: at(17_000) }, true, "risk", "4 h 43 min left", "仅剩 4 小时 43 分"],
  ["due this second", { ...running, due_at: at(0) }, true, "risk", "0 s left", "仅剩 0 秒"],
  ["overdue", { ...running, due_at: at(-725) }, true, "breached", "12 min overdue", "已超时 12 分钟"],
  ["paused", { ...running, state: "paused", due_at: null }, true, "paused", "paused", "已暂停"],
  ["paused with a limit", { ...running, state: "paused", due_at: at(100) }, true, "paused", "paused", "已暂停"],
  ["met", { ...stopped, verdict: "met" }, true, "met", "met", "已达成"],
  ["met late, which stands still", { ...stopped, verdict: "breached", remaining_seconds: -725 }, true, "met_late", "met late", "超时达成"],
  ["excluded", { ...stopped, verdict: "excluded" }, true, "ended", "ended", "已结束"],
  ["only measured", { ...running, target_seconds: null, due_at: null }, true, "none", "no target", "无时限"],
  ["not told of changes any more", running, false, "stale", "2 h 00 min, may be out of date", "2 小时 00 分，可能已过时"],
];

for (const [what, clock, told, look, en, zh] of CASES) {
  test(`a clock says what it is: ${what}`, () => {
    const face = faceOf(clock, NOW, told);
    assert.deepEqual([face.look, wordsOf(face, "en"), wordsOf(face, "zh")], [look, en, zh]);
  });
}

test("what is over does not go on counting", () => {
  const late = { ...stopped, verdict: "breached", remaining_seconds: -725 };
  assert.deepEqual(faceOf(late, NOW, true), faceOf(late, NOW + 86_400_000, true));
});

test("a row of the queue has the next deadline, or says that it waits", () => {
  const row = { due_at: at(-1), waiting_for: "none", work: "queued" };
  assert.equal(faceOfRow(row, NOW, true).look, "breached");
  assert.equal(faceOfRow({ ...row, due_at: null, waiting_for: "third_party" }, NOW, true).look, "paused");
  assert.equal(faceOfRow({ ...row, due_at: null }, NOW, true).look, "none");
});
