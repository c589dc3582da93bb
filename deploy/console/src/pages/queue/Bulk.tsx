import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, must, newKey, once, Problem, type Schemas } from "../../api/client";
import { useWords, type Words } from "../../kit/words";

const WORDS = {
  selected: ["{n} selected", "已选 {n} 条"], placeholder: ["Internal note for each: only staff see it", "为每张工单添加内部备注：仅内部可见"],
  add: ["Add the note", "添加备注"], none: ["Select none", "取消选择"], done: ["{n} changed.", "已处理 {n} 张。"],
  refused: ["{n} refused:", "{n} 张未处理："], again: ["Try those again", "重试这些工单"], most: ["At most {n} at a time.", "一次最多 {n} 张。"],
} satisfies Words;
const MOST = 100;

/** One thing done to many tickets by one request, with a result for each. */
export function Bulk({ tickets, done }: { tickets: string[]; done(): void }) {
  const say = useWords(WORDS);
  const [text, setText] = useState("");
  const key = useRef(newKey());
  const act = useMutation({
    mutationFn: async (chosen: string[]): Promise<Schemas["ChangeResults"]> => {
      const body = { tickets: chosen.map((ticket) => ({ ticket })), change: { action: "note" as const, body: { text } } };
      return must(await api.POST("/v1/ticket-changes", { params: { header: once(key.current) }, body }));
    },
    onSuccess: () => (key.current = newKey()),
  });
  const refused = act.data?.items.filter((one) => one.problem) ?? [];
  return (
    <section className="bulk" aria-label={say("selected", { n: tickets.length })}>
      <strong className="figure">{say("selected", { n: tickets.length })}</strong>
      <input className="field note grow" value={text} maxLength={2000} placeholder={say("placeholder")} aria-label={say("placeholder")}
        onChange={(event) => { setText(event.target.value); key.current = newKey(); }} />
      <button className="button main" disabled={!text.trim() || act.isPending || tickets.length > MOST} onClick={() => act.mutate(tickets)}>{say("add")}</button>
      <button className="button plain" onClick={done}>{say("none")}</button>
      <div role="status" className="result">
        {tickets.length > MOST && say("most", { n: MOST })}
        {act.error instanceof Problem && act.error.message}
        {act.data && say("done", { n: act.data.changed })}
        {refused.length > 0 && <>
          {say("refused", { n: refused.length })}
          <ul>{refused.map((one) => <li key={one.ticket}><span className="figure">{one.ticket}</span> {one.problem?.detail}</li>)}</ul>
          <button className="button" onClick={() => act.mutate(refused.map((one) => one.ticket))}>{say("again")}</button>
        </>}
      </div>
    </section>
  );
}
