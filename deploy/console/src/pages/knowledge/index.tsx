import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, must } from "../../api/client";
import { Composition } from "../../kit/ime";
import { Marked } from "../../kit/Marked";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { CATEGORY, term } from "../../kit/terms";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./words";
import "./knowledge.css";

const route = getRouteApi("/knowledge");

export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const { text = "" } = route.useSearch();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(text);
  const composition = useRef(new Composition());
  useEffect(() => setTyped(text), [text]);
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  const query = useQuery({
    queryKey: ["articles", text],
    queryFn: async ({ signal }) => text
      ? must(await api.POST("/v1/article-searches", { params: {}, body: { text, limit: 20 }, signal })).items
      : must(await api.GET("/v1/articles", { params: { query: { limit: 50 } }, signal })).items,
  });
  return (
    <div className="page knowledge">
      <h1>{say("title")}</h1>
      <form role="search" className="side-by-side" onSubmit={(event) => { event.preventDefault(); void navigate({ to: "/knowledge", search: typed.trim() ? { text: typed.trim() } : {} }); }}>
        <input className="field grow" type="search" value={typed} maxLength={2000} placeholder={say("text")} aria-label={say("text")} autoFocus
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => composition.current.covers(event.nativeEvent) && event.key === "Enter" && event.preventDefault()}
          onCompositionEnd={() => composition.current.ended()} />
        <button className="button main">{say("search")}</button>
      </form>
      <Of query={query}>
        {(items) => !items.length ? <Empty title={say(text ? "none" : "nothing")}>{text && <p>{say("none_hint")}</p>}</Empty> : (
          <section className="stack">
            <h2>{text ? say("found", { n: items.length }) : say("newest")}</h2>
            <ol className="articles">
              {items.map((one) => (
                <li key={one.id}>
                  <Link to="/knowledge/$article" params={{ article: one.id }}>{one.title}</Link>
                  <p className="side-by-side meta">
                    <span className="figure">{one.id}</span><span>{term(CATEGORY, one.category, language)}</span>
                    <span className={`chip ${one.state === "published" ? "met" : "quiet"}`}>{say(one.state)}</span>
                    {one.score != null && <span className="figure">{Math.round(100 * one.score)} %</span>}
                    {one.exact && <span>{say("same_trace")}</span>}
                    {one.reuse_count > 0 && <span>{say("reused", { n: one.reuse_count })}</span>}<Moment at={one.changed_at} />
                  </p>
                  {one.passage && <p className="muted"><Marked text={one.passage.text} marks={one.passage.marks as [number, number][]} /></p>}
                  {one.why?.length ? <p className="meta">{one.why.map((why) => why[language]).join(" · ")}</p> : null}
                </li>
              ))}
            </ol>
          </section>
        )}
      </Of>
    </div>
  );
}
