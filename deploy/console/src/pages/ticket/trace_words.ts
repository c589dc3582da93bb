import type { Words } from "../../kit/words";

export const WORDS = {
  lead: ["What led to what: each action and what the services did in response.", "因果链：每个操作及各服务的后续处理。"], none: ["Nothing yet.", "暂无记录。"], chain: ["{text}, {n} {n|event|events} in {ms}", "{text}，{ms} 内 {n} 个事件"], step: ["What happened", "经过"], service: ["Event", "事件"], after: ["After", "延时"], bar: ["{ms} after the first", "首个事件后 {ms}"], most: ["Showing the newest {n} events.", "仅显示最近 {n} 个事件。"],
} satisfies Words;
