import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { all, api, must, once } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, text } from "../../kit/ActForm";
import { Empty } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { atMinute } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { State } from "./parts";
import { WORDS } from "./words";
import "./training.css";

/** The case-sharing sessions, the latest quarter first. */
export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({ queryKey: ["training"], queryFn: ({ signal }) => all(async (after) => must(await api.GET("/v1/training-sessions", { params: { query: { limit: 100, after } }, signal }))) });
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  return (
    <div className="page training">
      <header className="stack tight"><h1>{say("title")}</h1><p className="muted">{say("lead")}</p></header>
      {has(me, "lead", "kb_editor") && <ActForm title={say("begin")} fields={[{ name: "quarter", label: say("quarter"), required: true, most: 7 }]}
        act={async (filled, key) => must(await api.POST("/v1/training-sessions", { params: { header: once(key) }, body: { quarter: text(filled, "quarter") } }))}
        done={(made) => { void queries.invalidateQueries({ queryKey: ["training"] }); void navigate({ to: "/training/$session", params: { session: made.id } }); }} />}
      <Of query={query}>
        {(items) => !items.length ? <Empty title={say("none")}><p>{say("none_hint")}</p></Empty> : (
          <ul className="rows-of">
            {[...items].reverse().map((one) => (
              <li key={one.id}><Link to="/training/$session" params={{ session: one.id }} className="grow">{say("session", { quarter: one.quarter })}</Link>
                <span className="meta">{say("cases", { n: one.agenda.length })}</span>{one.planned_for && <span className="meta figure">{atMinute(one.planned_for, language)}</span>}<State state={one.state} /></li>
            ))}
          </ul>
        )}
      </Of>
    </div>
  );
}
