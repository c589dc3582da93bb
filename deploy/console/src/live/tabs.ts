import { PRESENCE, type Told } from "./events";
import { follow, type Light } from "./follow";

const NAME = "bihuan-stream";
type Said = { told: Told } | { light: Light } | { asked: true };

/** One connection for all tabs of this browser: HTTP/1.1 has six an origin. Whichever tab has the lock follows and tells
 *  the others; when it closes, another takes over from the last event that it was told. */
export function listen(told: (event: Told) => void, light: (light: Light) => void): () => void {
  const ended = new AbortController();
  const others = new BroadcastChannel(NAME);
  let last: number | null = null;
  let shines: Light = "off";
  let leads = false;

  const hear = (event: Told) => {
    if (event.kind === PRESENCE) return told(event);
    if (last !== null && event.id <= last && event.kind !== "reset") return;
    if (event.id) last = event.id;
    told(event);
  };
  const shine = (next: Light) => light((shines = next));
  const say = (said: Said) => !ended.signal.aborted && others.postMessage(said);
  others.onmessage = ({ data }: MessageEvent<Said>) => {
    if ("asked" in data) return void (leads && say({ light: shines }));
    if ("told" in data) hear(data.told);
    else shine(data.light);
  };
  say({ asked: true });

  const lead = () => {
    leads = true;
    let isBlind = last === null; // nothing was told yet: what happened before this connection began nobody has heard
    const both = {
      told: (event: Told) => (hear(event), say({ told: event })),
      light: (next: Light) => {
        shine(next);
        say({ light: next });
        if (next !== "live" || !isBlind) return;
        isBlind = false;
        const reset = { id: 0, kind: "reset", data: "" };
        hear(reset);
        say({ told: reset });
      },
    };
    return follow(last, both, ended.signal);
  };
  if (navigator.locks) navigator.locks.request(NAME, { signal: ended.signal }, lead).catch(() => undefined);
  else void lead();
  return () => {
    ended.abort();
    others.close();
  };
}
