import { useNavigate } from "@tanstack/react-router";
import { useMe } from "../../app/me";
import { CATEGORY, PRIORITY, term, WAITING } from "../../kit/terms";
import { useLanguage, useWords, type Words } from "../../kit/words";
import { ORDERS, type Wanted } from "./rows";
import { WORDS } from "./words";

/** What is asked of the queue stands in the address: it can be sent to somebody and gone back to. */
export function Filters({ wanted }: { wanted: Wanted }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const navigate = useNavigate();
  const set = (part: Wanted) => {
    const next = Object.entries({ ...wanted, ...part }).filter(([, value]) => value);
    void navigate({ to: "/queue", search: Object.fromEntries(next), replace: true });
  };
  const pick = (name: "queue" | "priority" | "waiting", label: string, words: Words) => (
    <label className="filter">
      <span className="meta">{label}</span>
      <select className="field" value={wanted[name] ?? ""} onChange={(event) => set({ [name]: event.target.value })}>
        <option value="">{say("anything")}</option>
        {Object.keys(words).filter((value) => value !== "none").map((value) => <option key={value} value={value}>{term(words, value, language)}</option>)}
      </select>
    </label>
  );
  const whose = [["", "all"], [me.sub, "mine"], ["nobody", "nobodys"]] as const;
  return (
    <search className="filters" aria-label={say("filters")}>
      <div className="segments" role="group" aria-label={say("assignee")}>
        {whose.map(([value, label]) => (
          <button key={label} className="segment" aria-pressed={(wanted.assignee ?? "") === value} onClick={() => set({ assignee: value })}>{say(label)}</button>
        ))}
      </div>
      {pick("queue", say("category"), CATEGORY)}
      {pick("priority", say("priority"), PRIORITY)}
      {pick("waiting", say("waiting"), WAITING)}
      <label className="filter">
        <span className="meta">{say("sort")}</span>
        <select className="field" value={wanted.sort ?? ""} onChange={(event) => set({ sort: event.target.value })}>
          <option value="">{say("by_queue")}</option>
          {(Object.keys(ORDERS) as (keyof typeof ORDERS)[]).map((one) => <option key={one} value={one}>{say(`by_${one}`)}</option>)}
        </select>
      </label>
      <input className="field find" type="search" aria-label={say("find")} placeholder={say("find")} value={wanted.find ?? ""} maxLength={100}
        onChange={(event) => set({ find: event.target.value })} />
    </search>
  );
}
