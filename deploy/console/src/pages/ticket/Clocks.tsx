import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Floating } from "../../app/LateFloating";
import { Name } from "../../app/people";
import { ClockChip } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { atMinute, inFull, lasting } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { clocksOf, type TicketClock } from "./data";
import { WORDS } from "./words";

/** The next due first; what is over stands still at the end. */
const byDue = (a: TicketClock, b: TicketClock) =>
  Number(a.state === "stopped") - Number(b.state === "stopped") || (a.due_at ?? "9").localeCompare(b.due_at ?? "9");

export function Clocks({ number }: { number: string }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const query = useQuery(clocksOf(number));
  const [open, setOpen] = useState<TicketClock | null>(null);
  return (
    <Of query={query}>
      {(data) => (
        <>
          <table className="clocks">
            <tbody>
              {[...data.clocks].sort(byDue).map((clock) => (
                <tr key={clock.clock} data-clock={clock.clock}>
                  <th scope="row">{clock.label}</th>
                  <td>
                    <ClockChip clock={clock} label={clock.label} />
                    {clock.state === "running" && clock.due_at && <div className="meta figure">{say("due_at", { at: atMinute(clock.due_at, language) })}</div>}
                    {clock.state === "paused" && clock.ledger.at(-1) && <div className="meta">{clock.ledger.at(-1)!.reason}</div>}
                    {clock.provisional && <div className="meta">{say("provisional")}</div>}
                  </td>
                  <td><button className="button plain" aria-label={`${say("explain")}: ${clock.label}`} onClick={() => setOpen(clock)}>?</button></td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="meta">{data.because[language].join(" ")}</p>
          {open && <Ledger clock={open} close={() => setOpen(null)} />}
        </>
      )}
    </Of>
  );
}

/** Segment by segment what was counted; together they are what the clock shows. */
function Ledger({ clock, close }: { clock: TicketClock; close(): void }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const exactly = (seconds: number) => `${Math.floor(seconds).toLocaleString(language === "zh" ? "zh-CN" : "en-GB")} s`;
  return (
    <Floating isOpen close={close} title={say("ledger", { label: clock.label })}>
      <p className="side-by-side"><ClockChip clock={clock} label={clock.label} /><span className="muted">{say(clock.business_time ? "business" : "wall")}</span></p>
      <div className="scroll" tabIndex={0} role="group" aria-label={say("ledger", { label: clock.label })}>
        <table className="plain">
          <thead><tr><th>{say("from")}</th><th>{say("until")}</th><th>{say("why")}</th><th className="number">{say("counted")}</th></tr></thead>
          <tbody>
            {clock.ledger.map((one, index) => (
              <tr key={index}>
                <td className="figure"><time title={inFull(one.started_at, language)}>{atMinute(one.started_at, language)}</time></td>
                <td className="figure">{one.ended_at ? <time title={inFull(one.ended_at, language)}>{atMinute(one.ended_at, language)}</time> : say("going_on")}</td>
                <td>{one.label} · {one.reason} <span className="meta"><Name of={one.by} /></span></td>
                <td className="number" data-seconds={one.seconds}>{lasting(one.seconds, language)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr><th scope="row" colSpan={3}>{say("sum")}</th><td className="number" data-sum={clock.elapsed_seconds}><em>{lasting(clock.elapsed_seconds, language)}</em> <span className="meta">{exactly(clock.elapsed_seconds)}</span></td></tr>
            {clock.target_seconds !== null && <tr><th scope="row" colSpan={3}>{say("target")}</th><td className="number">{lasting(clock.target_seconds, language)}</td></tr>}
          </tfoot>
        </table>
      </div>
      <ul className="meta">{clock.explanation[language].map((one, index) => <li key={index}>{one}</li>)}</ul>
    </Floating>
  );
}
