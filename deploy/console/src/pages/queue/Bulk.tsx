import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { useLanguage, useWords, type Words } from "../../kit/words";
import { engineers } from "../ticket/data";
import { doAll, EMPTY, partsOf, type Act, type Part, type Result } from "./bulk";

const WORDS = {
  selected: ["{n} selected", "已选 {n} 条"], placeholder: ["Internal note for each: only staff see it", "为每张工单添加内部备注：仅内部可见"],
  what: ["What to do", "操作"], note: ["Add an internal note", "添加内部备注"], close: ["Close", "关闭工单"], assign: ["Assign", "分派"],
  add: ["Add the note", "添加备注"], none: ["Select none", "取消选择"], done: ["{n} changed.", "已处理 {n} 张。"],
  refused: ["{n} refused:", "{n} 张未处理："], again: ["Try those again", "重试这些工单"], stop: ["Stop", "停止"],
  progress: ["{n} of {all} …", "{n} / {all}……"], left: ["{n} left the list meanwhile and {n|was|were} not touched.", "{n} 张已离开列表，未作更改。"],
  stopped: ["{n} not done.", "{n} 张未执行。"], go_on: ["Go on with these", "继续执行"], offline: ["The desk cannot be reached. Nothing is done twice when you go on.", "无法连接服务台。继续执行时不会重复处理。"],
  all: ["Select all {n} that match", "选择全部 {n} 张符合条件的工单"], all_unknown: ["Select all that match", "选择全部符合条件的工单"],
  reason: ["Reason", "原因"], engineer: ["Who", "处理人"], outcome: ["How it ended", "关闭结果"], choose: ["Choose …", "请选择……"],
} satisfies Words;
const OUTCOME = {
  spam: ["spam", "垃圾信息"], wrong_desk: ["not for this desk", "不属于受理范围"], no_answer: ["no answer from the customer", "客户未回复"],
  cancelled: ["cancelled by the customer", "客户取消"],
} satisfies Words;

interface Props {
  tickets: string[];
  /** How many match; null: not known yet. */
  matching: number | null;
  selectAll(): void;
  hasLeft(ticket: string): boolean;
  done(): void;
}

/** One thing done to many tickets: with a result for each, and stopped when one wants. */
export function Bulk({ tickets, matching, selectAll, hasLeft, done }: Props) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const [kind, setKind] = useState<Act["kind"]>("note");
  const [text, setText] = useState("");
  const [choice, setChoice] = useState("");
  const [result, setResult] = useState<Result>(EMPTY);
  const [running, setRunning] = useState(0); // of how many
  const isStopped = useRef(false);
  const people = useQuery({ ...engineers, enabled: kind === "assign" });
  const act: Act = kind === "note" ? { kind, text } : kind === "close" ? { kind, outcome: choice, reason: text } : { kind, engineer: choice, reason: text };
  const isReady = text.trim() !== "" && (kind === "note" || choice !== "");
  const latest = useRef(hasLeft);
  latest.current = hasLeft;

  const run = async (parts: Part[]) => {
    isStopped.current = false;
    setResult(EMPTY);
    setRunning(parts.reduce((sum, one) => sum + one.tickets.length, 0));
    try {
      setResult(await doAll(act, parts, (ticket) => latest.current(ticket), () => isStopped.current, setResult));
    } finally {
      setRunning(0);
    }
  };
  const start = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !running) void run(partsOf(kind, tickets));
  };
  const so_far = result.changed + result.refused.length + result.left.length;
  const rest = [...result.unreached, ...partsOf(kind, result.stopped)];
  const pick = (next: Act["kind"]) => (setKind(next), setChoice(""), setResult(EMPTY));
  const kinds: Act["kind"][] = ["note", ...(has(me, "lead") ? ["assign" as const] : []), ...(has(me, "agent", "lead") ? ["close" as const] : [])];
  return (
    <section className="bulk" aria-label={say("selected", { n: tickets.length })}>
      <form className="side-by-side grow" onSubmit={start}>
        <strong className="figure">{say("selected", { n: tickets.length })}</strong>
        {(matching === null || matching > tickets.length) && (
          <button type="button" className="button plain" onClick={selectAll}>{matching === null ? say("all_unknown") : say("all", { n: matching })}</button>
        )}
        <select className="field" aria-label={say("what")} value={kind} disabled={running > 0} onChange={(event) => pick(event.target.value as Act["kind"])}>
          {kinds.map((one) => <option key={one} value={one}>{say(one)}</option>)}
        </select>
        {kind === "assign" && (
          <select className="field" aria-label={say("engineer")} value={choice} onChange={(event) => setChoice(event.target.value)}>
            <option value="">{say("choose")}</option>
            {people.data?.filter((one) => one.active).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        )}
        {kind === "close" && (
          <select className="field" aria-label={say("outcome")} value={choice} onChange={(event) => setChoice(event.target.value)}>
            <option value="">{say("choose")}</option>
            {Object.entries(OUTCOME).map(([value, words]) => <option key={value} value={value}>{words[language === "zh" ? 1 : 0]}</option>)}
          </select>
        )}
        <input className={`field grow${kind === "note" ? " note" : ""}`} value={text} maxLength={kind === "note" ? 2000 : 200}
          placeholder={say(kind === "note" ? "placeholder" : "reason")} aria-label={say(kind === "note" ? "placeholder" : "reason")} onChange={(event) => setText(event.target.value)} />
        {running > 0 ? <button type="button" className="button" onClick={() => (isStopped.current = true)}>{say("stop")}</button>
          : <button className="button main" disabled={!isReady}>{say(kind === "note" ? "add" : kind)}</button>}
        <button type="button" className="button plain" disabled={running > 0} onClick={done}>{say("none")}</button>
      </form>
      <div role="status" className="result">
        {running > 0 && say("progress", { n: so_far, all: running })}
        {!running && result.changed > 0 && <p>{say("done", { n: result.changed })}</p>}
        {result.left.length > 0 && <p>{say("left", { n: result.left.length })}</p>}
        {!running && result.refused.length > 0 && <>
          <p>{say("refused", { n: result.refused.length })}</p>
          <ul>{result.refused.map((one) => <li key={one.ticket}><span className="figure">{one.ticket}</span> {one.why}</li>)}</ul>
          <button className="button" onClick={() => void run(partsOf(kind, result.refused.map((one) => one.ticket)))}>{say("again")}</button>
        </>}
        {!running && rest.length > 0 && <p className="side-by-side">
          {result.unreached.length > 0 && <span className="bad">{say("offline")}</span>}
          <span>{say("stopped", { n: rest.reduce((sum, one) => sum + one.tickets.length, 0) })}</span>
          <button className="button" onClick={() => void run(rest)}>{say("go_on")}</button>
        </p>}
      </div>
    </section>
  );
}
