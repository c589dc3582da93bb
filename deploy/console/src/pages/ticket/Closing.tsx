import { useQuery } from "@tanstack/react-query";
import { all, api, must, once } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name } from "../../app/people";
import { moment, text } from "../../kit/ActForm";
import { SATISFACTION, term } from "../../kit/terms";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { engineers, type Ticket } from "./data";
import { TicketForm } from "./forms";
import { WORDS } from "./closing_words";

/** What the customer said of the service; and for whoever is dissatisfied the call-back and the second service plan, each
 *  with what has to come before it. */
export function Closing({ ticket }: { ticket: Ticket }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  if (!ticket.satisfaction) return null;
  const isCalled = ticket.call_back != null;
  return (
    <section className="stack">
      <h2>{say("feedback")}</h2>
      <p>
        <span className={ticket.satisfaction === "dissatisfied" ? "chip breached" : "chip met"}><span aria-hidden="true">{ticket.satisfaction === "dissatisfied" ? "✕" : "✓"}</span>{term(SATISFACTION, ticket.satisfaction, language)}</span>
        {ticket.feedback_comment && <> <q className="text">{ticket.feedback_comment}</q></>}
      </p>
      {ticket.call_back && (
        <dl className="facts wide card">
          <div><dt>{say("call_back")}</dt><dd><Name of={ticket.call_back.by} /> · {atMinute(ticket.call_back.called_at, language)}</dd></div>
          <div><dt>{say("cause")}</dt><dd>{ticket.call_back.cause}</dd></div>
          {ticket.call_back.notes && <div><dt>{say("notes")}</dt><dd className="text">{ticket.call_back.notes}</dd></div>}
        </dl>
      )}
      {ticket.second_plan && (
        <dl className="facts wide card">
          <div><dt>{say("plan")}</dt><dd className="text">{ticket.second_plan}</dd></div>
          <div><dt>{say("owner")}</dt><dd><Name of={ticket.second_plan_owner} /></dd></div>
          {ticket.second_plan_due_at && <div><dt>{say("due")}</dt><dd className="figure">{atMinute(ticket.second_plan_due_at, language)}</dd></div>}
          {ticket.second_plan_result && <div><dt>{say("result")}</dt><dd className="text">{ticket.second_plan_result}</dd></div>}
        </dl>
      )}
      {ticket.second_plan_result && ticket.rates_again && ticket.stage === "feedback" && <p className="meta">{say("rates_again")}</p>}
      {ticket.satisfaction === "dissatisfied" && ticket.stage === "feedback" && has(me, "agent", "engineer", "lead") && <Steps ticket={ticket} isCalled={isCalled} />}
    </section>
  );
}

/** Call-back, plan, result: one after the other. */
function Steps({ ticket, isCalled }: { ticket: Ticket; isCalled: boolean }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const causes = useQuery({
    queryKey: ["call-back-causes"],
    queryFn: ({ signal }) => all(async (after) => must(await api.GET("/v1/call-back-causes", { params: { query: { active: true, after, limit: 100 } }, signal }))),
  });
  const people = useQuery(engineers);
  const number = ticket.ticket;
  const at = (key: string) => ({ params: { path: { ticket: number }, header: once(key) } });
  const listed = causes.data?.map((one) => [one.id, language === "zh" ? one.name_zh : one.name_en] as const) ?? [];
  const owners = [[me.sub, say("me", { name: me.name })] as const, ...(people.data ?? []).filter((one) => one.active && one.id !== me.sub).map((one) => [one.id, one.name] as const)];
  return (
    <>
      {!isCalled && <TicketForm number={number} title={say("call")} shut={causes.data ? undefined : say("causes_first")}
        fields={[listed.length ? { name: "cause", label: say("cause"), kind: "choice", options: listed, required: true } : { name: "cause", label: say("cause"), required: true },
          { name: "notes", label: say("notes"), kind: "text" }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/call-back", { ...at(key), body: { cause: text(filled, "cause"), notes: text(filled, "notes") } }))} />}
      {!ticket.second_plan && <TicketForm number={number} title={say("agree")} shut={isCalled ? undefined : say("call_first")}
        fields={[{ name: "plan", label: say("plan"), kind: "text", required: true }, { name: "owner", label: say("owner"), kind: "choice", options: owners, required: true }, { name: "due_at", label: say("due_in_a_week"), kind: "moment" }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/second-plan", { ...at(key), body: { plan: text(filled, "plan"), owner: text(filled, "owner"), due_at: moment(filled, "due_at") } }))} />}
      {!ticket.second_plan_result && <TicketForm number={number} title={say("carry_out")} shut={ticket.second_plan ? undefined : say("plan_first")}
        fields={[{ name: "result", label: say("result"), kind: "text", required: true }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/second-plan/result", { ...at(key), body: { result: text(filled, "result") } }))} />}
    </>
  );
}
