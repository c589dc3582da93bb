import assert from "node:assert/strict";
import { test } from "node:test";
import { Composition, isComposing } from "./ime.ts";

// What browsers tell while 你好 is composed and taken with Enter, in the order in which they tell it.
const TAKEN = {
  "Chromium": [{ key: "Process", keyCode: 229 }, "end"],
  "Firefox": [{ key: "Enter", keyCode: 13, isComposing: true }, "end"],
  "Safari": ["end", { key: "Enter", keyCode: 229 }],
  "Safari that tells the Enter once more": ["end", { key: "Enter", keyCode: 13, isComposing: false }],
} as const;

for (const [browser, told] of Object.entries(TAKEN)) {
  test(`the Enter that takes a candidate is the input method's: ${browser}`, () => {
    const composition = new Composition();
    for (const one of told) {
      if (one === "end") composition.ended();
      else assert.equal(composition.covers(one), true);
    }
  });
}

test("an Enter of one's own is one", async () => {
  const composition = new Composition();
  const enter = { key: "Enter", keyCode: 13 };
  assert.equal(composition.covers(enter), false);
  composition.ended();
  assert.equal(composition.covers({ key: "a", keyCode: 65 }), false);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(composition.covers(enter), false);
  assert.equal(isComposing({ key: "Escape", isComposing: true }), true);
});
