import { useQueryClient } from "@tanstack/react-query";
import { api, must, once, Problem, type Schemas } from "../../api/client";
import { ActForm, asField, lines, rows, text, type Field, type Filled } from "../../kit/ActForm";
import { useLanguage, useWords, type Say } from "../../kit/words";
import { BadHours, hoursOf, written } from "./hours";
import { WORDS } from "./engineer_words";

type Engineer = Schemas["EngineerView"];
type Profile = Schemas["EngineerProfile"];
const WEEK = [0, 1, 2, 3, 4, 5, 6];
const SKILLS = ["category", "product", "module"] as const;

function profileOf(filled: Filled, say: Say<typeof WORDS>, now?: Engineer): Profile {
  try {
    return {
      name: text(filled, "name"), email: text(filled, "email"), language: text(filled, "language"), level: text(filled, "level") as "senior", capacity: Number(text(filled, "capacity")), weight: now?.weight ?? 1,
      teams: lines(filled, "teams", /[,，、\s]/), zone: text(filled, "zone"),
      skills: rows(filled, "skills", "name", "kind", "level").map((one) => ({ kind: one.kind as "module", name: one.name, level: Number(one.level) || 3 })),
      shifts: filled.has("has_shifts") ? { weekly: WEEK.map((day) => hoursOf(text(filled, `day${day}`))), exceptions: (now?.shifts?.exceptions ?? {}) as never } : null,
      leave: rows(filled, "leave", "first", "last", "reason"), on_call: rows(filled, "on_call", "start", "end").map((one) => ({ start: new Date(one.start).toISOString(), end: new Date(one.end).toISOString() })),
    };
  } catch (error) {
    if (error instanceof BadHours) throw new Problem(422, "", say("bad_hours", { text: error.message }), "");
    throw error;
  }
}

/** Who somebody is, what they know, and when they work. */
export function EngineerForm({ engineer }: { engineer?: Engineer }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const queries = useQueryClient();
  const weekday = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { weekday: "long", timeZone: "UTC" });
  const fields: Field[] = [
    ...(engineer ? [] : [{ name: "id", label: say("id"), required: true, most: 80 }]),
    { name: "name", label: say("name"), required: true, value: engineer?.name }, { name: "email", label: say("email"), kind: "mail", value: engineer?.email },
    { name: "language", label: say("language"), kind: "choice", value: engineer?.language, options: [["zh", say("zh")], ["en", say("en")]] }, { name: "level", label: say("level"), kind: "choice", value: engineer?.level, options: [["engineer", say("engineer")], ["senior", say("senior")]] },
    { name: "capacity", label: say("capacity"), kind: "number", least: 1, most: 200, required: true, value: String(engineer?.capacity ?? 10) }, { name: "teams", label: say("teams"), value: engineer?.teams.join(", ") },
    { name: "skills", label: say("skills"), kind: "rows", rows: engineer?.skills.map((one) => ({ kind: one.kind, name: one.name, level: String(one.level) })),
      columns: [{ name: "kind", label: say("kind"), kind: "choice", options: SKILLS.map((one) => [one, say(one)] as const) }, { name: "name", label: say("skill") }, { name: "level", label: say("skill_level"), kind: "number", least: 1, most: 5, value: "3" }] },
    { name: "zone", label: say("zone"), required: true, most: 60, value: engineer?.zone ?? "Asia/Shanghai" }, { name: "has_shifts", label: say("has_shifts"), kind: "tick", value: engineer?.shifts ? "on" : "" },
    ...WEEK.map((day) => ({ name: `day${day}`, label: weekday.format(new Date(Date.UTC(2024, 0, 1 + day))), value: written(engineer?.shifts?.weekly[day] ?? []), hint: day === 0 ? say("shifts") : undefined })),
    { name: "leave", label: say("leave"), kind: "rows", rows: engineer?.leave.map((one) => ({ first: one.first, last: one.last, reason: one.reason ?? "" })), columns: [{ name: "first", label: say("first"), kind: "day" }, { name: "last", label: say("last"), kind: "day", required: true }, { name: "reason", label: say("reason") }] },
    { name: "on_call", label: say("on_call"), kind: "rows", rows: engineer?.on_call.map((one) => ({ start: asField(one.start), end: asField(one.end) })), columns: [{ name: "start", label: say("start"), kind: "moment" }, { name: "end", label: say("end"), kind: "moment", required: true }] },
  ];
  return (
    <ActForm key={engineer?.version} title={engineer ? say("change", { name: engineer.name }) : say("add")} short={engineer && say("change_short")} fields={fields} done={() => void queries.invalidateQueries({ queryKey: ["engineers"] })}
      act={async (filled, key) => engineer
        ? must(await api.PATCH("/v1/engineers/{engineer}", { params: { path: { engineer: engineer.id }, header: { ...once(key), "If-Match": `"${engineer.version}"` } }, body: profileOf(filled, say, engineer) }))
        : must(await api.PUT("/v1/engineers/{engineer}", { params: { path: { engineer: text(filled, "id") }, header: once(key) }, body: profileOf(filled, say) }))} />
  );
}
