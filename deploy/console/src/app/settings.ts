import { useSyncExternalStore } from "react";
import type { Language } from "../kit/words";

/** One's own settings, kept in this browser. */
export interface Settings {
  language: Language | "";
  theme: "system" | "light" | "dark";
  density: "dense" | "comfortable";
  enterSends: boolean;
  singleKeys: boolean;
  /** Whether replies wait ten seconds, in which they can be taken back. */
  undoSends: boolean;
}

const KEY = "bihuan-settings";
const FIRST: Settings = { language: "", theme: "system", density: "dense", enterSends: false, singleKeys: true, undoSends: true };
const listeners = new Set<() => void>();
let current = read();

function read(): Settings {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>) };
  } catch {
    return FIRST;
  }
}

export const settings = (): Settings => current;

export function change(part: Partial<Settings>): void {
  current = { ...current, ...part };
  localStorage.setItem(KEY, JSON.stringify(current));
  apply();
  for (const heard of listeners) heard();
}

export const useSettings = (): Settings =>
  useSyncExternalStore((heard) => (listeners.add(heard), () => listeners.delete(heard)), settings);

/** What was chosen, else what the person's account or the browser says. */
export function languageOf(chosen: Settings, told: string): Language {
  const wish = chosen.language || told || navigator.language;
  return wish.toLowerCase().startsWith("zh") ? "zh" : "en";
}

const dark = matchMedia("(prefers-color-scheme: dark)");

export function apply(): void {
  const isDark = current.theme === "dark" || (current.theme === "system" && dark.matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  document.documentElement.dataset.density = current.density;
}

dark.addEventListener("change", apply);
addEventListener("storage", ({ key }) => {
  if (key !== KEY) return;
  current = read();
  apply();
  for (const heard of listeners) heard();
});
