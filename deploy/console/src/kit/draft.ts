/** What was typed and not sent: by person, ticket and audience, so that it never stands in another box. It is kept with
 *  each keystroke, in this browser. */
export type Mode = "reply" | "note";

const PREFIX = "bihuan-draft";
const key = (who: string, ticket: string, mode: Mode): string => [PREFIX, who, ticket, mode].join("\n");

export function readDraft(who: string, ticket: string, mode: Mode): string {
  return localStorage.getItem(key(who, ticket, mode)) ?? "";
}

export function keepDraft(who: string, ticket: string, mode: Mode, text: string): void {
  if (text) localStorage.setItem(key(who, ticket, mode), text);
  else localStorage.removeItem(key(who, ticket, mode));
}

export const hasDraft = (who: string, ticket: string): boolean =>
  Boolean(readDraft(who, ticket, "reply") || readDraft(who, ticket, "note"));
