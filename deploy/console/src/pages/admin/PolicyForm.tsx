import { useQueryClient } from "@tanstack/react-query";
import { api, must, once, type Schemas } from "../../api/client";
import { ActForm, text, type Field, type Filled } from "../../kit/ActForm";
import { CLOCK, PRIORITY, term } from "../../kit/terms";
import { atMinute, deskNow } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./policy_words";

type Policy = Schemas["PolicyView"];
type Body = Schemas["PolicyBody"];
type Targets = Record<string, Record<string, { amount: number; unit: "hours" | "working_hours" | "working_days" }>>;
const CLOCKS = Object.keys(CLOCK).filter((one) => one !== "third_party");
const PRIORITIES = ["urgent", "high", "normal"] as const;
const UNITS = ["hours", "working_hours", "working_days"] as const;
const SCOPE = ["company", "tier", "product", "team"] as const;
const DAYS = 30;
const MOST_NAMED = 10;

function targetsOf(filled: Filled): Targets {
  const targets: Targets = {};
  for (const clock of CLOCKS) {
    for (const priority of PRIORITIES) {
      const amount = Number(text(filled, `${clock}.${priority}`));
      if (amount > 0) (targets[clock] ??= {})[priority] = { amount, unit: text(filled, `${clock}.${priority}.unit`) as (typeof UNITS)[number] };
    }
  }
  return targets;
}

/** Other targets, from a day on: what they would have meant is shown before they hold. */
export function PolicyForm({ policy, calendars }: { policy?: Policy; calendars: string[] }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const queries = useQueryClient();
  const now = policy?.current;
  const bodyOf = (filled: Filled): Body => ({
    ...Object.fromEntries(SCOPE.map((name) => [name, policy ? policy[name] : text(filled, name)])),
    order: policy ? (now?.order ?? null) : Number(text(filled, "order")) || null,
    valid_from: text(filled, "valid_from") || null, calendar: text(filled, "calendar"), targets: targetsOf(filled), ladders: (now?.ladders ?? {}) as Body["ladders"],
    max_pause_hours: text(filled, "max_pause") ? Number(text(filled, "max_pause")) : null,
  });
  const fields: Field[] = [
    ...(policy ? [] : [{ name: "id", label: say("id"), required: true, most: 80 }, ...SCOPE.map((name) => ({ name, label: say(name) })), { name: "order", label: say("order"), kind: "number" as const, least: 1, most: 1000 }]),
    { name: "valid_from", label: say("valid_from"), kind: "day", hint: say("open_keep") }, { name: "calendar", label: say("calendar"), kind: "choice", value: now?.calendar, options: calendars.map((one) => [one, one] as const) },
    { name: "max_pause", label: say("max_pause"), kind: "number", least: 0, most: 2160, value: now?.max_pause_hours ? String(now.max_pause_hours) : "" },
    { name: "targets", label: say("targets"), kind: "own", own: <Grid targets={(now?.targets ?? {}) as Targets} /> },
  ];
  const idOf = (filled: Filled) => policy?.id ?? text(filled, "id");
  return (
    <ActForm title={say(policy ? "change" : "new")} fields={fields} done={() => void queries.invalidateQueries({ queryKey: ["policies"] })}
      preview={async (filled) => {
        const body = bodyOf(filled);
        // A version holds from its day, or from when it is set on: a ticket is looked at that comes after that.
        const opened_at = new Date(body.valid_from ? `${body.valid_from}T10:00` : deskNow() + 60_000).toISOString();
        const scope = Object.fromEntries(SCOPE.map((name) => [name, body[name]]));
        const ask = async (priority: (typeof PRIORITIES)[number]) => must(await api.POST("/v1/policy-simulations", { params: {}, body: { ...scope, priority, opened_at, draft: { ...body, policy: idOf(filled) } } }));
        const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
        const [simulated, past] = [
          await Promise.all(PRIORITIES.map(async (priority) => [priority, await ask(priority)] as const)),
          must(await api.POST("/v1/what-if", { params: {}, body: { since: day(deskNow() - DAYS * 86_400_000), until: day(deskNow() + 86_400_000), policy: policy?.id ?? "", targets: body.targets } })),
        ];
        return <><Simulated of={simulated} at={atMinute(opened_at, language)} language={language} /><Past of={past} language={language} /></>;
      }}
      act={async (filled, key) => must(await api.PUT("/v1/policies/{policy}", { params: { path: { policy: idOf(filled) }, header: { ...once(key), ...(policy && { "If-Match": `"${policy.version}"` }) } }, body: bodyOf(filled) }))} />
  );
}

