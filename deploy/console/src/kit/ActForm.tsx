import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { newKey, Problem } from "../../api/client";
import { useWords } from "../../kit/words";
import { workOf, type Work } from "./data";
import { WORDS } from "./solving_words";

export interface Field {
  name: string;
  label: string;
  kind?: "line" | "text" | "tick" | "file" | "choice";
  options?: readonly (readonly [value: string, label: string])[];
  required?: boolean;
}
export type Filled = FormData;

interface Props {
  number: string;
  title: string;
  fields: Field[];
  /** Why this cannot be done now; it is said beside the button. */
  shut?: string;
  /** `key`: the same for the same attempt, so that trying again does nothing twice. */
  act(filled: Filled, key: string): Promise<Work>;
}

/** Something that is done to the work on a ticket: what it takes, and, while it cannot be done, why not. */
export function ActForm({ number, title, fields, shut, act }: Props) {
  const say = useWords(WORDS);
  const queries = useQueryClient();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [key, setKey] = useState(newKey);
  const doing = useMutation({
    mutationFn: (filled: Filled) => act(filled, key),
    onSuccess: (work) => {
      queries.setQueryData(workOf(number).queryKey, work);
      void queries.invalidateQueries({ queryKey: ["ticket", number] });
      setIsOpen(false);
      setKey(newKey());
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!shut) doing.mutate(new FormData(event.currentTarget));
  };
  if (!isOpen || shut) {
    return (
      <div>
        <button className="button" aria-disabled={shut ? true : undefined} aria-describedby={shut ? id : undefined} onClick={() => shut || setIsOpen(true)}>{title}</button>
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
        <button type="button" className="button" onClick={() => setIsOpen(false)}>{say("cancel")}</button>
      </div>
    </form>
  );
}

function Input({ field: { name, label, kind = "line", options, required } }: { field: Field }) {
  if (kind === "tick") return <label className="side-by-side"><input type="checkbox" name={name} defaultChecked /><span>{label}</span></label>;
  const shared = { name, required, className: "field" };
  return (
    <label className="stack tight">
      <span className="meta">{label}</span>
      {kind === "text" ? <textarea {...shared} rows={3} maxLength={20_000} />
        : kind === "file" ? <input {...shared} type="file" />
        : kind === "choice" ? <select {...shared}>{options?.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>
        : <input {...shared} maxLength={200} />}
    </label>
  );
}
