import type { Words } from "../../kit/words";

export const WORDS = {
  lead: ["What led to what: each act and what the services made of it.", "因果链：每个操作及各服务的后续处理。"], none: ["Nothing has happened yet.", "暂无记录。"], chain: ["{text}, {n} {n|event|events} in {ms}", "{text}，{ms} 内 {n} 个事件"], step: ["Event", "事件"], service: ["Service", "服务"], after: ["After", "延时"], bar: ["{ms} after the first", "首个事件后 {ms}"], most: ["The newest {n} events are shown.", "仅显示最近 {n} 个事件。"],
} satisfies Words;
