import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { api, must, once } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, text } from "../../kit/ActForm";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useLanguage, useWords } from "../../kit/words";
import { Improving } from "./Improving";
import { periodOf, State } from "./parts";
import { WORDS } from "./words";
import "./reviews.css";

/** The reviews that were made, the newest first. */
export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({ queryKey: ["reviews"], queryFn: async ({ signal }) => must(await api.GET("/v1/reviews", { params: { query: { limit: 50 } }, signal })).items });
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  return (
    <div className="page reviews">
      <h1>{say("title")}</h1>
      {has(me, "lead", "admin") && <ActForm title={say("make")}
        fields={[{ name: "since", label: say("since"), kind: "day", required: true }, { name: "until", label: say("until"), kind: "day", required: true }]}
        act={async (filled, key) => must(await api.POST("/v1/reviews", { params: { header: once(key) }, body: { since: text(filled, "since"), until: text(filled, "until") } }))}
        done={(made) => {
          void queries.invalidateQueries({ queryKey: ["reviews"] });
          void navigate({ to: "/reviews/$review", params: { review: made.id } });
        }} />}
      <Of query={query}>
        {(items) => !items.length ? <Empty title={say("none")}><p>{say("none_hint")}</p></Empty> : (
          <ul className="rows-of">
            {items.map((one) => (
              <li key={one.id}>
                <Link to="/reviews/$review" params={{ review: one.id }} className="grow">{periodOf(one, say, language)}</Link>
                <State state={one.state} />{one.made_at && <span className="meta"><Moment at={one.made_at} /></span>}
              </li>
            ))}
          </ul>
        )}
      </Of>
      <Improving />
    </div>
  );
}
