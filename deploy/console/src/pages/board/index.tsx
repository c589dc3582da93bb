import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { api, must, type Schemas } from "../../api/client";
import { useNames } from "../../app/people";
import { ClockChip, Moment, PriorityMark } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./words";
import "./board.css";

const WITHIN = 8; // hours
const MOST = 50;
const BY_PINYIN = new Intl.Collator("zh-Hans-u-co-pinyin");

/** What a lead has to know now: what is late or soon will be, what nobody has, who has too much, what is one cause. */
export function component() {
  const say = useWords(WORDS);
  const due = useQuery({
    queryKey: ["clocks-due"],
    queryFn: async ({ signal }) => must(await api.GET("/v1/clocks", { params: { query: { within_hours: WITHIN, limit: MOST } }, signal })).items,
  });
  const standing = useQuery({
    queryKey: ["clocks-due", "standing"],
    queryFn: async ({ signal }) => must(await api.GET("/v1/figures", { params: { query: { open_now: true } }, signal })).total,
  });
  const alarms = useQuery({ queryKey: ["clocks-due", "alarms"], queryFn: async ({ signal }) => must(await api.GET("/v1/alarms", { signal })).items });
  const warnings = useQuery({ queryKey: ["clocks-due", "warnings"], queryFn: async ({ signal }) => must(await api.GET("/v1/warnings", { params: { query: { limit: MOST } }, signal })).items });
  const unassigned = useQuery({
    queryKey: ["clocks-due", "unassigned"],
    queryFn: async ({ signal }) => must(await api.GET("/v1/queue", { params: { query: { assignee: "", limit: MOST } }, signal })).items,
  });
  const engineers = useQuery({ queryKey: ["engineers"], queryFn: async ({ signal }) => must(await api.GET("/v1/engineers", { signal })).items });
  const incidents = useQuery({
    queryKey: ["incidents"],
    queryFn: async ({ signal }) => {
      const of = async (state: "candidate" | "confirmed") => must(await api.GET("/v1/incidents", { params: { query: { state, limit: MOST } }, signal })).items;
      return [...(await of("candidate")), ...(await of("confirmed"))];
    },
  });
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  const byAge = (a: Schemas["QueueRow"], b: Schemas["QueueRow"]) => a.opened_at.localeCompare(b.opened_at);
  return (
    <div className="page board">
      <h1>{say("title")}</h1>
      <Of query={standing}>{(now) => <Standing now={now} />}</Of>
      <div className="column">
      <Panel title={say("alarms")}>
        <Of query={alarms}>{(all) => <Alarms alarms={all} />}</Of>
      </Panel>
      <Panel title={say("overdue")}>
        <Of query={due}>{(all) => <DueClocks clocks={all.filter((one) => (one.remaining_seconds ?? 0) < 0)} none={say("none_overdue")} />}</Of>
      </Panel>
      <Panel title={say("unassigned")}>
        <Of query={unassigned}>
          {(all) => !all.length ? <p className="muted">{say("none_unassigned")}</p> : (
            <ul className="rows-of">
              {[...all].sort(byAge).map((one) => (
                <li key={one.ticket}><PriorityMark priority={one.priority} /> <Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="line grow">{one.title}</Link><span className="meta"><Moment at={one.opened_at} /></span></li>
              ))}
            </ul>
          )}
        </Of>
      </Panel>
      </div>
      <div className="column">
      <Panel title={say("warnings")}>
        <Of query={warnings}>{(all) => <Warnings warnings={all} />}</Of>
      </Panel>
      <Panel title={say("due")}>
        <Of query={due}>{(all) => <DueClocks clocks={all.filter((one) => (one.remaining_seconds ?? 0) >= 0)} none={say("none_due")} />}</Of>
      </Panel>
      <Panel title={say("load")}>
        <Of query={engineers}>{(all) => <Load engineers={all} />}</Of>
      </Panel>
      <Panel title={say("incidents")}>
        <Of query={incidents}>
          {(all) => !all.length ? <p className="muted">{say("no_incidents")}</p> : (
            <ul className="rows-of">
              {all.map((one) => (
                <li key={one.id}>
                  <span className={one.state === "confirmed" ? "chip breached" : "chip risk"}><span aria-hidden="true">{one.state === "confirmed" ? "◆" : "◐"}</span>{say(one.state === "confirmed" ? "confirmed" : "candidate")}</span>
                  <Link to="/incidents/$incident" params={{ incident: one.id }} className="grow line">{one.title}</Link><span className="meta figure">{one.id}</span>
                  <span className="meta">{say("of_customers", { n: one.customers, t: one.ticket_count })}</span>
                </li>
              ))}
            </ul>
          )}
        </Of>
      </Panel>
      </div>
    </div>
  );
}

