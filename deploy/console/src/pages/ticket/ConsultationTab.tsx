import { useQuery } from "@tanstack/react-query";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name, useNames } from "../../app/people";
import { asField, lines, moment, rows, text, type Field, type Filled } from "../../kit/ActForm";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { atMinute, deskNow } from "../../kit/time";
import { useLanguage, useWords, type Say } from "../../kit/words";
import { workOf, type Work } from "./data";
import { WorkForm } from "./forms";
import { WORDS } from "./consultation_words";

type Consultation = Schemas["ConsultationView"];
type Plan = Schemas["NewConsultation"];
const ROLES = ["product", "development", "vendor", "other"] as const;
const BRIEF = ["background", "tried", "stuck_at"] as const;

/** What experts were asked, and what they concluded: the newest first. */
export default function ConsultationTab({ number }: { number: string }) {
  const query = useQuery(workOf(number));
  return <Of query={query}>{(work) => <Consultations work={work} />}</Of>;
}

const isGoingOn = (one: Consultation) => one.concluded_at === null && !one.cancelled;

function Consultations({ work }: { work: Work }) {
  const say = useWords(WORDS);
  const me = useMe();
  const open = work.consultations.find(isGoingOn);
  const mayWork = work.open && has(me, "engineer", "lead");
  return (
    <div className="work">
      {work.consultation_due && !open && <p className="alert" role="status">{say("due")}</p>}
      {!work.consultations.length && <Empty title={say("none")}><p>{say("none_hint")}</p></Empty>}
      {mayWork && <Steps work={work} open={open} />}
      {[...work.consultations].reverse().map((one, index, all) => <One key={one.id} work={work} consultation={one} n={all.length - index} />)}
    </div>
  );
}

const plan = (filled: Filled): Plan => {
  const starts_at = moment(filled, "starts_at");
  const ends_at = moment(filled, "ends_at");
  return {
    background: text(filled, "background"), tried: text(filled, "tried"), stuck_at: text(filled, "stuck_at"),
    invited: lines(filled, "invited", /[,，、]/),
    invitees: rows(filled, "invitees", "name", "email", "role", "language").map((one) => ({ ...one, role: one.role as (typeof ROLES)[number] })),
    appointment: starts_at && ends_at ? { starts_at, ends_at, place: text(filled, "place") } : null,
  };
};

function planFields(say: Say<typeof WORDS>, held?: Consultation): Field[] {
  const byMail = new Set(held?.invitees.map((one) => one.name));
  return [
    ...BRIEF.map((name) => ({ name, label: say(name), kind: "text" as const, value: held?.[name], hint: say("from_worklog") })),
    { name: "invitees", label: say("invitees"), kind: "rows", rows: held?.invitees.length ? held.invitees.map(({ name, email, role, language }) => ({ name, email, role, language })) : [{}],
      columns: [{ name: "name", label: say("name") }, { name: "email", label: say("email"), kind: "mail" }, { name: "role", label: say("role"), kind: "choice", value: "development", options: ROLES.map((one) => [one, say(one)] as const) },
        { name: "language", label: say("language"), kind: "choice", value: "zh", options: [["zh", say("zh")], ["en", say("en")]] }] },
    { name: "invited", label: say("invited"), value: held?.invited.filter((one) => !byMail.has(one)).join(", "), most: 2_000 },
    { name: "starts_at", label: say("starts_at"), kind: "moment", value: asField(held?.appointment?.starts_at) }, { name: "ends_at", label: say("ends_at"), kind: "moment", value: asField(held?.appointment?.ends_at) },
    { name: "place", label: say("place"), value: held?.appointment?.place },
  ];
}

