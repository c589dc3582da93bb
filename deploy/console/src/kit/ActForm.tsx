import { useMutation } from "@tanstack/react-query";
import { useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { newKey, Problem, type Wrong } from "../api/client";
import { RowsOf } from "./Rows";
import { againAfter, isAway, Stopped, useAsked } from "./waiting";
import { useWords, type Words } from "./words";

const WORDS = { offline: ["The desk cannot be reached.", "无法连接服务台。"], waits: ["Waiting: the desk cannot be reached. It is done once, as soon as it can be.", "等待中：无法连接服务台，恢复后自动执行，只会执行一次。"], cancel: ["Cancel", "取消"], preview: ["Preview", "预览"], previewing: ["Working it out …", "正在计算……"] } satisfies Words;

export interface Field {
  name: string;
  label: string;
  kind?: "line" | "text" | "tick" | "file" | "choice" | "several" | "moment" | "day" | "time" | "number" | "mail" | "rows" | "own";
  options?: readonly (readonly [value: string, label: string])[];
  required?: boolean;
  value?: string;
  /** Of `several`: what is ticked. */
  values?: readonly string[];
  most?: number;
  least?: number;
  hint?: string;
  /** Of `rows`: what one row is made of, and the rows that there are. */
  columns?: Field[];
  rows?: readonly Readonly<Record<string, string>>[];
  /** Of `own`: the fields themselves. */
  own?: ReactNode;
}
export type Filled = FormData;

export interface Act<T> {
  title: string;
  /** What the button says where its row says the rest; who only hears it is told the title, which these words are part of
   *  (WCAG 2.2, 2.5.3). */
  short?: string;
  fields: Field[];
  /** Why this cannot be done now; it is said beside the button. */
  shut?: string;
  /** `key`: the same for the same attempt, so that trying again does nothing twice. */
  act(filled: Filled, key: string): Promise<T>;
  done(result: T): void;
  /** What would come of it; nothing is changed. */
  preview?(filled: Filled): Promise<ReactNode>;
}

/** What was ticked of several. */
export const several = (filled: Filled, name: string): string[] => filled.getAll(name).map(String);

/** The rows of a list; a row with nothing in it is none. */
export function rows<K extends string>(filled: Filled, name: string, ...columns: K[]): Record<K, string>[] {
  const cells = columns.map((column) => filled.getAll(`${name}.${column}`).map((one) => String(one).trim()));
  return (cells[0] ?? [])
    .map((_, at) => Object.fromEntries(columns.map((column, index) => [column, cells[index]?.[at] ?? ""])) as Record<K, string>)
    .filter((row) => row[columns[0]!]);
}

export const text = (filled: Filled, name: string): string => String(filled.get(name) ?? "").trim();
export const lines = (filled: Filled, name: string, by: RegExp): string[] => text(filled, name).split(by).map((one) => one.trim()).filter(Boolean);

/** What was chosen in this browser's time, as the desk takes it; null where nothing was. */
export function moment(filled: Filled, name: string): string | null {
  const chosen = text(filled, name);
  return chosen ? new Date(chosen).toISOString() : null;
}

/** The other way round: a moment as a field of this browser shows it. */
export function asField(iso: string | null | undefined): string {
  if (!iso) return "";
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const why = (error: Error | null, offline: string): string => error instanceof Problem ? error.message || error.title : error ? offline : "";

/** Something that can be done here: what it takes, and, while it cannot be done, why not. */
export function ActForm<T>({ title, short, fields, shut, act, done, preview }: Act<T>) {
  const say = useWords(WORDS);
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [key, setKey] = useState(newKey);
  const form = useRef<HTMLFormElement>(null);
  const trying = useMutation({ mutationFn: async (filled: Filled) => preview?.(filled) });
  const givenUp = useRef(new Set<string>());
  const doing = useMutation({
    mutationFn: ({ filled, key }: { filled: Filled; key: string }) => {
      if (givenUp.current.has(key)) throw new Stopped();
      return act(filled, key);
    },
    networkMode: "always",
    retry: (_, error) => isAway(error), // sent once when the desk is there again, unless one gives it up
    retryDelay: againAfter,
    onSuccess: (result) => {
      done(result);
      setIsOpen(false);
      setKey(newKey());
    },
  });
  const isWaiting = doing.isPending && doing.failureCount > 0;
  useAsked(isWaiting);
  const error = doing.error ?? trying.error;
  const wrong = error instanceof Problem ? error.errors : [];
  const close = () => {
    if (doing.variables) givenUp.current.add(doing.variables.key);
    setIsOpen(false);
    setKey(newKey());
    doing.reset();
    trying.reset();
  };
  const touched = () => {
    setKey(newKey());
    if (trying.data) trying.reset(); // what was shown is not what would come now
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!shut) doing.mutate({ filled: new FormData(event.currentTarget), key });
  };
  if (!isOpen || shut) {
    return (
      <div className="side-by-side act">
        <button type="button" className="button" aria-label={short ? title : undefined} aria-disabled={shut ? true : undefined} aria-describedby={shut ? id : undefined} onClick={() => shut || setIsOpen(true)}>{short ?? title}</button>
        {shut && <p id={id} className="meta">{shut}</p>}
      </div>
    );
  }
  return (
    <form className="card stack" aria-label={title} onSubmit={submit} onChange={touched} ref={form}>
      <h3>{title}</h3>
      {fields.map((field) => <Input key={field.name} field={field} touched={touched} wrong={wrongOf(field.name, wrong)} />)}
      {trying.isPending && <p role="status" className="muted">{say("previewing")}</p>}
      {trying.data && <section className="previewed stack" aria-label={say("preview")}>{trying.data}</section>}
      <p role="status" className="bad">{isWaiting ? [doing.failureReason instanceof Problem && doing.failureReason.message, say("waits")].filter(Boolean).join(" ") : why(error, say("offline"))}</p>
      <div className="side-by-side">
        <button className="button main" disabled={doing.isPending}>{title}</button>
        {preview && <button type="button" className="button" disabled={trying.isPending} onClick={() => form.current?.reportValidity() && trying.mutate(new FormData(form.current))}>{say("preview")}</button>}
        <button type="button" className="button" onClick={close}>{say("cancel")}</button>
      </div>
    </form>
  );
}

/** What the desk says of this field: `body.days.0.date` is of `days`, `path.year` of `year`. */
const wrongOf = (name: string, wrong: readonly Wrong[]): string =>
  [...new Set(wrong.filter((one) => one.field.split(".")[1] === name).map((one) => one.message))].join(" ");

export function Input({ field, touched, wrong = "" }: { field: Field; touched(): void; wrong?: string }) {
  const { name, label, kind = "line", options, required, value, most, least, hint } = field;
  const id = useId();
  if (kind === "tick") return <label className="side-by-side"><input type="checkbox" name={name} defaultChecked={value !== ""} /><span>{label}</span></label>;
  if (kind === "own") return field.own;
  if (kind === "rows") return <RowsOf field={field} touched={touched} wrong={wrong} />;
  if (kind === "several") {
    return (
      <fieldset className="several"><legend className="meta">{label}</legend>
        {options?.map(([option, words]) => <label key={option} className="side-by-side"><input type="checkbox" name={name} value={option} defaultChecked={field.values?.includes(option)} /><span className="grow">{words}</span></label>)}
      </fieldset>
    );
  }
  const described = [hint && id, wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  const shared = { name, required, className: "field", "aria-describedby": described, "aria-invalid": wrong ? true : undefined };
  const typed = { line: "text", mail: "email", file: "file", moment: "datetime-local", day: "date", time: "time", number: "number" } as const;
  return (
    <div className="stack tight">
      <label className="stack tight">
        <span className="meta">{label}</span>
        {kind === "text" ? <textarea {...shared} rows={3} maxLength={most ?? 20_000} defaultValue={value} />
          : kind === "choice" ? <select {...shared} defaultValue={value}>{options?.map(([option, words]) => <option key={option} value={option}>{words}</option>)}</select>
          : kind === "number" ? <input {...shared} type="number" step="any" min={least} max={most} defaultValue={value} />
          : kind === "file" ? <input {...shared} type="file" />
          : <input {...shared} type={typed[kind]} maxLength={kind === "line" || kind === "mail" ? (most ?? 200) : undefined} defaultValue={value} />}
      </label>
      {hint && <span id={id} className="meta">{hint}</span>}
      {wrong && <span id={`${id}-wrong`} className="meta bad">{wrong}</span>}
    </div>
  );
}
