import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must, newKey, once, Problem, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, text } from "../../kit/ActForm";
import { Empty } from "../../kit/Marks";
import { BY_PINYIN, hasIn } from "../../kit/pinyin";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { EngineerForm } from "./EngineerForm";
import { WORDS as OF_ONE } from "./engineer_words";
import { MessengerForm } from "./Messenger";
import { WORDS } from "./words";

type Engineer = Schemas["EngineerView"];

/** Who handles tickets, whether they take more, and what becomes of theirs when they leave. */
export default function Engineers() {
  const say = useWords(WORDS);
  const me = useMe();
  const query = useQuery({ queryKey: ["engineers"], queryFn: async ({ signal }) => must(await api.GET("/v1/engineers", { signal })).items });
  return (
    <div className="stack">
      {has(me, "lead", "admin") && <EngineerForm />}
      <Of query={query}>{(all) => !all.length ? <Empty title={say("no_engineers")} /> : <Table all={all} />}</Of>
    </div>
  );
}

/** Names are found by characters and by the letters of their pinyin. */
function Table({ all }: { all: Engineer[] }) {
  const say = useWords(WORDS);
  const of = useWords(OF_ONE);
  const [find, setFind] = useState("");
  const found = all.filter((one) => [one.name, one.id, ...one.teams, ...one.skills.map((skill) => skill.name)].some((text) => hasIn(text, find)))
    .sort((a, b) => Number(b.active) - Number(a.active) || BY_PINYIN.compare(a.name, b.name));
  return (
    <>
      <input className="field" type="search" value={find} maxLength={100} aria-label={of("find")} placeholder={of("find")} onChange={(event) => setFind(event.target.value)} />
      {!found.length ? <Empty title={of("none_found")}><button type="button" className="button" onClick={() => setFind("")}>{of("show_all")}</button></Empty> : (
        <div className="scroll" tabIndex={0} role="region" aria-label={say("engineers")}>
          <table className="plain">
            <thead><tr>{(["engineer", "level", "skills", "load", "state", "action"] as const).map((one) => <th key={one} scope="col">{say(one)}</th>)}</tr></thead>
            <tbody>{found.map((one) => <Row key={one.id} engineer={one} all={all} />)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Row({ engineer, all }: { engineer: Engineer; all: Engineer[] }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const keep = (view: Engineer) => {
    queries.setQueryData<Engineer[]>(["engineers"], (before) => before?.map((one) => (one.id === view.id ? view : one)));
    void queries.invalidateQueries({ queryKey: ["engineers"] });
  };
  const params = (key: string) => ({ path: { engineer: engineer.id }, header: once(key) });
  const set = useMutation({
    mutationFn: async (key: string) => must(await api.PUT("/v1/engineers/{engineer}/availability", { params: params(key), body: { available: !engineer.available } })),
    onSuccess: keep,
  });
  const others = all.filter((one) => one.active && one.id !== engineer.id).map((one) => [one.id, one.name] as const);
  const state = !engineer.active ? "inactive" : engineer.available ? "available" : "away";
  return (
    <tr data-engineer={engineer.id}>
      <th scope="row">{engineer.name} <span className="meta">{engineer.id}</span></th>
      <td>{say(engineer.level === "senior" ? "senior" : "ordinary")}</td>
      <td className="muted">{engineer.skills.map((one) => one.name).join(", ") || "–"}</td>
      <td className="figure">{say("of", { open: engineer.open, capacity: engineer.capacity })}</td>
      <td><span className={state === "available" ? "chip met" : "chip quiet"}><span aria-hidden="true">{state === "available" ? "✓" : "–"}</span>{say(state)}</span></td>
      <td>
        <div className="side-by-side acts">
          {engineer.active && has(me, "lead") && <button className="button" disabled={set.isPending} onClick={() => set.mutate(newKey())} aria-label={`${say(engineer.available ? "make_away" : "make_available")}: ${engineer.name}`}>{say(engineer.available ? "make_away" : "make_available")}</button>}
          {has(me, "lead", "admin") && <EngineerForm engineer={engineer} />}
          {has(me, "admin") && engineer.active && <MessengerForm engineer={engineer.id} name={engineer.name} />}
          {has(me, "lead", "admin") && (engineer.active
            ? <ActForm title={say("deactivate", { name: engineer.name })} short={say("deactivate_short")}
                fields={[{ name: "reason", label: say("reason"), required: true }, { name: "to", label: say("hand_to"), kind: "choice", options: [["", say("to_queue")], ...others] }]}
                act={async (filled, key) => must(await api.POST("/v1/engineers/{engineer}/deactivation", { params: params(key), body: { reason: text(filled, "reason"), to: text(filled, "to") || null } }))} done={keep} />
            : <ActForm title={say("activate", { name: engineer.name })} short={say("activate_short")} fields={[]} act={async (_, key) => must(await api.POST("/v1/engineers/{engineer}/activation", { params: params(key) }))} done={keep} />)}
        </div>
        <p role="status" className="bad">{set.error instanceof Problem ? say("refused", { why: set.error.message }) : set.error ? say("offline") : ""}</p>
      </td>
    </tr>
  );
}