function Grid({ targets }: { targets: Targets }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={say("targets")}>
      <table className="plain targets">
        <thead><tr><th scope="col">{say("clock")}</th>{PRIORITIES.map((one) => <th key={one} scope="col">{term(PRIORITY, one, language)}</th>)}</tr></thead>
        <tbody>
          {CLOCKS.map((clock) => (
            <tr key={clock}><th scope="row">{term(CLOCK, clock, language)}</th>
              {PRIORITIES.map((priority) => {
                const now = targets[clock]?.[priority];
                const words = { clock: term(CLOCK, clock, language), priority: term(PRIORITY, priority, language) };
                return <td key={priority}><span className="amount"><input className="field" type="number" name={`${clock}.${priority}`} aria-label={say("amount", words)} min={0} max={2160} step="any" defaultValue={now?.amount} />
                  <select className="field" name={`${clock}.${priority}.unit`} aria-label={say("unit", words)} defaultValue={now?.unit ?? "hours"}>{UNITS.map((unit) => <option key={unit} value={unit}>{say(unit)}</option>)}</select></span></td>;
              })}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Shown<T> {
  of: T;
  language: "en" | "zh";
}

/** When the clocks of a ticket that is opened now would be due, as it is and as it would be. */
function Simulated({ of, at, language }: Shown<(readonly [string, Schemas["SimulationView"]])[]> & { at: string }) {
  const say = useWords(WORDS);
  return of.map(([priority, { present, draft }]) => {
    const after = new Map(draft?.clocks.map((one) => [one.clock, one]));
    const clocks = [...new Set([...present.clocks.map((one) => one.clock), ...after.keys()])];
    const due = (one?: { due_at: string }) => (one ? atMinute(one.due_at, language) : say("none_of"));
    return (
      <div key={priority} className="scroll" tabIndex={0} role="group" aria-label={say("due_if", { at, priority: term(PRIORITY, priority, language) })}><table className="plain">
        <caption className="meta">{say("due_if", { at, priority: term(PRIORITY, priority, language) })}</caption>
        <thead><tr><th scope="col">{say("clock")}</th><th scope="col">{say("present")}</th><th scope="col">{say("draft")}</th></tr></thead>
        <tbody>{clocks.map((clock) => {
          const [was, is] = [due(present.clocks.find((one) => one.clock === clock)), due(after.get(clock))];
          return <tr key={clock}><th scope="row">{term(CLOCK, clock, language)}</th><td className="figure">{was}</td><td className="figure">{is === was ? is : <em>{is}</em>}</td></tr>;
        })}</tbody>
      </table></div>
    );
  });
}

/** What of the last days would have been missed. */
function Past({ of, language }: Shown<Schemas["WhatIfView"]>) {
  const say = useWords(WORDS);
  const named = (all: Schemas["MissedClock"][]) => all.slice(0, MOST_NAMED).map((one) => `${one.ticket} ${term(CLOCK, one.clock, language)}`).join(", ");
  if (!of.tickets) return <p className="muted">{say("no_tickets")}</p>;
  return (
    <>
      <div className="scroll" tabIndex={0} role="group" aria-label={say("last_month", { n: of.tickets })}><table className="plain">
        <caption className="meta">{say("last_month", { n: of.tickets })}</caption>
        <thead><tr><th scope="col">{say("clock")}</th><th scope="col" className="number">{say("was")}</th><th scope="col" className="number">{say("would_be")}</th></tr></thead>
        <tbody>{Object.entries(of.clocks).map(([clock, one]) => <tr key={clock}><th scope="row">{term(CLOCK, clock, language)}</th><td className="number">{one.was}</td><td className="number">{one.would_be}</td></tr>)}</tbody>
      </table></div>
      {of.new.length > 0 && <p>{say("newly", { list: named(of.new) })}</p>}{of.saved.length > 0 && <p>{say("saved", { list: named(of.saved) })}</p>}
      {of.left_out.length > 0 && <p className="meta">{say("left_out", { n: of.left_out.length })}</p>}
    </>
  );
}
