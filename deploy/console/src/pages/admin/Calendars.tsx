import { useQuery } from "@tanstack/react-query";
import { api, must, type Schemas } from "../../api/client";
import { Of } from "../../kit/Query";
import { deskNow, ofDay } from "../../kit/time";
import { useLanguage, useWords } from "../../kit/words";
import { has } from "../../api/session";
import { useMe } from "../../app/me";
import { WeekForm, YearForm } from "./CalendarForms";
import { WORDS } from "./words";

type Calendar = Schemas["CalendarView"];
const AHEAD = 60; // days
const DAY = 86_400_000;
const WHY = { holiday: "holiday", make_up: "make_up", override: "override", hours: "special_hours" } as const;

/** By which working time clocks are counted. */
export default function Calendars() {
  const say = useWords(WORDS);
  const query = useQuery({ queryKey: ["calendars"], queryFn: async ({ signal }) => must(await api.GET("/v1/calendars", { signal })).items });
  return <Of query={query}>{(all) => !all.length ? <p className="muted">{say("no_calendars")}</p> : <div className="stack">{all.map((one) => <One key={one.id} calendar={one} />)}</div>}</Of>;
}

/** The desk knows public holidays by their English names, what was announced by the name it was announced with. */
const HOLIDAYS: Readonly<Record<string, string>> = {
  "New Year's Day": "元旦", "Chinese New Year (Spring Festival)": "春节", "Chinese New Year's Eve": "除夕", "Tomb-Sweeping Day": "清明节", "Labor Day": "劳动节",
  "Dragon Boat Festival": "端午节", "Mid-Autumn Festival": "中秋节", "National Day": "国庆节",
};
const named = (name: string, language: "en" | "zh") => (language === "zh" ? name.split("; ").map((one) => HOLIDAYS[one] ?? one).join("、") : name);

/** A country by its name; the desk knows it by its code (ISO 3166-1). */
function inRegion(code: string, language: "en" | "zh"): string {
  try {
    return new Intl.DisplayNames(language === "zh" ? "zh-CN" : "en-GB", { type: "region" }).of(code) ?? code;
  } catch (error) {
    if (error instanceof RangeError) return code; // no such code
    throw error;
  }
}

const hoursOf = (hours: Schemas["WorkingHoursView"][], off: string) => hours.map((one) => `${one.start.slice(0, 5)}–${one.end.slice(0, 5)}`).join(", ") || off;

function One({ calendar }: { calendar: Calendar }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const { country } = calendar.week;
  const weekday = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { weekday: "long", timeZone: "UTC" });
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const query = useQuery({
    queryKey: ["calendars", calendar.id, "days"],
    queryFn: async ({ signal }) => must(await api.GET("/v1/calendars/{calendar}/days", { params: { path: { calendar: calendar.id }, query: { since: dayOf(deskNow()), until: dayOf(deskNow() + AHEAD * DAY) } }, signal })).items,
  });
  return (
    <section className="card stack" aria-label={calendar.id}>
      <h2>{country ? inRegion(country, language) : calendar.id} {country && <span className="meta mono">{calendar.id}</span>}</h2>
      {calendar.warning && <p className="alert">{calendar.warning}</p>}
      <dl className="facts wide">
        <div><dt>{say("zone")}</dt><dd>{calendar.week.zone}</dd></div>
        {country && <div><dt>{say("country")}</dt><dd>{inRegion(country, language)}</dd></div>}
        {calendar.years.length > 0 && <div><dt>{say("years")}</dt><dd className="figure">{calendar.years.map((one) => one.year).join(", ")}</dd></div>}
      </dl>
      <table className="plain">
        <thead><tr><th scope="col">{say("day")}</th><th scope="col">{say("work")}</th></tr></thead>
        <tbody>{calendar.week.weekly.map((hours, index) => <tr key={index}><th scope="row">{weekday.format(new Date(Date.UTC(2024, 0, 1 + index)))}</th><td className="figure">{hoursOf(hours, say("off"))}</td></tr>)}</tbody>
      </table>
      {has(me, "admin") && <div key={calendar.version} className="side-by-side acts"><WeekForm calendar={calendar} /><YearForm calendar={calendar} /></div>}
      <h3>{say("coming")}</h3>
      <Of query={query}>
        {(days) => {
          const special = days.filter((one) => one.why !== "week");
          if (!special.length) return <p className="muted">{say("none_coming")}</p>;
          return (
            <ul className="rows-of">
              {special.map((one) => (
                <li key={one.day}><span className="figure">{ofDay(one.day, language)}</span><span className="grow">{named(one.name, language) || say(WHY[one.why as keyof typeof WHY])}</span>
                  {one.provisional && <span className="chip quiet">{say("provisional")}</span>}<span className="figure">{hoursOf(one.hours, say("off"))}</span></li>
              ))}
            </ul>
          );
        }}
      </Of>
    </section>
  );
}
