import { ofDay } from "../../kit/time";
import { useWords, type Language, type Say } from "../../kit/words";
import { WORDS } from "./words";

/** Its first day and its last; the desk tells the day before which it ends. */
export function periodOf(review: { since: string; until: string }, say: Say<typeof WORDS>, language: Language): string {
  const last = new Date(Date.parse(`${review.until}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  return say("period", { first: ofDay(review.since, language), last: ofDay(last, language) });
}

export function State({ state }: { state: "planned" | "draft" | "published" }) {
  const say = useWords(WORDS);
  return <span className={state === "published" ? "chip met" : "chip quiet"}><span aria-hidden="true">{state === "published" ? "✓" : "○"}</span>{say(state)}</span>;
}
