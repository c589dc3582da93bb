import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, type Kept, type Local } from "./draft.ts";

const local = (text: string, version: number, isNew: boolean): Local => ({ text, version, isNew });
const kept = (text: string, version: number, send_at: string | null = null): Kept => ({ text, version, send_at });

const CASES: [string, Local, Kept | undefined, string][] = [
  ["nothing anywhere", local("", 0, false), undefined, "same"],
  ["typed here alone", local("a", 0, true), undefined, "push"],
  ["typed on from what the desk has", local("ab", 2, true), kept("a", 2), "push"],
  ["the desk has it", local("a", 2, false), kept("a", 2), "same"],
  ["typed on another device", local("a", 2, false), kept("ab", 3), "take"],
  ["typed on both", local("ac", 2, true), kept("ab", 3), "ask"],
  ["the same typed on both", local("ab", 2, true), kept("ab", 3), "push"],
  ["sent from another device, untouched here", local("a", 2, false), kept("", 4), "take"],
  ["sent from another device, typed on here", local("ab", 2, true), kept("", 4), "push"],
  ["on its way", local("a", 2, false), kept("a", 3, "2026-01-01T00:00:00Z"), "take"],
  ["the next one, while one is on its way", local("b", 3, true), kept("a", 3, "2026-01-01T00:00:00Z"), "same"],
  ["on its way, though nobody said so here", local("a ", 2, true), kept("a", 3, "2026-01-01T00:00:00Z"), "take"],
  ["forgotten by the desk", local("a", 2, false), undefined, "take"],
];

for (const [what, ours, theirs, wanted] of CASES) {
  test(`a draft: ${what}`, () => assert.equal(compare(ours, theirs), wanted));
}
