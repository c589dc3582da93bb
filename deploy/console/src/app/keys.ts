import { useLayoutEffect, useRef } from "react";
import { isComposing } from "../kit/ime";
import { settings } from "./settings";

/** Every shortcut there is: this table draws the sheet, and nothing else makes a key do something. Single letters work
 *  outside fields alone and can be switched off (WCAG 2.2, 2.1.4); no Alt and no key that browsers have. */
export const SHORTCUTS = {
  down: { key: "j", words: ["Next row", "下一行"], where: "list" },
  up: { key: "k", words: ["Previous row", "上一行"], where: "list" },
  open: { key: "Enter", words: ["Open the ticket", "打开工单"], where: "list" },
  select: { key: "x", words: ["Select the row", "选择该行"], where: "list" },
  refresh: { key: ".", words: ["Show what is new", "显示新内容"], where: "list" },
  reply: { key: "r", words: ["Reply to the customer", "回复客户"], where: "ticket" },
  note: { key: "n", words: ["Write an internal note", "写内部备注"], where: "ticket" },
  assign: { key: "a", words: ["Assign", "分派"], where: "ticket" },
  next: { key: "j", words: ["Next ticket of the list", "列表中的下一张工单"], where: "ticket" },
  previous: { key: "k", words: ["Previous ticket of the list", "列表中的上一张工单"], where: "ticket" },
  back: { key: "Escape", words: ["Back to the list", "返回列表"], where: "ticket" },
  undo: { key: "z", words: ["Undo sending", "撤回正在发送的回复"], where: "anywhere" },
  search: { key: "/", words: ["Search tickets", "搜索工单"], where: "anywhere" },
  palette: { key: "k", ctrl: true, words: ["Go to …", "快速跳转"], where: "anywhere" },
  sheet: { key: "?", words: ["Keyboard shortcuts", "键盘快捷键"], where: "anywhere" },
} as const satisfies Record<string, Shortcut>;

export interface Shortcut {
  key: string;
  ctrl?: boolean;
  words: readonly [en: string, zh: string];
  where: "list" | "ticket" | "anywhere";
}
export type Act = keyof typeof SHORTCUTS;
export type Acts = Partial<Record<Act, (event: KeyboardEvent) => void>>;

const TYPED_IN = "input, textarea, select, [contenteditable], [role=textbox], [role=listbox], [role=menu]";

/** Whether a key press means this shortcut here. */
export function means(shortcut: Shortcut, event: KeyboardEvent, singleKeys: boolean): boolean {
  if (isComposing(event) || event.defaultPrevented || event.altKey) return false;
  const hasModifier = event.ctrlKey || event.metaKey;
  if (Boolean(shortcut.ctrl) !== hasModifier || event.key !== shortcut.key) return false;
  if (shortcut.ctrl) return true;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest(TYPED_IN) || (at?.closest("[role=dialog]") && shortcut.key !== "Escape")) return false;
  if (shortcut.key === "Enter") return !at?.closest("a, button, summary");
  return singleKeys || shortcut.key === "Escape";
}

export function useShortcuts(acts: Acts): void {
  const latest = useRef(acts);
  latest.current = acts;
  useLayoutEffect(() => { // what is seen can be pressed: not a moment later
    const press = (event: KeyboardEvent) => {
      for (const [name, act] of Object.entries(latest.current) as [Act, (event: KeyboardEvent) => void][]) {
        if (act && means(SHORTCUTS[name], event, settings().singleKeys)) {
          event.preventDefault();
          act(event);
          return;
        }
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