/** What can be done now: engineers ask for one, leads hold it. */
function Steps({ work, open }: { work: Work; open?: Consultation }) {
  const say = useWords(WORDS);
  const me = useMe();
  const number = work.ticket;
  const at = (key: string) => ({ params: { path: { ticket: number }, header: once(key) } });
  const isLead = has(me, "lead");
  if (!open) {
    const shut = work.assignee ? (work.assignee === me.sub || isLead ? undefined : say("mine")) : say("nobody_yet");
    return (
      <section className="stack">
        {!isLead && <WorkForm number={number} title={say("request")} shut={shut} fields={[{ name: "reason", label: say("reason"), required: true }]}
          act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/consultation/request", { ...at(key), body: { reason: text(filled, "reason") } }))} />}
        {isLead && <WorkForm number={number} title={say("hold")} shut={shut} fields={planFields(say)}
          act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/consultation", { ...at(key), body: plan(filled) }))} />}
      </section>
    );
  }
  if (!isLead) return null;
  const isPlanned = open.invited.length > 0;
  return (
    <section className="stack">
      {isPlanned
        ? <WorkForm key={`change ${open.sequence}`} number={number} title={say("change")} fields={planFields(say, open)} act={async (filled, key) => must(await api.PUT("/v1/tickets/{ticket}/work/consultation", { ...at(key), body: plan(filled) }))} />
        : <WorkForm number={number} title={say("prepare")} fields={planFields(say, open)} act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/consultation", { ...at(key), body: plan(filled) }))} />}
      <WorkForm number={number} title={say("conclude")}
        fields={[
          { name: "conclusions", label: say("conclusions"), kind: "text", required: true }, { name: "minutes", label: say("minutes"), kind: "text" },
          { name: "actions", label: say("actions"), kind: "rows", columns: [{ name: "text", label: say("action") }, { name: "owner", label: say("owner"), required: true }, { name: "email", label: say("email"), kind: "mail" }, { name: "due_at", label: say("due_at"), kind: "moment", required: true }] },
          { name: "action_items", label: say("action_items"), kind: "text" },
        ]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/consultation/conclusion", { ...at(key), body: {
          conclusions: text(filled, "conclusions"), minutes: text(filled, "minutes"), action_items: lines(filled, "action_items", /\n/),
          actions: rows(filled, "actions", "text", "owner", "email", "due_at").map((one) => ({ ...one, language: "zh", due_at: new Date(one.due_at).toISOString() })),
        } }))} />
      <WorkForm number={number} title={say("cancel")} fields={[{ name: "reason", label: say("reason"), required: true }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/consultation/cancellation", { ...at(key), body: { reason: text(filled, "reason") } }))} />
    </section>
  );
}

const ANSWERS = { accepted: "✓", declined: "✕", tentative: "…" } as const;

function One({ work, consultation, n }: { work: Work; consultation: Consultation; n: number }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const state = consultation.cancelled ? "cancelled" : consultation.concluded_at ? "concluded" : "open";
  const named = useNames();
  const why = consultation.cause === "sla" || consultation.cause === "modules" ? say(`called_${consultation.cause}`) : consultation.reason;
  const by = new Map(consultation.invitees.map((one) => [one.name, one]));
  return (
    <section className="card stack" aria-label={say("title", { n })} data-consultation={consultation.id}>
      <h2 className="side-by-side">{say("title", { n })} <span className={state === "open" ? "chip consult" : state === "concluded" ? "chip met" : "chip quiet"}><span aria-hidden="true">{state === "open" ? "⬡" : state === "concluded" ? "✓" : "–"}</span>{say(state)}</span>
        <span className="meta">{say("opened_by", { who: named(consultation.opened_by) })} · <Moment at={consultation.opened_at} /></span></h2>
      <dl className="facts wide">
        {why && <div><dt>{say("reason")}</dt><dd className="text">{why}</dd></div>}
        {BRIEF.filter((name) => consultation[name]).map((name) => <div key={name}><dt>{say(name)}</dt><dd className="text">{consultation[name]}</dd></div>)}
        {consultation.appointment && <div><dt>{say("when")}</dt><dd className="figure">{atMinute(consultation.appointment.starts_at, language)} – {atMinute(consultation.appointment.ends_at, language)} {consultation.appointment.place}</dd></div>}
      </dl>
      {consultation.invited.length > 0 && (
        <section className="stack tight"><h3>{say("experts")}</h3>
          <ul className="rows-of">
            {consultation.invited.map((name) => {
              const invitee = by.get(name);
              const answer = invitee && (consultation.answers[invitee.id] as keyof typeof ANSWERS | undefined);
              return <li key={name}><span className="grow">{name} {invitee && <span className="meta">{say(invitee.role as (typeof ROLES)[number])} {invitee.email}</span>}</span>
                {invitee?.email && <span className={answer === "accepted" ? "chip met" : "chip quiet"}><span aria-hidden="true">{answer ? ANSWERS[answer] : "?"}</span>{say(answer ?? "unanswered")}</span>}</li>;
            })}
          </ul>
        </section>
      )}
      {consultation.conclusions && <dl className="facts wide">
        <div><dt>{say("conclusions")}</dt><dd className="text">{consultation.conclusions}</dd></div>
        {consultation.minutes && <div><dt>{say("minutes")}</dt><dd className="text">{consultation.minutes}</dd></div>}
      </dl>}
      {(consultation.actions.length > 0 || consultation.action_items.length > 0) && (
        <section className="stack tight"><h3>{say("actions")}</h3>
          <ul className="rows-of">
            {consultation.actions.map((action) => <Action key={action.id} work={work} action={action} />)}
            {consultation.action_items.filter((one) => !consultation.actions.some((action) => action.text === one)).map((one) => <li key={one}>{one}</li>)}
          </ul>
        </section>
      )}
    </section>
  );
}

function Action({ work, action }: { work: Work; action: Schemas["ActionView"] }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const named = useNames();
  const isLate = !action.done_at && Date.parse(action.due_at) < deskNow();
  const mayFinish = has(me, "lead") || (has(me, "engineer") && [work.assignee, action.owner].includes(me.sub));
  return (
    <li data-action={action.id}>
      <span className="grow">{action.text} <span className="meta"><Name of={action.owner} />{action.result && ` · ${action.result}`}</span></span>
      {action.done_at ? <span className="chip met"><span aria-hidden="true">✓</span>{say("done")}</span> : <span className={isLate ? "chip breached" : "chip quiet"}><span aria-hidden="true">{isLate ? "◆" : "○"}</span>{say(isLate ? "late" : "pending")}</span>}
      <span className="meta figure">{action.done_at ? say("done_by", { who: named(action.done_by), at: atMinute(action.done_at, language) }) : atMinute(action.due_at, language)}</span>
      {!action.done_at && mayFinish && <WorkForm number={work.ticket} title={say("finish", { text: action.text })} short={say("finish_short")} fields={[{ name: "result", label: say("result"), kind: "text" }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/work/consultation/actions/{action}/completion", { params: { path: { ticket: work.ticket, action: action.id }, header: once(key) }, body: { result: text(filled, "result") } }))} />}
    </li>
  );
}
