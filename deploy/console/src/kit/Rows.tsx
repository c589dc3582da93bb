import { useId, useRef, useState } from "react";
import { Input, type Field } from "./ActForm";
import { useWords, type Words } from "./words";

const WORDS = { add: ["Add a row: {of}", "添加一行：{of}"], remove: ["Remove row {n}: {of}", "删除第 {n} 行：{of}"] } satisfies Words;

/** A list that is filled in row by row. A row is what it was when it was added: taking one away moves no other's text. */
export function RowsOf({ field, touched, wrong }: { field: Field; touched(): void; wrong: string }) {
  const say = useWords(WORDS);
  const id = useId();
  const next = useRef(field.rows?.length ?? 0);
  const [shown, setShown] = useState(() => (field.rows ?? []).map((values, id) => ({ id, values })));
  const change = (to: typeof shown) => {
    setShown(to);
    touched();
  };
  return (
    <fieldset className="rows-in stack" aria-describedby={wrong ? id : undefined}>
      <legend className="meta">{field.label}</legend>
      {shown.map((row, at) => (
        <div key={row.id} className="row-in" role="group" aria-label={`${field.label} ${at + 1}`}>
          {field.columns?.map((column) => <Input key={column.name} touched={touched} field={{ ...column, name: `${field.name}.${column.name}`, value: row.values[column.name] ?? column.value }} />)}
          <button type="button" className="button plain" aria-label={say("remove", { n: at + 1, of: field.label })} onClick={() => change(shown.filter((one) => one !== row))}><span aria-hidden="true">✕</span></button>
        </div>
      ))}
      {wrong && <p id={id} className="meta bad">{wrong}</p>}
      <div><button type="button" className="button" aria-label={say("add", { of: field.label })} onClick={() => change([...shown, { id: next.current++, values: {} }])}><span aria-hidden="true">＋</span></button></div>
    </fieldset>
  );
}
