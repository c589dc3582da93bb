import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name, useNames } from "../../app/people";
import { ActForm, text, type Act } from "../../kit/ActForm";
import { Moment, PriorityMark } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { inLanguage, useLanguage, useWords } from "../../kit/words";
import { State } from "./parts";
import { WORDS } from "./words";
import "./incidents.css";

type Incident = Schemas["IncidentView"];
const route = getRouteApi("/incidents/$incident");

/** One incident: what is known of it, its news, its tickets, and what is to be decided. */
export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const { incident } = route.useParams();
  const query = useQuery({ queryKey: ["incidents", "one", incident], queryFn: async ({ signal }) => must(await api.GET("/v1/incidents/{incident}", { params: { path: { incident } }, signal })) });
  const title = query.data?.title;
  const name = useNames();
  useEffect(() => void (title && (document.title = title)), [title]);
  return (
    <div className="page incidents">
      <Link to="/incidents" className="button plain back"><span aria-hidden="true">←</span> {say("back")}</Link>
      <Of query={query}>
        {(one) => {
          const facts = [["root_cause", one.root_cause], ["workaround", inLanguage(one.workaround, language)], ["resolution", one.resolution ? inLanguage(one.resolution.solution, language) : ""]] as const;
          return (
            <>
              <header className="stack">
                <p className="side-by-side meta"><span className="figure">{one.id}</span><State state={one.state} /><PriorityMark priority={one.priority} />
                  <span>{say("of_customers", { n: one.customers, t: one.ticket_count })}</span><span>{say("proposed")} <Moment at={one.proposed_at} /></span></p>
                <h1>{one.title}</h1>
                {one.reason && <p className="muted">{say("decided", { who: name(one.decided_by), why: one.reason })}</p>}
                {one.into && <p>{say("into")} <Link to="/incidents/$incident" params={{ incident: one.into }} className="figure">{one.into}</Link></p>}
              </header>
              <dl className="facts wide">{facts.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{say(name)}</dt><dd className="text">{value}</dd></div>)}</dl>
              {has(me, "engineer", "lead") && <Actions incident={one} />}
              <News updates={one.updates} />
              {one.evidence.length > 0 && <section className="stack"><h2>{say("evidence")}</h2><ul className="dots">{one.evidence.map((line) => <li key={line}>{line}</li>)}</ul></section>}
              <section className="stack">
                <h2>{say("tickets")}</h2>
                <ul className="rows-of">
                  {one.first_tickets.map((of) => <li key={of.ticket}><Link to="/tickets/$ticket" params={{ ticket: of.ticket }} className="figure">{of.ticket}</Link><span className="grow line">{of.customer}</span><span className="meta"><Moment at={of.opened_at} /></span></li>)}
                </ul>
                {one.ticket_count > one.first_tickets.length && <p className="meta">{say("not_all", { n: one.first_tickets.length, all: one.ticket_count })}</p>}
              </section>
            </>
          );
        }}
      </Of>
    </div>
  );
}

