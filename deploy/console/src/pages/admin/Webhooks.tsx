import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, lines, text, type Act, type Field } from "../../kit/ActForm";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { Secret } from "./Secret";
import { WORDS } from "./webhook_words";

type Webhook = Schemas["WebhookView"];
const COMMAS = /[,，\s]+/;

/** Who is told what happens, and what they answered. */
export default function Webhooks() {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const [secret, setSecret] = useState("");
  const query = useQuery({ queryKey: ["webhooks"], queryFn: async ({ signal }) => must(await api.GET("/v1/webhooks", { params: { query: { limit: 100 } }, signal })).items.filter((one) => one.state !== "deleted") });
  return (
    <div className="stack">
      {has(me, "admin") && <ActForm title={say("add")} fields={fieldsOf(say)} done={(made: Webhook) => { setSecret(made.secret ?? ""); void queries.invalidateQueries({ queryKey: ["webhooks"] }); }}
        act={async (filled, key) => must(await api.POST("/v1/webhooks", { params: { header: once(key) }, body: { name: text(filled, "name"), url: text(filled, "url"), events: lines(filled, "events", COMMAS), company: text(filled, "company"), payload: text(filled, "payload") as "full" } }))} />}
      <Secret secret={secret} />
      <Of query={query}>{(all) => !all.length ? <Empty title={say("none")}><p>{say("none_hint")}</p></Empty> : <ul className="stack">{all.map((one) => <One key={one.id} webhook={one} />)}</ul>}</Of>
    </div>
  );
}

function fieldsOf(say: (name: keyof typeof WORDS) => string, one?: Webhook): Field[] {
  return [
    { name: "name", label: say("name"), required: true, value: one?.name }, { name: "url", label: say("url"), required: true, most: 2_000, value: one?.url },
    { name: "events", label: say("events"), required: true, most: 4_000, value: one?.events.join(", ") ?? "*", hint: say("events_hint") }, { name: "company", label: say("company"), value: one?.company },
    { name: "payload", label: say("payload"), kind: "choice", value: one?.payload, options: [["full", say("full")], ["thin", say("thin")]] },
  ];
}

const BECAUSE = ["somebody", "failing", "gone"] as const;

function One({ webhook }: { webhook: Webhook }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const [secret, setSecret] = useState("");
  const [said, setSaid] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const at = (key: string) => ({ params: { path: { webhook: webhook.id }, header: once(key) } });
  const again = () => void queries.invalidateQueries({ queryKey: ["webhooks"] });
  const form = <T,>(one: Omit<Act<T>, "done">, done: (result: T) => void = again) => <ActForm {...one} done={done} />;
  const isActive = webhook.state === "active";
  return (
    <li className="card stack" data-webhook={webhook.id}>
      <p className="side-by-side"><em className="grow">{webhook.name}</em><span className={isActive ? "chip met" : "chip paused"}><span aria-hidden="true">{isActive ? "✓" : "‖"}</span>{say(isActive ? "active" : "disabled")}</span></p>
      <p className="mono">{webhook.url}</p>
      <p className="meta">{webhook.events.join(", ")}{webhook.company && ` · ${webhook.company}`}{webhook.disabled_because && (BECAUSE as readonly string[]).includes(webhook.disabled_because) && ` · ${say(webhook.disabled_because as (typeof BECAUSE)[number])}`}</p>
      <p role="status">{said}</p>
      <Secret secret={secret} />
      <div className="side-by-side acts">
        <button type="button" className="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>{say("deliveries")}</button>
        {has(me, "admin") && <>
          {form({ title: say("test"), fields: [], act: async (_, key) => must(await api.POST("/v1/webhooks/{webhook}/test", at(key))) }, (told) => setSaid(told.delivered ? say("test_ok", { status: told.status }) : say("test_failed", { why: told.error || String(told.status) })))}
          {form({ title: say("change"), fields: fieldsOf(say, webhook), act: async (filled, key) => must(await api.PATCH("/v1/webhooks/{webhook}", { ...at(key), body: { name: text(filled, "name"), url: text(filled, "url"), events: lines(filled, "events", COMMAS), company: text(filled, "company"), payload: text(filled, "payload") as "full" } })) })}
          {isActive ? form({ title: say("disable"), fields: [], act: async (_, key) => must(await api.POST("/v1/webhooks/{webhook}/disable", at(key))) }) : form({ title: say("enable"), fields: [], act: async (_, key) => must(await api.POST("/v1/webhooks/{webhook}/enable", at(key))) })}
          {form({ title: say("rotate"), fields: [], act: async (_, key) => must(await api.POST("/v1/webhooks/{webhook}/secrets", at(key))) }, (view) => { setSecret(view.secret ?? ""); again(); })}
          {form({ title: say("replay"), fields: [{ name: "after", label: say("after"), kind: "number", least: 0, required: true, value: "0" }, { name: "until", label: say("until"), kind: "number", least: 0, required: true }], act: async (filled, key) => must(await api.POST("/v1/webhooks/{webhook}/replay", { ...at(key), body: { after: Number(text(filled, "after")), until: Number(text(filled, "until")) } })) }, () => setSaid(say("replaying")))}
          {form({ title: say("remove"), fields: [], act: async (_, key) => must(await api.DELETE("/v1/webhooks/{webhook}", at(key))) })}
        </>}
      </div>
      {isOpen && <Deliveries webhook={webhook.id} />}
    </li>
  );
}

