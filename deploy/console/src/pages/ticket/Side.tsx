import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { CHANNEL, LINKED, term } from "../../kit/terms";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { Of } from "../../kit/Query";
import { Clocks } from "./Clocks";
import { Diagnosis, Similar } from "./Diagnosis";
import { customerOf, workOf, type Ticket } from "./data";
import { WORDS } from "./words";

export function Fold({ title, beside, children }: { title: string; beside?: ReactNode; children: ReactNode }) {
  return (
    <details className="fold" open>
      <summary><h2>{title}</h2>{beside}</summary>
      <div className="stack">{children}</div>
    </details>
  );
}

export function Side({ ticket, assign }: { ticket: Ticket; assign?: () => void }) {
  const say = useWords(WORDS);
  const me = useMe();
  const work = useQuery(workOf(ticket.ticket));
  const name = work.data?.assignee_name ?? ticket.assignee_name;
  return (
    <aside className="facts-side" aria-label={ticket.ticket}>
      <section className="fold side-by-side">
        <h2>{say("assignee")}</h2><span className="grow" data-assignee={work.data?.assignee ?? ticket.assignee}>{name || <span className="muted">{say("nobody")}</span>}</span>
        {assign && <button className="button" onClick={assign}>{say("assign")}</button>}
      </section>
      <Fold title={say("clocks")}><Clocks number={ticket.ticket} /></Fold>
      <Fold title={say("customer")}>
        <Customer ticket={ticket} />
        {has(me, "agent", "engineer", "lead", "auditor", "admin") && <History ticket={ticket} />}
      </Fold>
      <Fold title={say("diagnosis")}><Diagnosis number={ticket.ticket} /></Fold>
      <Fold title={say("similar")}><Of query={work}>{(data) => <Similar work={data} />}</Of></Fold>
    </aside>
  );
}

function Customer({ ticket }: { ticket: Ticket }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const { contact } = ticket;
  return (
    <dl className="facts">
      <div><dt>{say("customer")}</dt><dd>{ticket.customer_name}</dd></div>
      <div><dt>{say("contact")}</dt><dd>{contact.name}</dd></div>
      {contact.phone && <div><dt>{say("phone")}</dt><dd className="figure">{contact.phone}</dd></div>}
      {contact.email && <div><dt>{say("mail")}</dt><dd>{contact.email}</dd></div>}
      <div><dt>{say("channel")}</dt><dd>{term(CHANNEL, ticket.channel, language)}</dd></div>
      <div><dt>{say("opened")}</dt><dd className="figure">{atMinute(ticket.opened_at, language)}</dd></div>
    </dl>
  );
}

function History({ ticket }: { ticket: Ticket }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const query = useQuery(customerOf(ticket.customer));
  const why = new Map(ticket.links.map((one) => [one.ticket, one.reasons.map((reason) => term(LINKED, reason, language)).join(language === "zh" ? "、" : ", ")]));
  return (
    <div>
      <h3 className="meta">{say("history")}</h3>
      <Of query={query}>
        {(customer) => {
          const others = customer.tickets.filter((one) => one !== ticket.ticket).slice(0, 8);
          if (!others.length) return <p className="muted">{say("no_history")}</p>;
          return (
            <ul className="links">
              {others.map((one) => (
                <li key={one}>
                  <Link to="/tickets/$ticket" params={{ ticket: one }} className="figure">{one}</Link>
                  {why.get(one) && <span className="meta"> {say("linked_because", { why: why.get(one)! })}</span>}
                </li>
              ))}
            </ul>
          );
        }}
      </Of>
    </div>
  );
}