/** What the state asks for: whether it is one, and then its news. */
function Actions({ incident }: { incident: Incident }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const queries = useQueryClient();
  const at = (key: string) => ({ params: { path: { incident: incident.id }, header: once(key) } });
  const form = (one: Omit<Act<Incident>, "done">) => (
    <ActForm key={one.title} {...one} done={(view) => {
      queries.setQueryData(["incidents", "one", incident.id], view);
      void queries.invalidateQueries({ queryKey: ["incidents", "list"] });
    }} />
  );
  const reason = [{ name: "reason", label: say("reason"), required: true }];
  const isCandidate = incident.state === "candidate";
  if (!isCandidate && incident.state !== "confirmed") return null;
  return (
    <div className="side-by-side acts">
      {isCandidate && form({ title: say("confirm"), fields: reason, act: async (filled, key) => must(await api.POST("/v1/incidents/{incident}/confirmation", { ...at(key), body: { reason: text(filled, "reason") } })) })}
      {isCandidate && form({ title: say("dismiss"), fields: reason, act: async (filled, key) => must(await api.POST("/v1/incidents/{incident}/dismissal", { ...at(key), body: { reason: text(filled, "reason") } })) })}
      {form({
        title: say("update"), shut: isCandidate ? say("confirm_first") : undefined,
        fields: [{ name: "zh", label: say("zh"), kind: "text", most: 5_000, required: language === "zh" }, { name: "en", label: say("en"), kind: "text", most: 5_000, required: language === "en" }, { name: "internal", label: say("only_staff"), kind: "tick", value: "" }],
        act: async (filled, key) => must(await api.POST("/v1/incidents/{incident}/updates", { ...at(key), body: { text: { zh: text(filled, "zh"), en: text(filled, "en") }, internal: filled.has("internal") } })),
      })}
      {!isCandidate && form({
        title: say("resolve"),
        fields: [
          { name: "zh", label: say("solution_zh"), kind: "text", most: 5_000, required: language === "zh", value: incident.workaround.zh }, { name: "en", label: say("solution_en"), kind: "text", most: 5_000, required: language === "en", value: incident.workaround.en },
          { name: "root_cause", label: say("root_cause"), kind: "text", required: true, value: incident.root_cause }, { name: "steps", label: say("steps"), kind: "text", required: true }, { name: "result", label: say("result"), kind: "text", required: true, hint: say("resolve_hint") },
        ],
        act: async (filled, key) => must(await api.POST("/v1/incidents/{incident}/resolution", { ...at(key), body: { solution: { zh: text(filled, "zh"), en: text(filled, "en") }, root_cause: text(filled, "root_cause"), steps: text(filled, "steps"), result: text(filled, "result") } })),
      })}
      {form({
        title: say("describe"),
        fields: [{ name: "title", label: say("its_title"), required: true, value: incident.title }, { name: "root_cause", label: say("root_cause"), kind: "text", value: incident.root_cause }, { name: "zh", label: say("workaround_zh"), kind: "text", most: 5_000, value: incident.workaround.zh }, { name: "en", label: say("workaround_en"), kind: "text", most: 5_000, value: incident.workaround.en }],
        act: async (filled, key) => must(await api.PATCH("/v1/incidents/{incident}", { ...at(key), body: { title: text(filled, "title"), root_cause: text(filled, "root_cause") || null, workaround: { zh: text(filled, "zh"), en: text(filled, "en") } } })),
      })}
      {form({
        title: say("add_ticket"), fields: [{ name: "ticket", label: say("ticket"), required: true, most: 80 }, ...reason],
        act: async (filled, key) => must(await api.POST("/v1/incidents/{incident}/tickets", { ...at(key), body: { ticket: text(filled, "ticket"), reason: text(filled, "reason") } })),
      })}
      {form({
        title: say("remove_ticket"), fields: [{ name: "ticket", label: say("ticket"), kind: "choice", options: incident.first_tickets.map((one) => [one.ticket, `${one.ticket} ${one.customer}`] as const), required: true }, ...reason],
        act: async (filled, key) => must(await api.POST("/v1/incidents/{incident}/tickets/{ticket}/removal", { params: { path: { incident: incident.id, ticket: text(filled, "ticket") }, header: once(key) }, body: { reason: text(filled, "reason") } })),
      })}
    </div>
  );
}

function News({ updates }: { updates: Incident["updates"] }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  return (
    <section className="stack">
      <h2>{say("updates")}</h2>
      {!updates.length && <p className="muted">{say("no_updates")}</p>}
      <ol className="stack">
        {[...updates].reverse().map((one) => (
          <li key={one.id} className="card">
            <p className="text">{inLanguage(one.text, language)}</p>
            <p className="side-by-side meta"><span><Name of={one.by} /></span><Moment at={one.at} /><span className={one.internal ? "chip paused" : "chip quiet"}>{say(one.internal ? "internal" : "told")}</span></p>
          </li>
        ))}
      </ol>
    </section>
  );
}
