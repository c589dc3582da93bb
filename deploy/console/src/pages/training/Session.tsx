import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name, NOBODY, useNames, usePeople } from "../../app/people";
import { ActForm, asField, moment, rows, several, text, type Act } from "../../kit/ActForm";
import { Of } from "../../kit/Query";
import { atMinute, deskNow } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { Reasons, State } from "./parts";
import { WORDS } from "./words";
import "./training.css";

type Session = Schemas["TrainingSessionView"];
const route = getRouteApi("/training/$session");

/** One session: its agenda and what is known of the cases, who comes, what was learnt, what follows. */
export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const { session } = route.useParams();
  const name = useNames();
  const query = useQuery({ queryKey: ["training", session], queryFn: async ({ signal }) => must(await api.GET("/v1/training-sessions/{session}", { params: { path: { session } }, signal })) });
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  return (
    <div className="page training">
      <Link to="/training" className="button plain back"><span aria-hidden="true">←</span> {say("back")}</Link>
      <Of query={query}>
        {(one) => (
          <>
            <header className="stack"><h1>{say("session", { quarter: one.quarter })}</h1><p><State state={one.state} /></p></header>
            <dl className="facts wide">
              {one.planned_for && <div><dt>{say("when")}</dt><dd className="figure">{atMinute(one.planned_for, language)} {one.place}</dd></div>}
              {one.attendees.length > 0 && <div><dt>{say("attendees")}</dt><dd>{one.attendees.map(name).join(", ")}</dd></div>}
              {one.attended.length > 0 && <div><dt>{say("attended")}</dt><dd>{one.attended.map(name).join(", ")}</dd></div>}
              {one.outcome && <div><dt>{say("outcome")}</dt><dd className="text">{one.outcome}</dd></div>}
            </dl>
            <Acts session={one} />
            {one.follow_ups.length > 0 && <section className="stack" aria-label={say("follow_ups")}><h2>{say("follow_ups")}</h2><ul className="rows-of">{one.follow_ups.map((of) => <FollowUp key={of.number} session={one} one={of} />)}</ul></section>}
            <Agenda session={one} />
          </>
        )}
      </Of>
    </div>
  );
}

/** What is done to a session, and what is shown of it then. */
function useForm(session: Session) {
  const queries = useQueryClient();
  return (one: Omit<Act<Session>, "done">) => (
    <ActForm key={one.title} {...one} done={(view) => {
      queries.setQueryData(["training", session.id], view);
      void queries.invalidateQueries({ queryKey: ["training"] });
    }} />
  );
}

function Acts({ session }: { session: Session }) {
  const say = useWords(WORDS);
  const me = useMe();
  const form = useForm(session);
  const people = usePeople(session.attendees);
  const at = (key: string) => ({ params: { path: { session: session.id }, header: once(key) } });
  if (!has(me, "lead", "kb_editor") || session.state === "held") return null;
  const known = new Map(session.agenda.map((one) => [one.ticket, one.reasons]));
  return (
    <div className="stack">
      {form({
        title: say(session.planned_for ? "replan" : "plan"),
        fields: [
          { name: "planned_for", label: say("when"), kind: "moment", required: true, value: asField(session.planned_for) }, { name: "place", label: say("place"), value: session.place },
          { name: "attendees", label: say("attendees"), kind: "several", options: people, values: session.attendees },
          { name: "agenda", label: say("agenda"), kind: "rows", rows: session.agenda.map(({ ticket, note }) => ({ ticket, note })), columns: [{ name: "ticket", label: say("ticket") }, { name: "note", label: say("note") }] },
        ],
        act: async (filled, key) => must(await api.PUT("/v1/training-sessions/{session}/plan", { ...at(key), body: {
          planned_for: moment(filled, "planned_for")!, place: text(filled, "place"), attendees: several(filled, "attendees"),
          agenda: rows(filled, "agenda", "ticket", "note").map((one) => ({ ...one, reasons: known.get(one.ticket) ?? [] })),
        } })),
      })}
      {form({
        title: say("hold"), shut: session.state === "planned" ? undefined : say("plan_first"),
        fields: [
          { name: "attended", label: say("attended"), kind: "several", options: people, values: session.attendees }, { name: "outcome", label: say("outcome"), kind: "text", required: true },
          { name: "follow_ups", label: say("follow_ups"), kind: "rows", columns: [{ name: "what", label: say("what") }, { name: "owner", label: say("owner"), kind: "choice", options: [NOBODY, ...people], required: true }, { name: "due_at", label: say("due"), kind: "moment", required: true }] },
        ],
        act: async (filled, key) => must(await api.POST("/v1/training-sessions/{session}/outcome", { ...at(key), body: {
          attended: several(filled, "attended"), outcome: text(filled, "outcome"),
          follow_ups: rows(filled, "follow_ups", "what", "owner", "due_at").map((one) => ({ ...one, due_at: new Date(one.due_at).toISOString() })),
        } })),
      })}
    </div>
  );
}

