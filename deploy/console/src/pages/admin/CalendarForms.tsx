import { useQueryClient } from "@tanstack/react-query";
import { api, must, once, type Schemas } from "../../api/client";
import { ActForm, rows, text, type Filled } from "../../kit/ActForm";
import { useLanguage, useWords } from "../../kit/words";
import { BadHours, hoursOf, inWeek, written } from "./hours";
import { WORDS } from "./policy_words";

type Calendar = Schemas["CalendarView"];
const WEEK = [0, 1, 2, 3, 4, 5, 6];

const weekOf = (filled: Filled, calendar: Calendar): Schemas["WeekBody"] => ({
  zone: text(filled, "zone"), country: text(filled, "country"), weekly: WEEK.map((day) => hoursOf(text(filled, `day${day}`))),
  overrides: Object.fromEntries(rows(filled, "overrides", "date", "type").map((one) => [one.date, one.type])) as never, // openapi-typescript knows no type of values named by dates
  hours: calendar.week.hours as never, valid_from: text(filled, "valid_from") || null,
});

/** The working week, from a day on; what changes is shown before it holds. */
export function WeekForm({ calendar }: { calendar: Calendar }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const queries = useQueryClient();
  const { week } = calendar;
  const weekday = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { weekday: "long", timeZone: "UTC" });
  const nameOf = (day: number) => weekday.format(new Date(Date.UTC(2024, 0, 1 + day)));
  const kinds = [["off", say("off")], ["work", say("work")]] as const;
  return (
    <ActForm title={say("week")} done={() => void queries.invalidateQueries({ queryKey: ["calendars"] })}
      fields={[
        { name: "valid_from", label: say("valid_from"), kind: "day", hint: say("counted") }, { name: "zone", label: say("zone"), value: week.zone, required: true, most: 60 }, { name: "country", label: say("country"), value: week.country, most: 2 },
        ...WEEK.map((day) => ({ name: `day${day}`, label: say("day_hours", { day: nameOf(day) }), value: written(week.weekly[day] ?? []) })),
        { name: "overrides", label: say("overrides"), kind: "rows", rows: Object.entries(week.overrides).map(([date, type]) => ({ date, type })), columns: [{ name: "date", label: say("date"), kind: "day" }, { name: "type", label: say("type"), kind: "choice", options: kinds }] },
      ]}
      preview={async (filled) => {
        let next: Schemas["WeekBody"];
        try {
          next = weekOf(filled, calendar);
        } catch (error) {
          if (error instanceof BadHours) return <p className="bad">{say("bad_hours", { text: error.message })}</p>;
          throw error;
        }
        const off = say("off");
        const changes = [
          [say("zone"), week.zone, next.zone], [say("country"), week.country || "–", next.country || "–"],
          ...WEEK.map((day) => [nameOf(day), written(week.weekly[day] ?? []) || off, written(next.weekly[day] ?? []) || off]),
          ...[...new Set([...Object.keys(week.overrides), ...Object.keys(next.overrides ?? {})])].sort().map((date) => [date, kindOf(week.overrides[date], kinds), kindOf((next.overrides as Record<string, string>)[date], kinds)]),
          [say("hours_a_week"), String(inWeek(week.weekly)), String(inWeek(next.weekly))],
        ].filter(([, before, after]) => before !== after);
        return <><em>{say("changes")}</em>{!changes.length ? <p className="muted">{say("no_change")}</p> : <ul>{changes.map(([what, before, after]) => <li key={what} className="figure">{say("then_now", { what: what!, before: before!, after: after! })}</li>)}</ul>}</>;
      }}
      act={async (filled, key) => must(await api.PUT("/v1/calendars/{calendar}", { params: { path: { calendar: calendar.id }, header: { ...once(key), "If-Match": `"${calendar.version}"` } }, body: weekOf(filled, calendar) }))} />
  );
}

const kindOf = (type: string | undefined, kinds: readonly (readonly [string, string])[]) => kinds.find(([kind]) => kind === type)?.[1] ?? "–";

/** The days off and make-up workdays of a year, as they were announced: the whole list. */
export function YearForm({ calendar }: { calendar: Calendar }) {
  const say = useWords(WORDS);
  const queries = useQueryClient();
  const year = calendar.missing_year ?? (calendar.years.at(-1)?.year ?? new Date().getFullYear()) + 1;
  return (
    <ActForm title={say("year_list")} done={() => void queries.invalidateQueries({ queryKey: ["calendars"] })}
      fields={[
        { name: "year", label: say("year"), kind: "number", least: 2000, most: 2100, value: String(year), required: true, hint: say("counted") }, { name: "paper", label: say("paper") },
        { name: "days", label: say("days"), kind: "rows", rows: [{}], columns: [{ name: "date", label: say("date"), kind: "day" }, { name: "name", label: say("name") }, { name: "type", label: say("type"), kind: "choice", options: [["off", say("off")], ["work", say("work")]] }] },
      ]}
      preview={async (filled) => {
        const days = rows(filled, "days", "date", "name", "type");
        return <p>{say("days_of", { off: days.filter((one) => one.type === "off").length, work: days.filter((one) => one.type === "work").length })}</p>;
      }}
      act={async (filled, key) => must(await api.PUT("/v1/calendars/{calendar}/years/{year}", {
        params: { path: { calendar: calendar.id, year: Number(text(filled, "year")) }, header: { ...once(key), "If-Match": `"${calendar.version}"` } },
        body: { papers: [text(filled, "paper")].filter(Boolean), days: rows(filled, "days", "date", "name", "type").map((one) => ({ date: one.date, name: one.name, isOffDay: one.type === "off" })) },
      }))} />
  );
}