/** How it stands with what is open; what is bad is marked by shape and word, not by colour alone. */
function Standing({ now }: { now: Schemas["FiguresView"]["total"] }) {
  const say = useWords(WORDS);
  const figures = [["open", ""], ["at_risk", "risk"], ["late", "breached"], ["unassigned", "risk"]] as const;
  return (
    <section className="wide-row" aria-label={say("standing")}><dl className="standing">
      {figures.map(([name, look]) => {
        const n = now[name] ?? 0;
        return <div key={name}><dt>{say(`now_${name}`)}</dt><dd className="figure">{n > 0 && look ? <span className={`chip ${look}`}><span aria-hidden="true">{look === "breached" ? "◆" : "◐"}</span>{n}</span> : n}</dd></div>;
      })}
    </dl></section>
  );
}

/** Urgent tickets that nobody has or nobody has acknowledged, and who was told of it. */
function Alarms({ alarms }: { alarms: Schemas["AlarmView"][] }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const named = useNames();
  if (!alarms.length) return <p className="muted">{say("none_alarms")}</p>;
  return (
    <ul className="rows-of">
      {alarms.map((one) => (
        <li key={one.ticket} data-alarm={one.ticket}>
          <span className="chip breached"><span aria-hidden="true">◆</span>{say("alarm_times", { n: one.times })}</span><Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link>
          <span className="grow line">{one.title}</span><span className="muted">{one.assignee ? say("unacknowledged", { who: one.assignee_name || one.assignee }) : say("nobody_has")}</span>
          {one.notified.length > 0 && <span className="meta">{say("told", { who: one.notified.map((who) => (who === "lead" || who === "assignee" ? say(who) : named(who))).join(language === "zh" ? "、" : ", ") })}</span>}<span className="meta"><Moment at={one.since} /></span>
        </li>
      ))}
    </ul>
  );
}

/** Whose targets are missed or near, and who has been told of it. */
function Warnings({ warnings }: { warnings: Schemas["WarningView"][] }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  if (!warnings.length) return <p className="muted">{say("none_warnings")}</p>;
  return (
    <ul className="rows-of">
      {warnings.map((one) => (
        <li key={one.ticket} data-warning={one.ticket}>
          <span className={one.standing === "breached" ? "chip breached" : "chip risk"}><span aria-hidden="true">{one.standing === "breached" ? "◆" : "◐"}</span>{one.label}</span><PriorityMark priority={one.priority} />
          <Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link><span className="grow line">{one.company}</span>
          <span className="meta">{one.clocks.map((clock) => { const last = clock.notices.at(-1); return `${clock.label} ${clock.percent} %${last ? ` · ${say("told", { who: last.labels.join(language === "zh" ? "、" : ", ") })}` : ""}`; }).join(language === "zh" ? "；" : "; ")}</span>
        </li>
      ))}
    </ul>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return <section className="panel-of" aria-label={title}><h2>{title}</h2>{children}</section>;
}

function DueClocks({ clocks, none }: { clocks: Schemas["DueClockView"][]; none: string }) {
  if (!clocks.length) return <p className="muted">{none}</p>;
  return (
    <ul className="rows-of">
      {clocks.map((one) => (
        <li key={`${one.ticket} ${one.clock}`}>
          <PriorityMark priority={one.priority} /><Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link>
          <span className="grow line">{one.company}</span><span className="muted">{one.label}</span><ClockChip clock={one} label={one.label} />
        </li>
      ))}
    </ul>
  );
}

function Load({ engineers }: { engineers: Schemas["EngineerView"][] }) {
  const say = useWords(WORDS);
  const active = engineers.filter((one) => one.active).sort((a, b) => b.open / b.capacity - a.open / a.capacity || BY_PINYIN.compare(a.name, b.name));
  if (!active.length) return <p className="muted">{say("no_engineers")}</p>;
  return (
    <table className="plain load">
      <thead><tr><th>{say("engineer")}</th><th>{say("tickets")}</th><th>{say("state")}</th></tr></thead>
      <tbody>
        {active.map((one) => (
          <tr key={one.id}>
            <th scope="row">{one.name}</th>
            <td>
              <meter min={0} max={one.capacity} value={Math.min(one.open, one.capacity)} aria-label={`${one.name}: ${say("of", { open: one.open, capacity: one.capacity })}`} />
              <span className="figure"> {say("of", { open: one.open, capacity: one.capacity })}</span>
            </td>
            <td>{one.open >= one.capacity ? <span className="chip risk"><span aria-hidden="true">◐</span>{say("full")}</span> : <span className="muted">{say(one.available ? "available" : "away")}</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
