import { useMutation } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { newKey, Problem } from "../api/client";
import { useWords, type Words } from "./words";

const WORDS = { offline: ["The desk cannot be reached.", "无法连接服务台。"], cancel: ["Cancel", "取消"] } satisfies Words;

export interface Field {
  name: string;
  label: string;
  kind?: "line" | "text" | "tick" | "file" | "choice" | "moment" | "day";
  options?: readonly (readonly [value: string, label: string])[];
  required?: boolean;
  value?: string;
  most?: number;
}
export type Filled = FormData;

export interface Act<T> {
  title: string;
  fields: Field[];
  /** Why this cannot be done now; it is said beside the button. */
  shut?: string;
  /** `key`: the same for the same attempt, so that trying again does nothing twice. */
  act(filled: Filled, key: string): Promise<T>;
  done(result: T): void;
}

export const text = (filled: Filled, name: string): string => String(filled.get(name) ?? "").trim();
export const lines = (filled: Filled, name: string, by: RegExp): string[] => text(filled, name).split(by).map((one) => one.trim()).filter(Boolean);

/** What was chosen in this browser's time, as the desk takes it; null where nothing was. */
export function moment(filled: Filled, name: string): string | null {
  const chosen = text(filled, name);
  return chosen ? new Date(chosen).toISOString() : null;
}

/** Something that can be done here: what it takes, and, while it cannot be done, why not. */
export function ActForm<T>({ title, fields, shut, act, done }: Act<T>) {
  const say = useWords(WORDS);
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [key, setKey] = useState(newKey);
  const doing = useMutation({
    mutationFn: (filled: Filled) => act(filled, key),
    onSuccess: (result) => {
      done(result);
      setIsOpen(false);
      setKey(newKey());
    },
  });
  const close = () => {
    setIsOpen(false);
    doing.reset();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!shut) doing.mutate(new FormData(event.currentTarget));
  };
  if (!isOpen || shut) {
    return (
      <div>
        <button type="button" className="button" aria-disabled={shut ? true : undefined} aria-describedby={shut ? id : undefined} onClick={() => shut || setIsOpen(true)}>{title}</button>
        {shut && <p id={id} className="meta">{shut}</p>}
      </div>
    );
  }
  return (
    <form className="card stack" aria-label={title} onSubmit={submit} onChange={() => setKey(newKey())}>
      <h3>{title}</h3>
      {fields.map((field) => <Input key={field.name} field={field} />)}
      <p role="status" className="bad">{doing.error instanceof Problem ? doing.error.message || doing.error.title : doing.error ? say("offline") : ""}</p>
      <div className="side-by-side">
        <button className="button main" disabled={doing.isPending}>{title}</button>
        <button type="button" className="button" onClick={close}>{say("cancel")}</button>
      </div>
    </form>
  );
}

function Input({ field: { name, label, kind = "line", options, required, value, most } }: { field: Field }) {
  if (kind === "tick") return <label className="side-by-side"><input type="checkbox" name={name} defaultChecked={value !== ""} /><span>{label}</span></label>;
  const shared = { name, required, className: "field" };
  return (
    <label className="stack tight">
      <span className="meta">{label}</span>
      {kind === "text" ? <textarea {...shared} rows={3} maxLength={most ?? 20_000} defaultValue={value} />
        : kind === "file" ? <input {...shared} type="file" />
        : kind === "moment" ? <input {...shared} type="datetime-local" defaultValue={value} />
        : kind === "day" ? <input {...shared} type="date" defaultValue={value} />
        : kind === "choice" ? <select {...shared} defaultValue={value}>{options?.map(([option, words]) => <option key={option} value={option}>{words}</option>)}</select>
        : <input {...shared} maxLength={most ?? 200} defaultValue={value} />}
    </label>
  );
}
