import type { Schemas } from "../../api/client";
import { useWords } from "../../kit/words";
import { WORDS } from "./words";

const LOOK = { candidate: ["risk", "◐"], confirmed: ["breached", "◆"], resolved: ["met", "✓"], dismissed: ["quiet", "–"], merged: ["quiet", "→"] } as const;

export function State({ state }: { state: Schemas["IncidentState"] }) {
  const say = useWords(WORDS);
  const [look, shape] = LOOK[state as keyof typeof LOOK] ?? ["quiet", "○"];
  return <span className={`chip ${look}`}><span aria-hidden="true">{shape}</span>{state in WORDS ? say(state as keyof typeof WORDS) : state}</span>;
}
