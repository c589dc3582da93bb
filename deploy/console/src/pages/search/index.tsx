import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { all, api, must, newKey, once, Problem, type Schemas } from "../../api/client";
import { useMe } from "../../app/me";
import { Composition } from "../../kit/ime";
import { Marked } from "../../kit/Marked";
import { Empty, Moment, PriorityMark, WaitingMark } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { PRIORITY, STAGE, term } from "../../kit/terms";
import { useLanguage, useWords, type Words } from "../../kit/words";
import { WORDS } from "./words";
import "./search.css";

type Filters = Schemas["TicketFilters"];
const route = getRouteApi("/search");

const ORDER = { newest: ["newest first", "最新创建"], oldest: ["oldest first", "最早创建"], updated: ["changed last", "最近更新"], priority: ["most urgent first", "优先级最高"] } satisfies Words;

export function component() {
  const say = useWords(WORDS);
  const asked = route.useSearch();
  const navigate = useNavigate();
  const [text, setText] = useState(asked.text ?? "");
  const composition = useRef(new Composition());
  useEffect(() => setText(asked.text ?? ""), [asked.text]);
  const views = useQuery({
    queryKey: ["views"],
    queryFn: ({ signal }) => all(async (after) => must(await api.GET("/v1/views", { params: { query: { after, limit: 100 } }, signal }))),
  });
  const view = views.data?.find((one) => one.id === asked.view);
  const filters: Filters = view ? (view.search as Filters) : {
    ...(asked.text && { text: asked.text }),
    ...(asked.stage && { stage: asked.stage as Filters["stage"] }),
    ...(asked.priority && { priority: asked.priority as Filters["priority"] }),
    ...(asked.sort && asked.sort in ORDER && { sort: asked.sort as Filters["sort"] }),
  };
  const isFiltered = Object.keys(filters).some((name) => name !== "sort");
  const go = (part: Partial<typeof asked>) => {
    const next = Object.entries({ ...asked, view: undefined, ...part }).filter(([, value]) => value);
    void navigate({ to: "/search", search: Object.fromEntries(next) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go({ text: text.trim() });
  };
  return (
    <div className="page search">
      <h1>{say("title")}</h1>
      <form role="search" className="side-by-side" onSubmit={submit}>
        <input className="field grow" type="search" value={text} maxLength={200} placeholder={say("text")} aria-label={say("text")} autoFocus
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => composition.current.covers(event.nativeEvent) && event.key === "Enter" && event.preventDefault()}
          onCompositionEnd={() => composition.current.ended()} />
        <Pick label={say("stage")} words={STAGE} value={asked.stage} pick={(stage) => go({ stage })} />
        <Pick label={say("priority")} words={PRIORITY} value={asked.priority} pick={(priority) => go({ priority })} />
        <Pick label={say("sort")} words={ORDER} value={asked.sort} pick={(sort) => go({ sort })} first={say("best")} />
        <button className="button main">{say("search")}</button>
      </form>
      <div className="columns">
        <section className="grow stack"><Results filters={filters} clear={isFiltered ? () => void navigate({ to: "/search", search: {} }) : undefined} /></section>
        <aside className="stack" aria-label={say("views")}>
          <h2>{say("views")}</h2>
          <Of query={views}>{(list) => <Views views={list} chosen={asked.view} />}</Of>
          {!view && Object.keys(filters).length > 0 && <Save filters={filters} />}
        </aside>
      </div>
    </div>
  );
}

function Pick({ label, words, value, pick, first }: { label: string; words: Words; value?: string; pick(value: string): void; first?: string }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  return (
    <select className="field" aria-label={label} value={value ?? ""} onChange={(event) => pick(event.target.value)}>
      <option value="">{label}: {first ?? say("any")}</option>
      {Object.keys(words).map((one) => <option key={one} value={one}>{term(words, one, language)}</option>)}
    </select>
  );
}

function Results({ filters, clear }: { filters: Filters; clear?: () => void }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const query = useInfiniteQuery({
    queryKey: ["search", filters],
    queryFn: async ({ pageParam, signal }) => must(await api.POST("/v1/ticket-searches", { body: { ...filters, limit: 50, after: pageParam }, params: {}, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return (
    <Of query={query}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (!items.length && !clear) return <Empty title={say("nothing")} />;
        if (!items.length) return <Empty title={say("none")}><p>{say("none_hint")}</p><button type="button" className="button" onClick={clear}>{say("clear")}</button></Empty>;
        return (
          <>
            <p className="count" role="status">{say("found", { n: pages[0]!.total })}{!pages[0]!.complete && ` ${say("incomplete")}`}</p>
            <ol className="found" aria-label={say("results")}>
              {items.map((one) => (
                <li key={one.ticket}>
                  <Link to="/tickets/$ticket" params={{ ticket: one.ticket }}>{one.title}</Link>
                  <p className="side-by-side meta">
                    <span className="figure">{one.ticket}</span><PriorityMark priority={one.priority} /><span>{term(STAGE, one.stage, language)}</span>
                    <WaitingMark waiting={one.waiting_for} /><span>{one.customer_name}</span>{one.assignee_name && <span>{one.assignee_name}</span>}<Moment at={one.opened_at} />
                  </p>
                  {one.snippet && <p className="muted"><Marked text={one.snippet.text} marks={one.snippet.marks as [number, number][]} /></p>}
                </li>
              ))}
            </ol>
            {query.hasNextPage && <div><button className="button" onClick={() => void query.fetchNextPage()}>{say("more")}</button></div>}
          </>
        );
      }}
    </Of>
  );
}

function Views({ views, chosen }: { views: Schemas["SavedViewView"][]; chosen?: string }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: async (view: string) => must(await api.DELETE("/v1/views/{view}", { params: { path: { view } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["views"] }),
  });
  if (!views.length) return <p className="muted">{say("no_views")}</p>;
  return (
    <ul className="views">
      {views.map((one) => {
        const name = (language === "zh" ? one.name_zh || one.name_en : one.name_en || one.name_zh);
        return (
          <li key={one.id} className="side-by-side">
            <Link className="grow" to="/search" search={{ view: one.id }} aria-current={one.id === chosen ? "page" : undefined}>{name}</Link>
            {one.shared && <span className="meta">{say("shared")}</span>}
            <span className="count">{one.count}</span>
            {one.owner === me.sub && <button className="button plain" aria-label={say("remove", { name })} onClick={() => remove.mutate(one.id)}>×</button>}
          </li>
        );
      })}
    </ul>
  );
}

function Save({ filters }: { filters: Filters }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [key, setKey] = useState(newKey);
  const save = useMutation({
    mutationFn: async () => must(await api.POST("/v1/views", {
      params: { header: once(key) }, body: { [language === "zh" ? "name_zh" : "name_en"]: name.trim(), search: filters },
    })),
    onSuccess: () => {
      setName("");
      setKey(newKey());
      void queries.invalidateQueries({ queryKey: ["views"] });
    },
  });
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (name.trim()) save.mutate(); }}>
      <label className="stack tight"><span className="meta">{say("name")}</span><input className="field" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} /></label>
      {save.error instanceof Problem && <p className="bad" role="alert">{save.error.message}</p>}
      <div><button className="button" disabled={!name.trim() || save.isPending}>{say("save")}</button></div>
    </form>
  );
}
