import { useLanguage, useWords } from "../../kit/words";
import type { Ticket } from "./data";
import { WORDS } from "./words";

const SIZES = ["B", "kB", "MB"];

function size(bytes: number): string {
  let [n, unit] = [bytes, 0];
  while (n >= 1000 && unit < 2) [n, unit] = [n / 1000, unit + 1];
  return `${n < 10 && unit ? n.toFixed(1) : Math.round(n)} ${SIZES[unit]}`;
}

/** What was reported, and which of it nobody said but was read from a text or a log. */
export function Problem({ ticket }: { ticket: Ticket }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const { problem } = ticket;
  const yesNo = (value: boolean | null) => (value === null ? "" : say(value ? "yes" : "no"));
  const facts = [
    ["product", [problem.product, problem.product_version].filter(Boolean).join(" ")], ["module", problem.module],
    ["environment", problem.environment], ["users_affected", problem.users_affected === null ? "" : String(problem.users_affected)],
    ["business_blocked", yesNo(problem.business_blocked)], ["steps", problem.steps],
  ] as const;
  const custom = Object.entries(problem.custom_fields ?? {});
  return (
    <section className="problem" aria-label={say("problem")}>
      <h2>{say("problem")}</h2>
      <p className="text">{problem.description}</p>
      <dl className="facts">
        {facts.filter(([, value]) => value).map(([name, value]) => (
          <div key={name}>
            <dt>{say(name)}</dt>
            <dd>{value}{ticket.found.includes(name) && <span className="meta" title={say("found")}> ◇ <span className="hidden">{say("found")}</span></span>}</dd>
          </div>
        ))}
        {custom.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      {problem.error_text && <pre tabIndex={0} aria-label={say("error_text")}>{problem.error_text}</pre>}
      {ticket.attachments.length > 0 && (
        <ul className="files" aria-label={say("files")}>
          {ticket.attachments.map((one) => (
            <li key={one.id}>
              <a className="button" download={one.name} href={`/v1/tickets/${ticket.ticket}/attachments/${one.id}`} lang={language}>
                {one.name} <span className="meta">{size(one.size)}{one.internal && ` · ${say("only_staff")}`}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
