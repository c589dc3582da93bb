import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";
import { leaveToSignIn } from "./session";

export type Schemas = components["schemas"];

/** A part of what was sent, such as `body.days.0.date`, and what is wrong with it. */
export interface Wrong {
  field: string;
  message: string;
}

/** What the desk refused, in the reader's words (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly Wrong[] = [],
  ) {
    super(detail || title);
  }
}

/** The desk did not answer at all: the network, or a gateway that is away. */
export class Unreachable extends Error {}

let language = "en";
export const speak = (to: string): void => void (language = to);

const ours: Middleware = {
  onRequest({ request }) {
    request.headers.set("X-Bihuan", "1"); // that this is the console's own page; a cookie alone writes nothing
    request.headers.set("Accept-Language", language === "zh" ? "zh-CN" : "en");
    return request;
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === "AbortError" ? error : new Unreachable(String(error));
  },
};

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(ours);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer. Raises Problem; whoever is signed out goes to sign in. */
export function must<T>(answer: Answer<T>): T {
  if (answer.response.ok) return answer.data as T;
  if (answer.response.status === 401) leaveToSignIn();
  const said = (typeof answer.error === "object" ? answer.error : null) as Partial<Problem> | null;
  throw new Problem(
    answer.response.status,
    said?.code ?? "",
    said?.title ?? `HTTP ${answer.response.status}`,
    said?.detail ?? "",
    Array.isArray(said?.errors) ? said.errors : [],
  );
}

/** The header that makes sending again harmless: one key for one intention, whatever becomes of its first attempt. */
export const once = (key: string) => ({ "Idempotency-Key": key });
export const newKey = (): string => crypto.randomUUID();

const MOST_PAGES = 20;

/** All items of a list that is known to be short. */
export async function all<T>(
  page: (after: string | undefined) => Promise<{ items: T[]; next?: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  for (let n = 0; n < MOST_PAGES; n++) {
    const found = await page(after);
    items.push(...found.items);
    if (!found.next) break;
    after = found.next;
  }
  return items;
}
