import { lasting } from "./time.ts";
import type { Language } from "./words.ts";

export type Look = "running" | "risk" | "breached" | "paused" | "met" | "met_late" | "ended" | "none" | "stale";

/** What a clock says just now. `left`: seconds until it is due, below 0 when it is overdue; null where that says nothing. */
export interface Face {
  look: Look;
  left: number | null;
}

/** As sla tells of one clock. */
export interface Clock {
  state: string;
  verdict: string;
  target_seconds: number | null;
  remaining_seconds: number | null;
  due_at: string | null;
}

const RISK_SHARE = 0.25;
const RISK_SECONDS = 3600;

/** `told`: whether the desk can still tell of changes; a clock that may have been stopped meanwhile says so. */
export function faceOf(clock: Clock, now: number, told: boolean): Face {
  if (clock.state === "stopped") {
    if (clock.target_seconds === null) return { look: "ended", left: null };
    // What is over stands still: how late it was is said once and for all.
    if (clock.verdict === "breached") return { look: "met_late", left: clock.remaining_seconds };
    return { look: clock.verdict === "met" ? "met" : "ended", left: clock.remaining_seconds };
  }
  if (clock.target_seconds === null) return { look: "none", left: null };
  if (clock.state === "paused") return { look: "paused", left: clock.remaining_seconds };
  return running(clock.due_at, now, told, Math.max(RISK_SECONDS, clock.target_seconds * RISK_SHARE));
}

/** Of a row of the queue, which knows the next deadline alone. */
export function faceOfRow(row: { due_at: string | null; waiting_for: string; work: string }, now: number, told: boolean): Face {
  if (row.due_at) return running(row.due_at, now, told, RISK_SECONDS);
  return { look: row.waiting_for !== "none" ? "paused" : "none", left: null };
}

function running(due: string | null, now: number, told: boolean, risk: number): Face {
  if (!due) return { look: "none", left: null };
  const left = Math.floor((Date.parse(due) - now) / 1000);
  if (!told) return { look: "stale", left };
  return { look: left < 0 ? "breached" : left < risk ? "risk" : "running", left };
}

export const SHAPE: Record<Look, string> = {
  running: "○", risk: "◐", breached: "◆", paused: "‖", met: "✓", met_late: "✓◆", ended: "–", none: "–", stale: "?",
};

const WORDS: Record<Look, readonly [en: string, zh: string]> = {
  running: ["{t} left", "剩余 {t}"], risk: ["{t} left", "仅剩 {t}"], breached: ["{t} overdue", "已超时 {t}"],
  paused: ["paused", "已暂停"], met: ["met", "已达成"], met_late: ["met late", "超时达成"], ended: ["ended", "已结束"],
  none: ["no target", "无时限"], stale: ["{t}, may be out of date", "{t}，可能已过时"],
};

export function wordsOf(face: Face, language: Language): string {
  const text = WORDS[face.look][language === "zh" ? 1 : 0];
  return text.replace("{t}", face.left === null ? "" : lasting(face.left, language)).trim();
}
