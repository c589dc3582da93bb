import type { Language } from "./words.ts";

/** How far this browser's clock is behind the desk's, in ms: what is shown is reckoned by the desk's. */
let offset = 0;

export function setServerTime(told: string, now: number = Date.now()): void {
  const server = Date.parse(told);
  if (!Number.isNaN(server)) offset = server - now;
}

export const deskNow = (): number => Date.now() + offset;

const LOCALE = { en: "en-GB", zh: "zh-CN" } as const;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, kind: "day" | "minute" | "dated" | "full" | "clock"): Intl.DateTimeFormat {
  const key = `${language} ${kind}`;
  const day = { month: "short", day: "numeric" } as const;
  const minute = { hour: "2-digit", minute: "2-digit", hour12: false } as const;
  const options: Intl.DateTimeFormatOptions =
    kind === "day" ? { ...day, weekday: "short" }
    : kind === "clock" ? minute
    : kind === "minute" ? { ...day, ...minute }
    : kind === "dated" ? { year: "numeric", ...day, ...minute }
    : { year: "numeric", month: "2-digit", day: "2-digit", ...minute, second: "2-digit", timeZoneName: "short" };
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(LOCALE[language], options)));
  return found;
}

/** With the year, where that is another one than now. */
export function atMinute(iso: string, language: Language): string {
  const at = new Date(iso);
  return format(language, at.getFullYear() === new Date(deskNow()).getFullYear() ? "minute" : "dated").format(at);
}
export const atClock = (iso: string, language: Language): string => format(language, "clock").format(new Date(iso));
export const onDay = (iso: string, language: Language): string => format(language, "day").format(new Date(iso));
export const inFull = (iso: string, language: Language): string => format(language, "full").format(new Date(iso));

/** A day without a time, such as the first of a period: it is the same in every zone. */
export const ofDay = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(LOCALE[language], { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** A length of time for people: `2 h 05 min`, `45 s`, `3 d 4 h`. Seconds are cut off, never rounded up to a minute that
 *  has not passed. */
export function lasting(seconds: number, language: Language): string {
  const whole = Math.floor(Math.abs(seconds));
  const [d, h, m, s] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  if (language === "zh") {
    if (d) return `${d} 天 ${h} 小时`;
    if (h) return `${h} 小时 ${two(m)} 分`;
    return m ? `${m} 分钟` : `${s} 秒`;
  }
  if (d) return `${d} d ${h} h`;
  if (h) return `${h} h ${two(m)} min`;
  return m ? `${m} min` : `${s} s`;
}

export function ago(iso: string, language: Language, now: number = deskNow()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 45) return language === "zh" ? "刚刚" : "just now";
  const text = lasting(seconds, language);
  return language === "zh" ? `${text}前` : `${text} ago`;
}
