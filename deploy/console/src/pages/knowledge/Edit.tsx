import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, must, newKey, once, Problem, type Schemas } from "../../api/client";
import { useMe } from "../../app/me";
import { Of } from "../../kit/Query";
import { CATEGORY, term } from "../../kit/terms";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./edit_words";
import "./knowledge.css";

type Article = Schemas["ArticleView"];
const route = getRouteApi("/knowledge/$article/edit");
const TEXTS = ["problem", "root_cause", "solution"] as const;
const LISTS = ["tags", "affected_versions", "fixed_versions"] as const;
const PAUSE = 500; // ms after the last keystroke, before the preview is asked for
const NEW = "new";

type Shown = Record<"title" | (typeof TEXTS)[number] | "product" | "product_version" | "category" | "audience" | (typeof LISTS)[number], string>;
const EMPTY: Shown = { title: "", problem: "", root_cause: "", solution: "", product: "", product_version: "", category: "", audience: "internal", tags: "", affected_versions: "", fixed_versions: "" };
const shownOf = (one: Article): Shown => ({
  ...EMPTY, ...Object.fromEntries((["title", ...TEXTS, "product", "product_version", "audience"] as const).map((name) => [name, one[name]])), category: one.category ?? "",
  ...Object.fromEntries(LISTS.map((name) => [name, one[name].join(", ")])),
});
const listOf = (text: string) => text.split(/[,，、]/).map((one) => one.trim()).filter(Boolean);

/** An article as it is being written: beside it, how readers will see it. */
export function component() {
  const { article } = route.useParams();
  const query = useQuery({ queryKey: ["article", article], enabled: article !== NEW, queryFn: async ({ signal }) => must(await api.GET("/v1/articles/{article}", { params: { path: { article } }, signal })) });
  if (article === NEW) return <Editor key={NEW} />;
  return <Of query={query}>{(one) => <Editor key={one.id} article={one} />}</Of>;
}