const STATES = ["", "waiting", "delivered", "failed"] as const;

function Deliveries({ webhook }: { webhook: string }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const [state, setState] = useState<(typeof STATES)[number]>("");
  const query = useQuery({ queryKey: ["webhooks", webhook, "deliveries", state], queryFn: async ({ signal }) => must(await api.GET("/v1/webhooks/{webhook}/deliveries", { params: { path: { webhook }, query: { limit: 50, ...(state && { state }) } }, signal })).items });
  return (
    <div className="stack">
      <label className="side-by-side"><span className="meta">{say("state")}</span><select className="field" value={state} onChange={(event) => setState(event.target.value as typeof state)}>{STATES.map((one) => <option key={one} value={one}>{say(one || "all")}</option>)}</select></label>
      <Of query={query}>
        {(all) => !all.length ? state ? <Empty title={say("none_of_state")}><button type="button" className="button" onClick={() => setState("")}>{say("all")}</button></Empty> : <Empty title={say("none_sent")} /> : (
          <div className="scroll" tabIndex={0} role="region" aria-label={say("deliveries")}>
            <table className="plain">
              <thead><tr>{(["event", "ticket", "state", "answer", "when", "action"] as const).map((one) => <th key={one} scope="col">{say(one)}</th>)}</tr></thead>
              <tbody>{all.map((one) => {
                const last = one.attempts.at(-1);
                return <tr key={one.id} data-delivery={one.id}><th scope="row" className="mono">{one.kind}</th><td className="figure">{one.ticket || "–"}</td>
                  <td><span className={one.state === "delivered" ? "chip met" : one.state === "failed" ? "chip breached" : "chip quiet"}><span aria-hidden="true">{one.state === "delivered" ? "✓" : one.state === "failed" ? "✕" : "…"}</span>{say(one.state as "failed")}</span></td>
                  <td className="meta">{last ? `${last.status || ""} ${last.error} ${last.milliseconds} ms` : "–"} · {say("tries", { n: one.tries })}</td><td><Moment at={one.created_at} /></td>
                  <td>{has(me, "admin") && <ActForm title={say("again")} fields={[]} done={() => void queries.invalidateQueries({ queryKey: ["webhooks", webhook] })} act={async (_, key) => must(await api.POST("/v1/webhooks/{webhook}/deliveries/{delivery}/redelivery", { params: { path: { webhook, delivery: one.id }, header: once(key) } }))} />}</td></tr>;
              })}</tbody>
            </table>
          </div>
        )}
      </Of>
    </div>
  );
}
