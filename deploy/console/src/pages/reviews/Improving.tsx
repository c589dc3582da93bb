import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name, usePeople } from "../../app/people";
import { ActForm, text, type Act } from "../../kit/ActForm";
import { Of } from "../../kit/Query";
import { deskNow, ofDay } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./words";

type Improvement = Schemas["ImprovementView"];
export const KINDS = ["product_fix", "manual", "wording", "process_step"] as const;
const STATES = ["open", "done", "dropped"] as const;
type State = (typeof STATES)[number];

/** What was decided in reviews, and whether it was done. */
export function Improving() {
  const say = useWords(WORDS);
  const [state, setState] = useState<State>("open");
  const query = useQuery({ queryKey: ["improvements", state], queryFn: async ({ signal }) => must(await api.GET("/v1/improvements", { params: { query: { state, limit: 100 } }, signal })).items });
  return (
    <section className="stack" aria-label={say("improvements")}>
      <h2>{say("improvements")}</h2>
      <div className="segments" role="group" aria-label={say("state")}>{STATES.map((one) => <button key={one} type="button" className="segment" aria-pressed={one === state} onClick={() => setState(one)}>{say(`state_${one}`)}</button>)}</div>
      <Of query={query}>
        {(items) => !items.length ? <p className="muted">{say(`none_${state}`)}</p> : <ul className="stack">{items.map((one) => <One key={one.id} improvement={one} />)}</ul>}
      </Of>
    </section>
  );
}

function One({ improvement: one }: { improvement: Improvement }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const people = usePeople([one.owner]);
  const at = (key: string) => ({ params: { path: { improvement: one.id }, header: once(key) } });
  const form = (act: Omit<Act<Improvement>, "done">) => <ActForm {...act} done={() => void queries.invalidateQueries({ queryKey: ["improvements"] })} />;
  const isLate = one.state === "open" && Date.parse(`${one.due_on}T23:59:59Z`) < deskNow();
  return (
    <li className="card stack" data-improvement={one.id}>
      <p className="side-by-side"><em className="grow">{one.title}</em><span className="chip quiet">{one.label}</span>
        <span className={one.state === "done" ? "chip met" : isLate ? "chip breached" : "chip quiet"}><span aria-hidden="true">{one.state === "done" ? "✓" : isLate ? "◆" : "○"}</span>{say(isLate ? "late" : `state_${one.state}`)}</span></p>
      <p className="side-by-side meta"><span><Name of={one.owner} /></span><span className="figure">{ofDay(one.due_on, language)}</span><span>{say("of_problem", { value: one.baseline.value, n: one.baseline.tickets, days: one.baseline.days })}</span>
        <Link to="/reviews/$review" params={{ review: one.review }}>{say("its_review")}</Link></p>
      {one.result && <p className="text">{one.result}</p>}
      {one.state === "open" && has(me, "lead", "admin") && (
        <div className="side-by-side acts">
          {form({ title: say("change_it"), fields: [{ name: "owner", label: say("owner"), kind: "choice", options: people, value: one.owner, required: true }, { name: "due_on", label: say("due_on"), kind: "day", value: one.due_on, required: true }],
            act: async (filled, key) => must(await api.PATCH("/v1/improvements/{improvement}", { ...at(key), body: { owner: text(filled, "owner"), due_on: text(filled, "due_on") } })) })}
          {form({ title: say("end_it"), fields: [{ name: "state", label: say("state"), kind: "choice", options: [["done", say("state_done")], ["dropped", say("state_dropped")]] }, { name: "result", label: say("result"), kind: "text" }],
            act: async (filled, key) => must(await api.PUT("/v1/improvements/{improvement}/end", { ...at(key), body: { state: text(filled, "state") as "done", result: text(filled, "result") } })) })}
        </div>
      )}
    </li>
  );
}
