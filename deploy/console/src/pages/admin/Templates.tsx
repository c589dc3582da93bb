import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { Name } from "../../app/people";
import { ActForm, text, type Filled } from "../../kit/ActForm";
import { Empty, Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { WORDS } from "./template_words";

type Template = Schemas["NotifyTemplateView"];
const CHANNELS = ["any", "online", "email", "messenger"] as const;
const bodyOf = (filled: Filled) => ({ title: text(filled, "title"), text: text(filled, "text") });

/** A title as one reads it, with … for what it is filled with; as it is written it stands in the template itself. */
const readable = (title: string): string => title.replace(/\{%[^}]*%\}/g, "").replace(/\{\{[^}]*\}\}/g, "…").trim();

/** What notifications say: built in, or as it was written here. */
export default function Templates() {
  const say = useWords(WORDS);
  const query = useQuery({ queryKey: ["templates"], queryFn: async ({ signal }) => must(await api.GET("/v1/notification-templates", { signal })).items });
  const [find, setFind] = useState("");
  const [open, setOpen] = useState("");
  return (
    <Of query={query}>
      {(all) => {
        const wanted = find.trim().toLowerCase();
        const found = all.filter((one) => !wanted || [one.id, one.name, one.title].some((words) => words.toLowerCase().includes(wanted)));
        return (
          <div className="stack">
            <input className="field" type="search" value={find} maxLength={100} aria-label={say("find")} placeholder={say("find")} onChange={(event) => setFind(event.target.value)} />
            {!found.length ? <Empty title={say("none_found")}><button type="button" className="button" onClick={() => setFind("")}>{say("show_all")}</button></Empty> : (
              <ul className="rows-of">
                {found.map((one) => (
                  <li key={one.id} className="opens" data-template={one.id}>
                    <div className="side-by-side"><button type="button" className="button plain grow left" aria-expanded={open === one.id} onClick={() => setOpen(open === one.id ? "" : one.id)}><span>{one.title && `${readable(one.title)} `}<span className="meta mono">{one.name}</span></span></button>
                      <span className="meta">{say((CHANNELS as readonly string[]).includes(one.channel) ? (one.channel as (typeof CHANNELS)[number]) : "any")} · {say(one.language === "zh" ? "zh" : "en")}</span>
                      <span className="chip quiet">{one.current ? say("version", { n: one.current }) : say("built_in")}</span></div>
                    {open === one.id && <One template={one} />}
                  </li>
                ))}
              </ul>
            )}
          </div>
        );
      }}
    </Of>
  );
}

function One({ template }: { template: { id: string } }) {
  const query = useQuery({ queryKey: ["templates", template.id], queryFn: async ({ signal }) => must(await api.GET("/v1/notification-templates/{template}", { params: { path: { template: template.id } }, signal })) });
  return <Of query={query}>{(one) => <Detail key={one.version} template={one} />}</Of>;
}

function Detail({ template }: { template: Template }) {
  const say = useWords(WORDS);
  const me = useMe();
  const queries = useQueryClient();
  const [said, setSaid] = useState("");
  const at = (key: string) => ({ params: { path: { template: template.id }, header: once(key) } });
  const keep = (view: Template) => {
    queries.setQueryData(["templates", template.id], view);
    void queries.invalidateQueries({ queryKey: ["templates"] });
  };
  const may = has(me, "admin");
  return (
    <div className="stack card">
      {template.title && <p><em>{template.title}</em></p>}<pre className="text">{template.text}</pre>
      <p role="status">{said}</p>
      {may && (
        <div className="side-by-side acts">
          <ActForm title={say("write")} done={keep}
            fields={[{ name: "title", label: say("title"), value: template.title, most: 300 }, { name: "text", label: say("text"), kind: "text", value: template.text, most: 10_000, required: true, hint: say("sample") }]}
            preview={async (filled) => {
              const shown = must(await api.POST("/v1/notification-templates/{template}/preview", { params: { path: { template: template.id } }, body: bodyOf(filled) }));
              return <>{shown.title && <em>{shown.title}</em>}<p className="text">{shown.text}</p></>;
            }}
            act={async (filled, key) => must(await api.PUT("/v1/notification-templates/{template}", { ...at(key), body: bodyOf(filled) }))} />
          <ActForm title={say("test")} fields={[]} done={() => setSaid(say("tested"))} act={async (_, key) => must(await api.POST("/v1/notification-templates/{template}/test", at(key)))} />
          {template.current > 0 && <ActForm title={say("reset")} fields={[]} done={keep} act={async (_, key) => must(await api.POST("/v1/notification-templates/{template}/reset", at(key)))} />}
        </div>
      )}
      {template.versions.length > 0 && <section className="stack tight"><h3>{say("versions")}</h3>
        <ol>{[...template.versions].reverse().map((one) => <li key={one.number}><details><summary className="meta">{say("version", { n: one.number })} · <Name of={one.by} /> · <Moment at={one.at} /></summary><pre className="text">{one.title}{one.title && "\n"}{one.text}</pre></details></li>)}</ol></section>}
    </div>
  );
}
