import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name, useNames } from "../../app/people";
import { ActForm, several, text } from "../../kit/ActForm";
import { Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import type { Ticket } from "./data";
import { TicketForm } from "./forms";
import { WORDS } from "./links_words";

const KINDS = ["related", "causes", "caused_by", "follows", "followed_by", "duplicate_of", "has_duplicate"] as const;
type Kind = (typeof KINDS)[number];
const SHOWN = 80; // characters of a message, to know it by

/** How this ticket belongs together with others: links, merges, splits. */
export default function LinksTab({ ticket }: { ticket: Ticket }) {
  return <div className="work"><Relations ticket={ticket} /><Merging ticket={ticket} /></div>;
}

const To = ({ number }: { number: string }) => <Link to="/tickets/$ticket" params={{ ticket: number }} className="figure">{number}</Link>;

function Relations({ ticket }: { ticket: Ticket }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const number = ticket.ticket;
  const query = useQuery({ queryKey: ["ticket", number, "relations"], queryFn: async ({ signal }) => must(await api.GET("/v1/tickets/{ticket}/relations", { params: { path: { ticket: number }, query: { limit: 100 } }, signal })).items });
  const again = () => void queries.invalidateQueries({ queryKey: ["ticket", number] });
  const may = has(me, "agent", "engineer", "lead");
  const relation = (one: Schemas["RelationView"]) => (KINDS as readonly string[]).includes(one.relation) ? say(one.relation as Kind) : one.relation;
  return (
    <section className="stack">
      <h2>{say("relations")}</h2>
      <Of query={query}>
        {(all) => !all.length ? <p className="muted">{say("none")}</p> : (
          <ul className="rows-of">
            {all.map((one) => (
              <li key={one.id} data-relation={one.relation}>
                <span>{relation(one)}</span><To number={one.ticket} /><span className="grow line">{one.reason}</span><span className="meta"><Name of={one.by} /> · <Moment at={one.since} /></span>
                {may && <ActForm title={say("remove", { ticket: one.ticket })} short={say("remove_short")} fields={[{ name: "reason", label: say("reason"), required: true }]} done={again}
                  act={async (filled, key) => must(await api.DELETE("/v1/tickets/{ticket}/relations/{relation}", { params: { path: { ticket: number, relation: one.id }, query: { reason: text(filled, "reason") }, header: once(key) } }))} />}
              </li>
            ))}
          </ul>
        )}
      </Of>
      {may && <ActForm title={say("add")} done={again}
        fields={[{ name: "relation", label: say("relation"), kind: "choice", options: KINDS.map((one) => [one, say(one)] as const) }, { name: "ticket", label: say("ticket"), required: true, most: 80 }, { name: "reason", label: say("reason"), required: true }]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/relations", { params: { path: { ticket: number }, header: once(key) }, body: { relation: text(filled, "relation") as Kind, ticket: text(filled, "ticket"), reason: text(filled, "reason") } }))} />}
    </section>
  );
}

function Merging({ ticket }: { ticket: Ticket }) {
  const say = useWords(WORDS);
  const me = useMe();
  const named = useNames();
  const queries = useQueryClient();
  const [split, setSplit] = useState("");
  const number = ticket.ticket;
  const at = (key: string) => ({ params: { path: { ticket: number }, header: once(key) } });
  const reason = { name: "reason", label: say("reason"), required: true };
  const facts = [["merged_into", [ticket.merged_into]], ["merged", ticket.merged], ["split_from", [ticket.split_from]], ["followed", [ticket.followed_by]]] as const;
  const shown = facts.map(([name, numbers]) => [name, numbers.filter(Boolean)] as const).filter(([, numbers]) => numbers.length);
  const messages = ticket.messages.filter((one) => !one.split_to).map((one) => [one.id, `${one.name || one.author}: ${one.text.slice(0, SHOWN)}`] as const);
  const files = ticket.attachments.map((one) => [one.id, one.name] as const);
  return (
    <section className="stack">
      <h2>{say("merging")}</h2>
      {shown.length > 0 && <dl className="facts wide">{shown.map(([name, numbers]) => <div key={name}><dt>{say(name)}</dt><dd className="side-by-side">{numbers.map((one) => <To key={one} number={one} />)}</dd></div>)}</dl>}
      {split && <p role="status">{say("split_done")} <To number={split} /></p>}
      {has(me, "agent", "lead") && (ticket.merged_into
        ? <TicketForm number={number} title={say("unmerge")} fields={[{ ...reason, hint: say("unmerge_hint") }]} act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/unmerge", { ...at(key), body: { reason: text(filled, "reason") } }))} />
        : ticket.status !== "completed" && <TicketForm number={number} title={say("merge")}
          fields={[{ name: "into", label: say("into"), required: true, most: 80, hint: say("merge_hint") }, reason, ...(has(me, "lead") ? [{ name: "other_company", label: say("other_company"), kind: "tick" as const, value: "" }] : []), { name: "even_if_waiting", label: say("even_if_waiting"), kind: "tick", value: "" }]}
          act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/merge", { ...at(key), body: { into: text(filled, "into"), reason: text(filled, "reason"), other_company: filled.has("other_company"), even_if_waiting: filled.has("even_if_waiting") } }))} />)}
      {has(me, "agent", "engineer", "lead") && !ticket.merged_into && <ActForm title={say("split")} shut={messages.length ? undefined : say("nothing_to_split")}
        fields={[{ name: "title", label: say("split_title"), required: true }, { name: "messages", label: say("messages"), kind: "several", options: messages }, ...(files.length ? [{ name: "attachments", label: say("files"), kind: "several" as const, options: files }] : []), reason]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/splits", { ...at(key), body: { title: text(filled, "title"), messages: several(filled, "messages"), attachments: several(filled, "attachments"), reason: text(filled, "reason") } }))}
        done={(made) => { setSplit(made.ticket); void queries.invalidateQueries({ queryKey: ["ticket", number] }); }} />}
      {ticket.merges.length > 0 && (
        <section className="stack tight"><h3>{say("history")}</h3>
          <ul>{ticket.merges.map((one, index) => <li key={index} className="meta">{say("merged_by", { into: one.into, who: named(one.by), why: one.reason })} · <Moment at={one.merged_at} />{one.undone_at && <> · {say("undone", { who: named(one.undone_by), why: one.undone_reason })}</>}</li>)}</ul>
        </section>
      )}
    </section>
  );
}
