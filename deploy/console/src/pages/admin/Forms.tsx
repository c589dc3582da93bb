import { useQuery, useQueryClient } from "@tanstack/react-query";
import { all as everything, api, must, once, type Schemas } from "../../api/client";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { ActForm, rows, text, type Field, type Filled } from "../../kit/ActForm";
import { Empty } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { inLanguage, useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./category_words";

type Form = Schemas["FormView"];
type Asked = Schemas["FieldBody"];
const KINDS = ["text", "textarea", "integer", "decimal", "date", "checkbox", "dropdown"] as const;
const REQUIRED = ["always", "malfunction", "never"] as const;
const COLUMNS = ["key", "kind", "required", "name_zh", "name_en", "question_zh", "question_en", "options"] as const;

/** What is on the rows; a pattern, a condition and the names of choices, which they do not show, stay as they were. */
function askedOf(filled: Filled, form?: Form): Asked[] {
  const before = new Map(form?.current.fields.map((one) => [one.key, one]));
  return rows(filled, "fields", ...COLUMNS).map(({ options, ...one }) => {
    const old = before.get(one.key);
    const named = new Map(old?.options.map((option) => [option.value, option]));
    return {
      ...one, kind: one.kind as Asked["kind"], required: one.required as Asked["required"], pattern: old?.pattern ?? "", only_if: old?.only_if ?? null,
      options: options.split("|").map((value) => value.trim()).filter(Boolean).map((value) => named.get(value) ?? { value, name_zh: "", name_en: "" }),
    };
  });
}

/** What customers are asked when they open a ticket, by product and category. */
export default function Forms() {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ["forms"], queryFn: ({ signal }) => everything(async (after) => must(await api.GET("/v1/ticket-forms", { params: { query: { limit: 100, after } }, signal }))) });
  const products = useQuery({ queryKey: ["products"], queryFn: ({ signal }) => everything(async (after) => must(await api.GET("/v1/products", { params: { query: { limit: 100, after } }, signal }))) });
  const categories = useQuery({ queryKey: ["categories"], queryFn: async ({ signal }) => must(await api.GET("/v1/categories", { signal })).items });
  const done = () => void queries.invalidateQueries({ queryKey: ["forms"] });
  const kinds = KINDS.map((one) => [one, say(one)] as const);
  const fields = (form?: Form): Field => ({
    name: "fields", label: say("fields"), kind: "rows",
    rows: form?.current.fields.map((one) => ({ key: one.key, kind: one.kind, required: one.required, name_zh: one.name_zh, name_en: one.name_en, question_zh: one.question_zh, question_en: one.question_en, options: one.options.map((option) => option.value).join(" | ") })) ?? [{}],
    columns: [{ name: "key", label: say("key"), most: 40 }, { name: "kind", label: say("kind"), kind: "choice", options: kinds }, { name: "required", label: say("required"), kind: "choice", options: REQUIRED.map((one) => [one, say(one)] as const) },
      { name: "name_zh", label: say("name_zh"), most: 80 }, { name: "name_en", label: say("name_en"), most: 80 }, { name: "question_zh", label: say("question_zh") }, { name: "question_en", label: say("question_en") }, { name: "options", label: say("options"), most: 4_000 }],
  });
  const preview = async (filled: Filled) => <Asking fields={askedOf(filled)} />;
  const nameOf = (form: Form) => {
    const product = products.data?.find((one) => one.id === form.product)?.name ?? form.product;
    const category = categories.data?.find((one) => one.key === form.category);
    return say("of", { product: product || say("all_products"), category: category ? inLanguage({ en: category.name_en, zh: category.name_zh }, language) : (form.category ?? say("all_categories")) });
  };
  return (
    <div className="stack">
      {has(me, "admin") && <ActForm title={say("form_add")} done={done} preview={preview}
        fields={[{ name: "product", label: say("product"), kind: "choice", options: [["", say("all_products")], ...(products.data ?? []).map((one) => [one.id, one.name] as const)] },
          { name: "category", label: say("category"), kind: "choice", options: [["", say("all_categories")], ...(categories.data ?? []).map((one) => [one.key, inLanguage({ en: one.name_en, zh: one.name_zh }, language)] as const)] }, fields()]}
        act={async (filled, key) => must(await api.POST("/v1/ticket-forms", { params: { header: once(key) }, body: { product: text(filled, "product"), category: text(filled, "category") || null, fields: askedOf(filled) } }))} />}
      <Of query={query}>
        {(all) => !all.length ? <Empty title={say("form_none")} /> : (
          <ul className="stack">
            {all.map((one) => (
              <li key={one.id} className="card stack" data-form={one.id}>
                <p className="side-by-side"><em className="grow">{nameOf(one)}</em><span className="meta">{say("version", { n: one.current.number })}</span><span className={one.active ? "chip met" : "chip quiet"}><span aria-hidden="true">{one.active ? "✓" : "–"}</span>{say(one.active ? "active" : "inactive")}</span></p>
                <Asking fields={one.current.fields as Asked[]} />
                {has(me, "admin") && <ActForm key={one.version} title={say("change")} done={done} preview={preview} fields={[fields(one), { name: "active", label: say("is_active"), kind: "tick", value: one.active ? "on" : "" }]}
                  act={async (filled, key) => must(await api.PATCH("/v1/ticket-forms/{form}", { params: { path: { form: one.id }, header: { ...once(key), "If-Match": `"${one.version}"` } }, body: { fields: askedOf(filled, one), active: filled.has("active") } }))} />}
              </li>
            ))}
          </ul>
        )}
      </Of>
    </div>
  );
}

/** The questions as the customer reads them, in both languages. */
function Asking({ fields }: { fields: Asked[] }) {
  const say = useWords(WORDS);
  return (
    <ul className="links" aria-label={say("preview_of")}>
      {fields.map((one) => (
        <li key={one.key}>{one.question_zh || one.name_zh} / {one.question_en || one.name_en} <span className="meta">{say(one.kind ?? "text")} · {say(one.required ?? "always")}{one.options?.length ? ` · ${one.options.map((option) => option.value).join(" | ")}` : ""}</span></li>
      ))}
    </ul>
  );
}