function FollowUp({ session, one }: { session: Session; one: Schemas["FollowUpView"] }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const name = useNames();
  const form = useForm(session);
  const state = one.done_at ? "done" : Date.parse(one.due_at) < deskNow() ? "overdue" : "pending";
  return (
    <li data-follow-up={one.number}>
      <span className="grow">{one.what} <span className="meta"><Name of={one.owner} />{one.result && ` · ${one.result}`}</span></span>
      <span className={state === "done" ? "chip met" : state === "overdue" ? "chip breached" : "chip quiet"}><span aria-hidden="true">{state === "done" ? "✓" : state === "overdue" ? "◆" : "○"}</span>{say(state)}</span>
      <span className="meta figure">{one.done_at ? say("by", { who: name(one.done_by), at: atMinute(one.done_at, language) }) : atMinute(one.due_at, language)}</span>
      {!one.done_at && (one.owner === me.sub || has(me, "lead", "kb_editor")) && form({
        title: say("finish", { what: one.what }), fields: [{ name: "result", label: say("result") }],
        act: async (filled, key) => must(await api.POST("/v1/training-sessions/{session}/follow-ups/{follow_up}/completion", { params: { path: { session: session.id, follow_up: one.number }, header: once(key) }, body: { result: text(filled, "result") } })),
      })}
    </li>
  );
}

function Agenda({ session }: { session: Session }) {
  const say = useWords(WORDS);
  const query = useQuery({ queryKey: ["training", session.id, "material", session.version], queryFn: async ({ signal }) => must(await api.GET("/v1/training-sessions/{session}/material", { params: { path: { session: session.id } }, signal })).items });
  const material = new Map(query.data?.map((one) => [one.ticket, one]));
  return (
    <section className="stack" aria-label={say("agenda")}>
      <h2>{say("agenda")}</h2>
      {!session.agenda.length && <p className="muted">{say("no_agenda")}</p>}
      <ol className="stack">
        {session.agenda.map((one) => {
          const known = material.get(one.ticket);
          const facts = known?.known ? [["problem", known.description], ["root_cause", known.root_cause], ["rejected", known.rejected?.join("\n")], ["conclusions", known.conclusions?.join("\n")], ["solution", known.solution]] as const : [];
          return (
            <li key={one.ticket} className="card stack">
              <h3 className="side-by-side"><Link to="/tickets/$ticket" params={{ ticket: one.ticket }} className="figure">{one.ticket}</Link> {known?.title} <Reasons reasons={one.reasons} /></h3>
              {one.note && <p className="text">{one.note}</p>}
              {query.isSuccess && !known?.known && <p className="muted">{say("unknown")}</p>}
              <dl className="facts wide">{facts.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{say(name)}</dt><dd className="text">{value}</dd></div>)}
                {known?.article && <div><dt>{say("article")}</dt><dd><Link to="/knowledge/$article" params={{ article: known.article }}>{known.article}</Link></dd></div>}</dl>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
