import { useWords } from "../../kit/words";
import { WORDS } from "./words";

const REASONS = ["rounds", "consultation", "late", "dissatisfied", "reopened", "breached"] as const;

export function State({ state }: { state: "proposed" | "planned" | "held" }) {
  const say = useWords(WORDS);
  return <span className={state === "held" ? "chip met" : "chip quiet"}><span aria-hidden="true">{state === "held" ? "✓" : state === "planned" ? "◷" : "○"}</span>{say(state)}</span>;
}

/** Why a case is hard. */
export function Reasons({ reasons }: { reasons: string[] }) {
  const say = useWords(WORDS);
  return reasons.map((one) => <span key={one} className="chip quiet">{(REASONS as readonly string[]).includes(one) ? say(one as (typeof REASONS)[number]) : one}</span>);
}
