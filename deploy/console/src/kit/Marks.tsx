import { useSyncExternalStore, type ReactNode } from "react";
import { useLight } from "../live/Live";
import { faceOf, faceOfRow, SHAPE, wordsOf, type Clock, type Face } from "./clock";
import { AWAITED, PRIORITY, STAGE, term, WAITING } from "./terms";
import { ago, deskNow, inFull } from "./time";
import { useLanguage } from "./words";

const beats = new Set<() => void>();
let heart: ReturnType<typeof setInterval> | undefined;
let now = 0;

function listen(beat: () => void): () => void {
  beats.add(beat);
  heart ??= setInterval(() => {
    now = deskNow();
    beats.forEach((one) => one());
  }, 1000);
  return () => {
    beats.delete(beat);
    if (!beats.size) heart = void clearInterval(heart);
  };
}

/** What is said of a moment, by the desk's clock: one timer for all, and nothing is drawn anew before its words change. */
export function useTold(tell: (now: number) => string): string {
  if (!heart) now = deskNow();
  return useSyncExternalStore(listen, () => tell(now));
}

const CLASS = { running: "", risk: "risk", breached: "breached", paused: "paused", met: "met", met_late: "met", ended: "", none: "", stale: "paused" };

function Chip({ faceAt, label }: { faceAt(now: number): Face; label?: string }) {
  const language = useLanguage();
  const told = useTold((now) => {
    const face = faceAt(now);
    return `${face.look} ${wordsOf(face, language)}`;
  });
  const [look, words] = [told.slice(0, told.indexOf(" ")) as Face["look"], told.slice(told.indexOf(" ") + 1)];
  return (
    <span className={`chip ${CLASS[look]}`} data-look={look} role="img" aria-label={label ? `${label}: ${words}` : words}>
      <span aria-hidden="true">{SHAPE[look]}</span><span aria-hidden="true">{words}</span>
    </span>
  );
}

export function ClockChip({ clock, label }: { clock: Clock; label?: string }) {
  const isLive = useLight() === "live";
  return <Chip faceAt={(now) => faceOf(clock, now, isLive)} label={label} />;
}

export function DueChip({ row }: { row: { due_at: string | null; waiting_for: string; work: string } }) {
  const isLive = useLight() === "live";
  return <Chip faceAt={(now) => faceOfRow(row, now, isLive)} />;
}

export function PriorityMark({ priority }: { priority: string | null }) {
  const language = useLanguage();
  const shape = priority === "urgent" ? "▲▲" : priority === "high" ? "▲" : "–";
  return <span className={`priority ${priority ?? "none"}`}><span aria-hidden="true">{shape} </span>{priority ? term(PRIORITY, priority, language) : null}</span>;
}

/** `short`: where there is little room; what it says in full is its title, and what readers hear. */
export function WaitingMark({ waiting, short }: { waiting: string; short?: boolean }) {
  const language = useLanguage();
  if (waiting === "none") return null;
  const words = term(WAITING, waiting, language);
  return <span className="chip wait" title={short ? words : undefined}><span aria-hidden="true">{waiting === "third_party" ? "⇄" : "↩"}</span>{short ? <><span aria-hidden="true">{term(AWAITED, waiting, language)}</span><span className="hidden">{words}</span></> : words}</span>;
}

const STAGES = Object.keys(STAGE);

/** The way of a ticket; consultation only where it is in one, for it is no station that everybody passes. */
export function StageRail({ stage, round }: { stage: string; round: number }) {
  const language = useLanguage();
  const shown = STAGES.filter((one) => one !== "consultation" || stage === one);
  const at = shown.indexOf(stage);
  return (
    <ol className="stages" aria-label={language === "zh" ? "阶段" : "Stage"}>
      {shown.map((one, index) => (
        <li key={one} className={index < at ? "past" : index === at ? "here" : ""} aria-current={index === at ? "step" : undefined}>
          <span aria-hidden="true">{index < at ? "✓" : index === at ? "●" : "○"}</span>{term(STAGE, one, language)}
          {index === at && round > 1 && <small> · {language === "zh" ? `第 ${round} 轮` : `round ${round}`}</small>}
        </li>
      ))}
    </ol>
  );
}

/** How long ago, and when exactly for whoever wants to know. */
export function Moment({ at }: { at: string }) {
  const language = useLanguage();
  return <time dateTime={at} title={inFull(at, language)}>{useTold((now) => ago(at, language, now))}</time>;
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="empty" role="status"><strong>{title}</strong>{children}</div>;
}
