import { useQuery } from "@tanstack/react-query";
import { api, must, once } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { useNames } from "../../app/people";
import { moment, text } from "../../kit/ActForm";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords, type Words } from "../../kit/words";
import { remoteTools, type Ticket } from "./data";
import { TicketForm } from "./forms";
import { WORDS as TICKET } from "./words";

const WORDS = {
  record: ["Record a consent", "代录授权"], scope: ["What is allowed", "授权范围"], tool: ["Tool", "工具"], any_tool: ["any approved tool", "任何获准工具"],
  purpose: ["Purpose", "目的"], words: ["In the customer's own words", "客户原话"], given_by: ["Who gave it", "授权人"], expires: ["Until; empty: until it is revoked", "有效期至；留空则直至撤销"],
  revoke: ["Revoke this consent", "撤销此授权"], recorded: ["recorded by {who}", "由 {who} 代录"],
} satisfies Words;

/** Consents to remote assistance: what the customer gave in the portal, and what staff write down of a call. */
export function Consents({ ticket }: { ticket: Ticket }) {
  const say = useWords(TICKET);
  const ours = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const named = useNames();
  const tools = useQuery(remoteTools);
  const number = ticket.ticket;
  const mayWrite = has(me, "agent", "engineer", "lead") && ticket.status !== "completed";
  const approved = tools.data?.filter((one) => one.approved).map((one) => [one.name, one.name] as const) ?? [];
  return (
    <section className="stack">
      <h2>{say("consents")}</h2>
      {!ticket.consents.length && <p className="muted">{say("no_consent")}</p>}
      <ul className="stack">
        {ticket.consents.map((one) => (
          <li key={one.id} className="card stack">
            <p>{one.scope}{one.tool && ` · ${one.tool}`} {one.revoked_at && <span className="chip paused">{say("revoked")}</span>}</p>
            {one.words && <q className="text">{one.words}</q>}
            <p className="meta">{one.given_by} · {atMinute(one.given_at, language)}{one.expires_at && ` · ${say("consent_until", { at: atMinute(one.expires_at, language) })}`}
              {one.recorded_by && one.recorded_by !== ticket.contact.sub && ` · ${ours("recorded", { who: named(one.recorded_by) })}`}</p>
            {mayWrite && !one.revoked_at && <TicketForm number={number} title={ours("revoke")} fields={[]}
              act={async (_, key) => must(await api.POST("/v1/tickets/{ticket}/consents/{consent}/revocation", { params: { path: { ticket: number, consent: one.id }, header: once(key) } }))} />}
          </li>
        ))}
      </ul>
      {mayWrite && <TicketForm number={number} title={ours("record")}
        fields={[
          { name: "scope", label: ours("scope"), required: true }, { name: "tool", label: ours("tool"), kind: "choice", options: [["", ours("any_tool")], ...approved] },
          { name: "purpose", label: ours("purpose") }, { name: "given_by", label: ours("given_by"), required: true, value: ticket.contact.name },
          { name: "words", label: ours("words"), kind: "text", required: true }, { name: "expires_at", label: ours("expires"), kind: "moment" },
        ]}
        act={async (filled, key) => must(await api.POST("/v1/tickets/{ticket}/consents", { params: { path: { ticket: number }, header: once(key) }, body: {
          scope: text(filled, "scope"), tool: text(filled, "tool"), purpose: text(filled, "purpose"), given_by: text(filled, "given_by"), words: text(filled, "words"), expires_at: moment(filled, "expires_at"),
        } }))} />}
    </section>
  );
}
