import { createContext, useContext } from "react";

/** What people read, in both languages: English, then Chinese. `{name}` is filled in; `{n|ticket|tickets}` is the first
 *  word for one, else the second. */
export type Words = Record<string, readonly [en: string, zh: string]>;
export type Language = "en" | "zh";
export type Values = Record<string, string | number>;
export type Say<W extends Words> = (key: keyof W, values?: Values) => string;

export const LanguageContext = createContext<Language>("en");
export const useLanguage = (): Language => useContext(LanguageContext);

const PLACE = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

export function fill(pattern: string, values: Values): string {
  return pattern.replace(PLACE, (whole, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return one === undefined ? String(value) : String(value === 1 ? one : other);
  });
}

export function sayer<W extends Words>(words: W, language: Language): Say<W> {
  return (key, values) => fill(words[key]![language === "zh" ? 1 : 0], values ?? {});
}

export function useWords<W extends Words>(words: W): Say<W> {
  return sayer(words, useLanguage());
}

/** Of what the services say in both languages. */
export const inLanguage = (text: { en: string; zh: string }, language: Language): string => text[language];