function Editor({ article }: { article?: Article }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const place = `bihuan-article ${me.sub} ${article?.id ?? NEW}`;
  const [began] = useState(() => (article ? shownOf(article) : EMPTY));
  const [read, setRead] = useState(article); // what the next save is of
  const [text, setText] = useState(began);
  const [left, setLeft] = useState(() => kept(place));
  const [key, setKey] = useState(newKey);
  const change = (part: Partial<Shown>) => {
    const now = { ...text, ...part };
    setText(now);
    setKey(newKey());
    setLeft(null);
    localStorage.setItem(place, JSON.stringify(now));
  };
  useEffect(() => void (document.title = article ? say("edit", { id: article.id }) : say("write")), [say, article]);
  const save = useMutation({
    mutationFn: async (version: number | undefined) => {
      const { category, audience, ...rest } = text;
      const lists = Object.fromEntries(LISTS.map((name) => [name, listOf(rest[name])])) as Record<(typeof LISTS)[number], string[]>;
      const body = { ...rest, ...lists, category: category || null, audience: audience as "internal", fingerprints: read?.fingerprints ?? [] };
      return read
        ? must(await api.PUT("/v1/articles/{article}", { params: { path: { article: read.id }, header: { ...once(key), "If-Match": `"${version}"` } }, body }))
        : must(await api.POST("/v1/articles", { params: { header: once(key) }, body }));
    },
    onSuccess: (view) => {
      localStorage.removeItem(place);
      queries.setQueryData(["article", view.id], view);
      void queries.invalidateQueries({ queryKey: ["article", view.id] });
      void queries.invalidateQueries({ queryKey: ["articles"] });
      void navigate({ to: "/knowledge/$article", params: { article: view.id } });
    },
  });
  const conflict = save.error instanceof Problem && save.error.status === 412;
  const saveOver = async () => {
    const now = must(await api.GET("/v1/articles/{article}", { params: { path: { article: read!.id } } }));
    setRead(now);
    setKey(newKey());
    save.mutate(now.version);
  };
  const line = (name: keyof Shown, required = false) => (
    <label className="stack tight"><span className="meta">{say(name)}</span><input className="field" value={text[name]} maxLength={name === "title" ? 200 : 2_000} required={required} onChange={(event) => change({ [name]: event.target.value })} /></label>
  );
  const choice = (name: "category" | "audience", options: [string, string][]) => (
    <label className="stack tight"><span className="meta">{say(name)}</span><select className="field" value={text[name]} onChange={(event) => change({ [name]: event.target.value })}>{options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}</select></label>
  );
  return (
    <div className="page knowledge">
      {article ? <Link to="/knowledge/$article" params={{ article: article.id }} className="button plain back"><span aria-hidden="true">←</span> {say("to_article")}</Link>
        : <Link to="/knowledge" className="button plain back"><span aria-hidden="true">←</span> {say("to_list")}</Link>}
      <h1>{article ? say("edit", { id: article.id }) : say("write")}</h1>
      {left && <p className="side-by-side alert" role="status"><span>{say("draft_found")}</span>
        <button type="button" className="button" onClick={() => change(left)}>{say("draft_back")}</button>
        <button type="button" className="button" onClick={() => { localStorage.removeItem(place); setLeft(null); }}>{say("draft_drop")}</button></p>}
      <div className="editing">
        <form className="stack" aria-label={article ? say("edit", { id: article.id }) : say("write")} onSubmit={(event) => { event.preventDefault(); save.mutate(read?.version); }}>
          {line("title", true)}
          {TEXTS.map((name) => (
            <label key={name} className="stack tight"><span className="meta">{say(name)}</span>
              <textarea className="field mono" rows={name === "root_cause" ? 3 : 7} maxLength={20_000} required={name !== "root_cause"} value={text[name]} onChange={(event) => change({ [name]: event.target.value })} /></label>
          ))}
          <div className="row-in two">
            {choice("category", [["", say("no_category")], ...Object.keys(CATEGORY).map((one): [string, string] => [one, term(CATEGORY, one, language)])])}
            {choice("audience", (["internal", "customers", "public"] as const).map((one) => [one, say(one)]))}
          </div>
          <div className="row-in two">{line("product")}{line("product_version")}</div>
          {LISTS.map((name) => <div key={name}>{line(name)}</div>)}
          {conflict ? (
            <div className="alert stack" role="alert"><strong>{say("conflict")}</strong><span>{say("conflict_hint")}</span>
              <div className="side-by-side"><button type="button" className="button main" onClick={() => void saveOver()}>{say("save_over")}</button>
                <Link className="button" target="_blank" to="/knowledge/$article" params={{ article: read!.id }}>{say("see_theirs")}</Link></div></div>
          ) : <p role="status" className="bad">{save.error instanceof Problem ? say("refused", { why: save.error.message }) : save.error ? say("offline") : ""}</p>}
          <div className="side-by-side"><button className="button main" disabled={save.isPending}>{save.isPending ? say("saving") : say("save")}</button>
            {article && article.live_revision > 0 && <span className="meta">{say("kept")}</span>}</div>
        </form>
        <Preview text={text} article={article?.id} />
      </div>
    </div>
  );
}

function kept(place: string): Shown | null {
  try {
    const found = JSON.parse(localStorage.getItem(place) ?? "null") as Partial<Shown> | null;
    return found && { ...EMPTY, ...found };
  } catch {
    return null;
  }
}

/** Rendered by the desk, as what is published is: what acts is left out in the preview too. */
function Preview({ text, article }: { text: Shown; article?: string }) {
  const say = useWords(WORDS);
  const [asked, setAsked] = useState(text);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) return void (first.current = false);
    const timer = setTimeout(() => setAsked(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const { problem, root_cause, solution } = asked;
  const isEmpty = !problem.trim() && !root_cause.trim() && !solution.trim();
  const query = useQuery<Schemas["ArticlePreview"]>({
    queryKey: ["article-preview", article, problem, root_cause, solution],
    enabled: !isEmpty,
    placeholderData: (before) => before, // what was shown stays until the new one is there
    gcTime: 0,
    queryFn: async ({ signal }) => must(await api.POST("/v1/article-previews", { params: {}, body: { problem, root_cause, solution, article }, signal })),
  });
  return (
    <section className="reading preview" aria-label={say("preview")}>
      <p className="meta">{say("preview")}</p>
      {text.title && <p className="preview-title">{text.title}</p>}
      {isEmpty ? <p className="muted">{say("nothing_yet")}</p> : <Of query={query}>
        {(html) => TEXTS.filter((part) => html[part]).map((part) => (
          <section key={part}><h2>{say(`shown_${part}`)}</h2>
            {/* Cleaned by the desk (nh3); and the page's policy runs nothing that a text brings. */}
            <div className="markdown" dangerouslySetInnerHTML={{ __html: html[part] }} /></section>
        ))}
      </Of>}
    </section>
  );
}
