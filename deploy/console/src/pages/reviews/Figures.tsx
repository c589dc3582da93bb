import type { ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { Name } from "../../app/people";
import { CATEGORY, CLOCK, term } from "../../kit/terms";
import { lasting, ofDay } from "../../kit/time";
import { Columns, Sparkline } from "../../kit/Columns";
import { useLanguage, useWords } from "../../kit/words";
import { WORDS } from "./words";

type Content = Schemas["ReviewContent"];

const share = (part: number | null | undefined) => part == null ? "–" : `${(100 * part).toFixed(1)} %`;
const change = (part: number | null | undefined) => part == null ? "–" : `${part > 0 ? "+" : ""}${Math.round(100 * part)} %`.replace("-", "−");

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <section className="stack" aria-label={title}><h2>{title}</h2><div className="scroll" tabIndex={0} role="group" aria-label={title}>{children}</div></section>;
}

export function Summary({ content }: { content: Content }) {
  const say = useWords(WORDS);
  const rows = ["opened", "resolved", "unsolved", "completed", "reopened", "rejected", "failed", "consulted"] as const;
  return (
    <Section title={say("summary")}>
      <table className="plain">
        <thead><tr><th scope="col">{say("figure")}</th><th scope="col" className="number">{say("now")}</th><th scope="col" className="number">{say("before")}</th></tr></thead>
        <tbody>
          {rows.map((name) => <tr key={name}><th scope="row">{say(name)}</th><td className="number">{content.total[name] ?? 0}</td><td className="number">{content.before[name] ?? 0}</td></tr>)}
          {(["satisfied", "dissatisfied"] as const).map((name) => (
            <tr key={name}><th scope="row">{say(name)}</th><td className="number">{content.total.satisfaction?.[name] ?? 0}</td><td className="number">{content.before.satisfaction?.[name] ?? 0}</td></tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** Period by period: the figures stand in the table, their course in the chart. */
export function Course({ content }: { content: Content }) {
  const say = useWords(WORDS);
  const { periods } = content;
  if (periods.length < 2) return null;
  const rows = [["opened", "first"], ["unsolved", "second"], ["breached", "third"]] as const;
  const days = periods.map((one) => one.since.slice(5));
  const series = rows.map(([name, look]) => ({ name: say(name), look, values: periods.map((one) => one[name]) }));
  const words = series.map((one) => `${one.name} ${one.values.join(", ")}`).join("; ");
  return (
    <Section title={say("course")}>
      <Columns label={say("course_is", { first: days[0]!, last: days.at(-1)!, words })} groups={days} series={series} />
      <table className="plain">
        <thead><tr><th scope="col">{say("begins")}</th>{rows.map(([name]) => <th key={name} scope="col" className="number">{say(name)}</th>)}</tr></thead>
        <tbody>{periods.map((one, at) => <tr key={one.since}><th scope="row" className="figure">{one.since}</th>{series.map((of) => <td key={of.name} className="number">{of.values[at]}</td>)}</tr>)}</tbody>
      </table>
    </Section>
  );
}

export function Targets({ content }: { content: Content }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const clocks = Object.entries(content.total.clocks ?? {});
  if (!clocks.length) return null;
  return (
    <Section title={say("targets")}>
      <table className="plain">
        <thead><tr><th scope="col">{say("clock")}</th>{(["due", "within", "breached", "compliance", "median"] as const).map((one) => <th key={one} scope="col" className="number">{say(one)}</th>)}</tr></thead>
        <tbody>
          {clocks.map(([name, one]) => (
            <tr key={name}><th scope="row">{term(CLOCK, name, language)}</th><td className="number">{one.due ?? 0}</td><td className="number">{one.within ?? 0}</td><td className="number">{one.breached ?? 0}</td>
              <td className="number">{share(one.compliance)}</td><td className="number">{one.p50_seconds == null ? "–" : lasting(one.p50_seconds, language)}</td></tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** `raise`: what can be made of an entry, for whoever may. */
export function Problems({ content, raise }: { content: Content; raise?: (entry: Content["problems"][number]) => ReactNode }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  if (!content.problems.length) return <Section title={say("problems")}><p className="muted">{say("nothing")}</p></Section>;
  const name = (dimension: string) => dimension in WORDS ? say(dimension as keyof typeof WORDS) : dimension;
  return (
    <Section title={say("problems")}>
      <table className="plain">
        <thead><tr><th scope="col">{say("problem")}</th>{(["tickets", "share", "change", "unsolved", "reopened"] as const).map((one) => <th key={one} scope="col" className="number">{say(one)}</th>)}<th scope="col">{say("trend")}</th>{raise && <th scope="col">{say("improve")}</th>}</tr></thead>
        <tbody>
          {content.problems.map((one) => (
            <tr key={`${one.dimension} ${one.value}`}>
              <th scope="row"><span className="meta">{name(one.dimension)}</span> {one.dimension === "category" ? term(CATEGORY, one.value, language) : one.value}</th>
              <td className="number">{one.tickets}</td><td className="number">{share(one.share)}</td><td className="number">{change(one.change)}</td><td className="number">{one.unsolved}</td><td className="number">{one.reopened}</td>
              <td>{one.trend.length > 1 && <Sparkline label={one.trend.join(", ")} values={one.trend} />}</td>{raise && <td>{raise(one)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

export function Improvements({ content }: { content: Content }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  if (!content.improvements.length) return null;
  return (
    <Section title={say("improvements")}>
      <table className="plain">
        <thead><tr>{(["improvement", "owner", "due_on"] as const).map((one) => <th key={one} scope="col">{say(one)}</th>)}<th scope="col" className="number">{say("since_then")}</th></tr></thead>
        <tbody>
          {content.improvements.map((one) => (
            <tr key={one.id}><th scope="row">{one.title}</th><td><Name of={one.owner} /></td><td className="figure">{ofDay(one.due_on, language)}</td><td className="number">{change(one.measured.change)}</td></tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
