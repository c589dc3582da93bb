import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, text, type Field, type Filled } from "../../kit/ActForm";
import { Empty } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { inLanguage, useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./category_words";

type Category = Schemas["CategoryView"];
const nameOf = (one: Category, language: "en" | "zh") => inLanguage({ en: one.name_en, zh: one.name_zh }, language);
const bodyOf = (filled: Filled): Schemas["CategoryBody"] => ({ name_zh: text(filled, "name_zh"), name_en: text(filled, "name_en"), parent: text(filled, "parent") || null, queue: text(filled, "queue") || null, team: text(filled, "team") || null });

/** What kinds of problems there are, and where their tickets go. */
export default function Categories() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ["categories"], queryFn: async ({ signal }) => must(await api.GET("/v1/categories", { signal })).items });
  const done = () => void queries.invalidateQueries({ queryKey: ["categories"] });
  /** Queues have the keys of categories, or names of their own. */
  const called = (all: Category[], key: string | null | undefined) => {
    const known = all.find((one) => one.key === key);
    return known ? nameOf(known, language) : (key ?? "–");
  };
  const fields = (all: Category[], one?: Category): Field[] => [
    { name: "name_zh", label: say("name_zh"), required: true, value: one?.name_zh }, { name: "name_en", label: say("name_en"), required: true, value: one?.name_en },
    { name: "parent", label: say("parent"), kind: "choice", value: one?.parent ?? "", options: [["", say("none_of")], ...all.filter((other) => other.key !== one?.key && !other.parent).map((other) => [other.key, nameOf(other, language)] as const)] },
    { name: "queue", label: say("queue"), value: one?.queue ?? "", most: 40 }, { name: "team", label: say("team"), value: one?.team ?? "", most: 80 },
  ];
  const put = (key: string, category: string, filled: Filled, version?: number) => api.PUT("/v1/categories/{category}", { params: { path: { category }, header: { ...once(key), ...(version !== undefined && { "If-Match": `"${version}"` }) } }, body: bodyOf(filled) });
  return (
    <Of query={query}>
      {(all) => (
        <div className="stack">
          {has(me, "admin") && <ActForm title={say("add")} done={done} fields={[{ name: "key", label: say("key"), required: true, most: 40, hint: say("key_hint") }, ...fields(all)]} act={async (filled, key) => must(await put(key, text(filled, "key"), filled))} />}
          {!all.length ? <Empty title={say("none")} /> : (
            <div className="scroll" tabIndex={0} role="region" aria-label={say("category")}>
              <table className="plain">
                <thead><tr>{(["category", "parent", "queue", "team", "action"] as const).map((one) => <th key={one} scope="col">{say(one)}</th>)}</tr></thead>
                <tbody>
                  {all.map((one) => (
                    <tr key={one.key} data-category={one.key}>
                      <th scope="row">{nameOf(one, language)} <span className="meta mono">{one.key}</span> {one.retired && <span className="chip quiet">{say("retired")}</span>}</th>
                      <td>{called(all, one.parent)}</td><td>{called(all, one.queue)}</td><td>{one.team ?? "–"}</td>
                      <td>{has(me, "admin") && <div className="side-by-side acts">
                        <ActForm title={say(one.retired ? "bring_back" : "change")} done={done} fields={fields(all, one)} act={async (filled, key) => must(await put(key, one.key, filled, one.version))} />
                        {!one.retired && <ActForm title={say("retire")} done={done} fields={[]} act={async (_, key) => must(await api.POST("/v1/categories/{category}/retirement", { params: { path: { category: one.key }, header: once(key) } }))} />}
                      </div>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </div>
      )}
    </Of>
  );
}
