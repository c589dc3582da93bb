import { api, must, newKey, once, Problem, Unreachable } from "../../api/client";

/** What is done to each of them. */
export type Act =
  | { kind: "note"; text: string }
  | { kind: "close"; outcome: string; reason: string }
  | { kind: "assign"; engineer: string; reason: string };

/** Tickets that one request is about; sent again with the same key, nothing is done twice. */
export interface Part {
  tickets: string[];
  key: string;
}

export interface Result {
  changed: number;
  refused: { ticket: string; why: string }[];
  /** Left the list before their turn: untouched. */
  left: string[];
  /** Of which nothing is known, because the desk was not reached. */
  unreached: Part[];
  /** Whose turn did not come, because one stopped. */
  stopped: string[];
}

export const EMPTY: Result = { changed: 0, refused: [], left: [], unreached: [], stopped: [] };
const AT_ONCE = 20; // so that one can stop in between, and sees how far it is

/** In one request so many; who has which ticket is decided for each alone. */
export function partsOf(act: Act["kind"], tickets: readonly string[]): Part[] {
  const size = act === "assign" ? 1 : AT_ONCE;
  const parts: Part[] = [];
  for (let at = 0; at < tickets.length; at += size) parts.push({ tickets: tickets.slice(at, at + size), key: newKey() });
  return parts;
}

/** One after the other, telling of each. */
export async function doAll(
  act: Act, parts: readonly Part[], hasLeft: (ticket: string) => boolean, isStopped: () => boolean, tell: (result: Result) => void,
): Promise<Result> {
  let result = EMPTY;
  for (const [at, part] of parts.entries()) {
    const rest = (from: number) => parts.slice(from).flatMap((one) => one.tickets).filter((one) => !hasLeft(one));
    if (isStopped()) return { ...result, stopped: rest(at) };
    const left = part.tickets.filter(hasLeft);
    const still = left.length ? { tickets: part.tickets.filter((one) => !left.includes(one)), key: newKey() } : part;
    result = { ...result, left: [...result.left, ...left] };
    if (!still.tickets.length) continue;
    try {
      const done = await (act.kind === "assign" ? assign(act, still) : change(act, still));
      result = { ...result, changed: result.changed + done.changed, refused: [...result.refused, ...done.refused] };
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Problem && error.status >= 500)) {
        return { ...result, unreached: [still], stopped: rest(at + 1) };
      }
      const why = error instanceof Problem ? error.message : String(error);
      result = { ...result, refused: [...result.refused, ...still.tickets.map((ticket) => ({ ticket, why }))] };
    }
    tell(result);
  }
  return result;
}

type Done = Pick<Result, "changed" | "refused">;

async function change(act: Exclude<Act, { kind: "assign" }>, part: Part): Promise<Done> {
  const body = act.kind === "note" ? { action: "note" as const, body: { text: act.text } }
    : { action: "close" as const, body: { outcome: act.outcome, reason: act.reason } };
  const { items, changed } = must(await api.POST("/v1/ticket-changes", {
    params: { header: once(part.key) }, body: { tickets: part.tickets.map((ticket) => ({ ticket })), change: body },
  }));
  return { changed, refused: items.flatMap((one) => (one.problem ? [{ ticket: one.ticket, why: one.problem.detail }] : [])) };
}

async function assign({ engineer, reason }: { engineer: string; reason: string }, part: Part): Promise<Done> {
  must(await api.POST("/v1/tickets/{ticket}/work/assignment", {
    params: { path: { ticket: part.tickets[0]! }, header: once(part.key) }, body: { engineer, reason },
  }));
  return { changed: 1, refused: [] };
}
