import { useQuery } from "@tanstack/react-query";
import { api, must, type Schemas } from "../../api/client";
import { Of } from "../../kit/Query";
import { CLOCK, PRIORITY, term } from "../../kit/terms";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./words";

type Policy = Schemas["PolicyView"];

/** What was promised to whom: how soon which clock has to stop, by priority. */
export function Policies() {
  const say = useWords(WORDS);
  const query = useQuery({ queryKey: ["policies"], queryFn: async ({ signal }) => must(await api.GET("/v1/policies", { signal })).items });
  return <Of query={query}>{(all) => !all.length ? <p className="muted">{say("no_policies")}</p> : <div className="stack">{all.map((one) => <One key={one.id} policy={one} />)}</div>}</Of>;
}

function One({ policy }: { policy: Policy }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const now = policy.current;
  const whose = (["company", "tier", "product", "team"] as const).filter((one) => policy[one]).map((one) => say(one, { name: policy[one] }));
  const priorities = Object.keys(PRIORITY);
  return (
    <section className="card stack" aria-label={policy.id}>
      <h2>{whose.join(", ") || say("everybody")} <span className="meta">{policy.id}</span></h2>
      <p className="side-by-side meta">
        <span>{now ? say("since", { at: atMinute(now.valid_from, language), n: now.revision }) : say("not_yet")}</span>
        {now?.retired && <span className="chip quiet">{say("retired")}</span>}{now && <span>{say("by_calendar", { name: now.calendar })}</span>}
        {now && now.max_pause_hours > 0 && <span>{say("pause", { n: now.max_pause_hours })}</span>}
      </p>
      {now && (
        <div className="scroll">
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
    </section>
  );
}
