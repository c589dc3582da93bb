import { useEffect, useState, type ReactNode } from "react";
import { useLight } from "../live/Live";
import { faceOf, faceOfRow, SHAPE, wordsOf, type Clock, type Face } from "./clock";
import { PRIORITY, STAGE, term, WAITING } from "./terms";
import { ago, deskNow, inFull } from "./time";
import { useLanguage } from "./words";

const beats = new Set<() => void>();
let heart: ReturnType<typeof setInterval> | undefined;

/** Now, by the desk's clock; one timer for all that show it. */
export function useNow(): number {
  const [now, setNow] = useState(deskNow);
  useEffect(() => {
    const beat = () => setNow(deskNow());
    beats.add(beat);
    heart ??= setInterval(() => beats.forEach((one) => one()), 1000);
    return () => {
      beats.delete(beat);
      if (!beats.size) heart = void clearInterval(heart);
    };
  }, []);
  return now;
}

const CLASS = { running: "", risk: "risk", breached: "breached", paused: "paused", met: "met", met_late: "met", ended: "", none: "", stale: "paused" };

function Chip({ face, label }: { face: Face; label?: string }) {
  const language = useLanguage();
  const words = wordsOf(face, language);
  return (
    <span className={`chip ${CLASS[face.look]}`} data-look={face.look} role="img" aria-label={label ? `${label}: ${words}` : words}>
      <span aria-hidden="true">{SHAPE[face.look]}</span><span aria-hidden="true">{words}</span>
    </span>
  );
}

export function ClockChip({ clock, label }: { clock: Clock; label?: string }) {
  return <Chip face={faceOf(clock, useNow(), useLight() === "live")} label={label} />;
}

export function DueChip({ row }: { row: { due_at: string | null; waiting_for: string; work: string } }) {
  return <Chip face={faceOfRow(row, useNow(), useLight() === "live")} />;
}

export function PriorityMark({ priority }: { priority: string | null }) {
  const language = useLanguage();
  const shape = priority === "urgent" ? "▲▲" : priority === "high" ? "▲" : "–";
  return <span className={`priority ${priority ?? "none"}`}><span aria-hidden="true">{shape} </span>{priority ? term(PRIORITY, priority, language) : null}</span>;
}

export function WaitingMark({ waiting }: { waiting: string }) {
  const language = useLanguage();
  if (waiting === "none") return null;
  return <span className="chip wait"><span aria-hidden="true">{waiting === "third_party" ? "⇄" : "↩"}</span>{term(WAITING, waiting, language)}</span>;
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
  return <time dateTime={at} title={inFull(at, language)}>{ago(at, language, useNow())}</time>;
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="empty" role="status"><strong>{title}</strong>{children}</div>;
}
