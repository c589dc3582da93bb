import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, text } from "../../kit/ActForm";
import { Of } from "../../kit/Query";
import { CLOCK, PRIORITY, term } from "../../kit/terms";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { PolicyForm } from "./PolicyForm";
import { WORDS as SETTING } from "./policy_words";
import { WORDS } from "./words";

type Policy = Schemas["PolicyView"];

/** What was promised to whom: how soon which clock has to stop, by priority. */
export default function Policies() {
  const say = useWords(WORDS);
  const me = useMe();
  const calendars = useQuery({ queryKey: ["calendars"], queryFn: async ({ signal }) => must(await api.GET("/v1/calendars", { signal })).items });
  const names = calendars.data?.map((one) => one.id) ?? [];
  const query = useQuery({ queryKey: ["policies"], queryFn: async ({ signal }) => must(await api.GET("/v1/policies", { signal })).items });
  return (
    <div className="stack">
      {has(me, "admin") && names.length > 0 && <PolicyForm calendars={names} />}
      <Of query={query}>{(all) => !all.length ? <p className="muted">{say("no_policies")}</p> : <div className="stack">{all.map((one) => <One key={one.id} policy={one} calendars={names} />)}</div>}</Of>
    </div>
  );
}

function One({ policy, calendars }: { policy: Policy; calendars: string[] }) {
  const say = useWords(WORDS);
  const set = useWords(SETTING);
  const me = useMe();
  const queries = useQueryClient();
  const language = useLanguage();
  const now = policy.current;
  const whose = (["company", "tier", "product", "team"] as const).filter((one) => policy[one]).map((one) => say(one, { name: policy[one] }));
  const priorities = Object.keys(PRIORITY);
  return (
    <section className="card stack" aria-label={policy.id}>
      <h2>{whose.join(", ") || say("everybody")} <span className="meta">{policy.id}</span></h2>
      <p className="side-by-side meta">
        <span>{now ? say(Date.parse(now.valid_from) > 0 ? "since" : "always", { at: atMinute(now.valid_from, language), n: now.revision }) : say("not_yet")}</span>
        {now?.retired && <span className="chip quiet">{say("retired")}</span>}{now && <span>{say("by_calendar", { name: now.calendar })}</span>}
        {now && now.max_pause_hours > 0 && <span>{say("pause", { n: now.max_pause_hours })}</span>}
      </p>
      {now && (
        <div className="scroll" tabIndex={0} role="group" aria-label={say("clock")}>
          <table className="plain">
            <thead><tr><th scope="col">{say("clock")}</th>{priorities.map((one) => <th key={one} scope="col">{term(PRIORITY, one, language)}</th>)}</tr></thead>
            <tbody>
              {Object.entries(now.targets).map(([clock, of]) => (
                <tr key={clock}><th scope="row">{term(CLOCK, clock, language)}</th>{priorities.map((one) => <td key={one} className="figure">{of[one] ? say(of[one].unit, { n: of[one].amount }) : "–"}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {has(me, "admin") && calendars.length > 0 && (
        <div key={policy.version} className="side-by-side acts">
          <PolicyForm policy={policy} calendars={calendars} />
          {whose.length > 0 && !now?.retired && <ActForm title={set("retire")} fields={[{ name: "valid_from", label: set("valid_from"), kind: "day", hint: set("retire_hint") }]} done={() => void queries.invalidateQueries({ queryKey: ["policies"] })}
            act={async (filled, key) => must(await api.POST("/v1/policies/{policy}/retirement", { params: { path: { policy: policy.id }, header: once(key) }, body: { valid_from: text(filled, "valid_from") || null } }))} />}
        </div>
      )}
      {policy.versions.length > 1 && <details><summary className="meta">{set("versions")} ({policy.versions.length})</summary>
        <ol>{[...policy.versions].reverse().map((one) => <li key={one.revision} className="meta">{set("of_version", { n: one.revision, at: atMinute(one.valid_from, language) })} · {Object.entries(one.targets).map(([clock, of]) => `${term(CLOCK, clock, language)} ${priorities.map((name) => (of[name] ? say(of[name].unit, { n: of[name].amount }) : "–")).join(" / ")}`).join("; ")}</li>)}</ol></details>}
    </section>
  );
}
