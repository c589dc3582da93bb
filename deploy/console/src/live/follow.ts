import { PRESENCE, Reader, type Told } from "./events";

export type Light = "live" | "behind" | "off";

interface Heard {
  told(event: Told): void;
  light(light: Light): void;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const SILENT_FOR = 40_000; // the desk says something every 15 s; a connection that says nothing is dead

/** Follows the desk's events until `signal` ends it. After a break it comes back with the last id that it saw: nothing is
 *  missed, and what it has seen already is dropped. It reads with `fetch`, because an EventSource gives up for good when
 *  it meets a 503, and can send no header. */
export async function follow(after: number | null, heard: Heard, signal: AbortSignal): Promise<void> {
  let place = after;
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    try {
      for await (const told of events(place, signal, () => heard.light("live"))) {
        wait = FIRST_WAIT;
        if (told.kind === PRESENCE) {
          heard.told(told);
          continue;
        }
        if (told.kind !== "place" && (place === null || told.id > place || told.kind === "reset")) heard.told(told);
        place = told.id;
      }
    } catch {
      // whatever it was, come back
    }
    if (signal.aborted) return;
    heard.light(wait > 4 * FIRST_WAIT ? "off" : "behind");
    await pause(wait * (0.75 + Math.random() / 2), signal);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

async function* events(after: number | null, signal: AbortSignal, opened: () => void): AsyncGenerator<Told> {
  const query = after === null ? "?presence=true" : `?after=${after}&presence=true`;
  const connection = new AbortController();
  const end = () => connection.abort();
  signal.addEventListener("abort", end);
  let silent = setTimeout(end, SILENT_FOR);
  try {
    const answer = await fetch(`/v1/events${query}`, {
      headers: { "X-Bihuan": "1", Accept: "text/event-stream" },
      credentials: "same-origin",
      signal: connection.signal,
      cache: "no-store",
    });
    if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
    opened();
    const reader = new Reader();
    const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await text.read();
      if (done) return;
      clearTimeout(silent);
      silent = setTimeout(end, SILENT_FOR);
      for (const told of reader.take(value)) yield told;
      if (reader.place) yield { id: reader.place, kind: "place", data: "" };
    }
  } finally {
    clearTimeout(silent);
    signal.removeEventListener("abort", end);
    connection.abort();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
