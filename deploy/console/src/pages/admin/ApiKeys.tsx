import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { useNames } from "../../app/people";
import { ActForm, lines, text } from "../../kit/ActForm";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { atMinute, deskNow } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { Secret } from "./Secret";
import { WORDS } from "./webhook_words";

/** The keys with which machines work with the desk. */
export default function ApiKeys() {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const [secret, setSecret] = useState("");
  const query = useQuery({ queryKey: ["api-keys"], queryFn: async ({ signal }) => must(await api.GET("/v1/api-keys", { params: { query: { limit: 100 } }, signal })).items });
  const made = (view: Schemas["ApiKeyView"]) => {
    setSecret(view.secret ?? "");
    void queries.invalidateQueries({ queryKey: ["api-keys"] });
  };
  return (
    <div className="stack">
      {has(me, "admin") && <ActForm title={say("key_add")} done={made}
        fields={[{ name: "name", label: say("name"), required: true }, { name: "scopes", label: say("scopes"), required: true, most: 4_000, hint: say("scopes_hint") }, { name: "days", label: say("days"), kind: "number", value: "90", least: 1, most: 366, required: true }]}
        act={async (filled, key) => must(await api.POST("/v1/api-keys", { params: { header: once(key) }, body: { name: text(filled, "name"), scopes: lines(filled, "scopes", /[\s,，]+/), days: Number(text(filled, "days")) } }))} />}
      <Secret secret={secret} />
      <Of query={query}>{(all) => !all.length ? <Empty title={say("key_none")}><p>{say("key_none_hint")}</p></Empty> : <ul className="stack">{all.map((one) => <One key={one.id} apiKey={one} made={made} />)}</ul>}</Of>
    </div>
  );
}

function One({ apiKey: one, made }: { apiKey: Schemas["ApiKeyView"]; made(view: Schemas["ApiKeyView"]): void }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const named = useNames();
  const state = one.state === "revoked" ? "revoked" : Date.parse(one.expires_at) < deskNow() ? "expired" : "active";
  const at = (key: string) => ({ params: { path: { api_key: one.id }, header: once(key) } });
  return (
    <li className="card stack" data-key={one.id}>
      <p className="side-by-side"><em className="grow">{one.name}</em><span className="mono meta">{one.id} …{one.hint}</span><span className={state === "active" ? "chip met" : "chip quiet"}><span aria-hidden="true">{state === "active" ? "✓" : "–"}</span>{say(state)}</span></p>
      <p className="mono">{one.scopes.join(" ")}</p>
      <p className="side-by-side meta"><span>{say("made_by", { who: named(one.created_by) })}</span><span className="figure">{say("expires", { at: atMinute(one.expires_at, language) })}</span><span>{one.last_used_at ? <>{say("used")} <Moment at={one.last_used_at} /></> : say("never")}</span></p>
      {state !== "revoked" && has(me, "admin") && (
        <div className="side-by-side acts">
          <ActForm title={say("rotate")} done={made} fields={[{ name: "overlap_hours", label: say("overlap"), kind: "number", value: "24", least: 0, most: 168, required: true }, { name: "days", label: say("days"), kind: "number", value: "90", least: 1, most: 366, required: true }]}
            act={async (filled, key) => must(await api.POST("/v1/api-keys/{api_key}/rotation", { ...at(key), body: { overlap_hours: Number(text(filled, "overlap_hours")), days: Number(text(filled, "days")) } }))} />
          <ActForm title={say("revoke")} fields={[]} done={made} act={async (_, key) => must(await api.POST("/v1/api-keys/{api_key}/revocation", at(key)))} />
        </div>
      )}
    </li>
  );
}
