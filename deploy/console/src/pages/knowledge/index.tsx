import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, must } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Composition } from "../../kit/ime";
import { Marked } from "../../kit/Marked";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { CATEGORY, term } from "../../kit/terms";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS as KEEPING } from "./keeping_words";
import { WORDS } from "./words";
import "./knowledge.css";

const route = getRouteApi("/knowledge");
const LISTS = { all: null, to_approve: "draft", to_publish: "approved", to_review: "review" } as const;
type List = keyof typeof LISTS;
type Row = Awaited<ReturnType<typeof read>>[number];

const read = async (state: "draft" | "approved" | undefined, signal: AbortSignal) => must(await api.GET("/v1/articles", { params: { query: { limit: 50, state } }, signal })).items;

/** What waits for somebody who looks after articles. */
async function listed(list: List, signal: AbortSignal) {
  if (list !== "to_review") return read(LISTS[list] ?? undefined, signal);
  const tasks = must(await api.GET("/v1/article-reviews", { params: { query: { is_open: true, limit: 50 } }, signal })).items;
  return tasks.map((one): Row => ({ id: one.article, title: one.title, changed_at: one.changed_at, state: "published", revision: 0, live_revision: 0, category: null, tags: [], ticket: "", reuse_count: one.used }));
}

export function component() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const keep = useWords(KEEPING);
  const me = useMe();
  const { text = "", list } = route.useSearch();
  const shown: List = list && list in LISTS ? (list as List) : "all";
  const navigate = useNavigate();
  const [typed, setTyped] = useState(text);
  const composition = useRef(new Composition());
  useEffect(() => setTyped(text), [text]);
  useEffect(() => void (document.title = `${say("title")} · Bihuan 闭环`), [say]);
  const query = useQuery({
    queryKey: ["articles", text, shown],
    queryFn: async ({ signal }) => text
      ? must(await api.POST("/v1/article-searches", { params: {}, body: { text, limit: 20 }, signal })).items
      : listed(shown, signal),
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
      {!text && (
        <div className="side-by-side">
          <nav className="segments" aria-label={keep("lists")}>
            {(Object.keys(LISTS) as List[]).map((one) => <Link key={one} className="segment" aria-current={one === shown ? "page" : undefined} to="/knowledge" search={one === "all" ? {} : { list: one }}>{keep(one)}</Link>)}
          </nav>
          {has(me, "engineer", "lead", "kb_editor") && <Link className="button" to="/knowledge/$article/edit" params={{ article: "new" }}>{keep("write")}</Link>}
        </div>
      )}
      <Of query={query}>
        {(items) => !items.length ? <Empty title={text ? say("none") : shown === "all" ? say("nothing") : keep("nothing_there")}>{text && <><p>{say("none_hint")}</p><Link className="button" to="/knowledge">{say("clear")}</Link></>}{!text && shown !== "all" && <Link className="button" to="/knowledge">{keep("all")}</Link>}</Empty> : (
          <section className="stack">
            <h2>{text ? say("found", { n: items.length }) : shown === "all" ? say("newest") : keep(shown)}</h2>
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
