/** What was typed and not sent: by person, ticket and audience, so that it never stands in another box. It is kept in this
 *  browser with each keystroke, and at the desk a moment later. */
export type Mode = "reply" | "note";

/** `version`: the desk's that it is based upon, 0 for none. `isNew`: whether the desk has not got it yet. */
export interface Local {
  text: string;
  version: number;
  isNew: boolean;
}

/** As the desk has it. */
export interface Kept {
  text: string;
  version: number;
  send_at: string | null;
}

const NOTHING: Local = { text: "", version: 0, isNew: false };
const PREFIX = "bihuan-draft";
const key = (who: string, ticket: string, mode: Mode): string => [PREFIX, who, ticket, mode].join("\n");

export function readDraft(who: string, ticket: string, mode: Mode): Local {
  const stored = localStorage.getItem(key(who, ticket, mode));
  if (!stored) return NOTHING;
  try {
    const { text, version, isNew } = JSON.parse(stored) as Local;
    if (typeof text === "string" && typeof version === "number") return { text, version, isNew: Boolean(isNew) };
  } catch {
    // an earlier console kept the text alone
  }
  return { text: stored, version: 0, isNew: true };
}

export function keepDraft(who: string, ticket: string, mode: Mode, draft: Local): void {
  if (draft.text || draft.isNew) localStorage.setItem(key(who, ticket, mode), JSON.stringify(draft));
  else localStorage.removeItem(key(who, ticket, mode));
}

/** The tickets that this person has a draft on in this browser. */
export function listLocal(who: string): string[] {
  const found: string[] = [];
  for (let n = 0; n < localStorage.length; n++) {
    const [prefix, whose, ticket, mode] = (localStorage.key(n) ?? "").split("\n");
    if (prefix === PREFIX && whose === who && ticket && readDraft(who, ticket, mode as Mode).text) found.push(ticket);
  }
  return found;
}

export type Outcome = "same" | "take" | "push" | "ask";

/** What to do with the two: `take` the desk's, `push` ours, or `ask` whoever typed both. What only this browser has is
 *  never given up for what another device wrote. */
export function compare(local: Local, kept: Kept | undefined): Outcome {
  // On its way; what is typed now is the next one, unless it is that very text.
  if (kept?.send_at) return local.text && (!local.isNew || local.text.trim() === kept.text) ? "take" : "same";
  if (!local.isNew) {
    if (!kept) return local.version ? "take" : "same";
    return kept.version === local.version && kept.text === local.text ? "same" : "take";
  }
  if (!kept || kept.version <= local.version || !kept.text || kept.text === local.text) return "push";
  return "ask";
}
