/** What was sent and not answered yet. It outlives a reload of its tab, and is sent again with the same key: done once,
 *  however often. By person, ticket and audience: never in another ticket, never for whoever signs in next. */
import type { Mode } from "./draft.ts";

/** `key`: one for what was written, however often it is sent. `at`: when it was sent, by the desk's clock. `holds`: whether
 *  the desk holds it a moment, in which it can be taken back. */
export interface Sent {
  key: string;
  at: number;
  mode: Mode;
  text: string;
  holds: boolean;
}

const PREFIX = "bihuan-sending";
const LATE = 3_600_000; // ms: what is older was written for another moment; it stays a draft
const name = (who: string, ticket: string, mode: Mode): string => [PREFIX, who, ticket, mode].join("\n");

const stopped = new Set<string>();

/** Somebody would rather go on writing: it is not tried again. */
export function stopSending(who: string, ticket: string, sent: Sent): void {
  stopped.add(sent.key);
  dropSending(who, ticket, sent);
}
export const isStopped = (sent: Sent): boolean => stopped.has(sent.key);

export const keepSending = (who: string, ticket: string, sent: Sent): void => sessionStorage.setItem(name(who, ticket, sent.mode), JSON.stringify(sent));

/** It was answered, or is not wanted any more; what was sent after it stays. */
export function dropSending(who: string, ticket: string, sent: Sent): void {
  if (readSending(who, ticket, sent.mode)?.key === sent.key) sessionStorage.removeItem(name(who, ticket, sent.mode));
}

/** What this tab was sending when it was left, if anything. */
export function readSending(who: string, ticket: string, mode: Mode): Sent | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(name(who, ticket, mode)) ?? "null") as Sent | null;
    return found && typeof found.key === "string" && typeof found.text === "string" && found.mode === mode ? found : null;
  } catch {
    return null;
  }
}

/** What is still to be sent on this ticket: not what was written long ago, nor what has been changed since. */
export function left(who: string, ticket: string, mode: Mode, typed: string, now: number): Sent | null {
  const sent = readSending(who, ticket, mode);
  return sent && sent.text === typed && now - sent.at < LATE ? sent : null;
}

/** The tickets on which this person was sending something. */
export function ticketsLeft(who: string): string[] {
  const names = Array.from({ length: sessionStorage.length }, (_, n) => (sessionStorage.key(n) ?? "").split("\n"));
  return [...new Set(names.filter(([prefix, whose]) => prefix === PREFIX && whose === who).map(([, , ticket]) => ticket!))];
}

/** Whoever signs out leaves nothing that would be sent. */
export function forgetSending(): void {
  const names = Array.from({ length: sessionStorage.length }, (_, n) => sessionStorage.key(n) ?? "");
  for (const one of names) if (one.startsWith(`${PREFIX}\n`)) sessionStorage.removeItem(one);
}
