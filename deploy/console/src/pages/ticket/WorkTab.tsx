import { useQuery } from "@tanstack/react-query";
import { Name } from "../../app/people";
import { Moment } from "../../kit/Marks";
import { Of } from "../../kit/Query";
import { useLanguage, useWords } from "../../kit/words";
import { ACTIVITY } from "./activity";
import { Closing } from "./Closing";
import { Consents } from "./Consents";
import { Solving } from "./Solving";
import { workOf, type Ticket, type Work } from "./data";
import { WORDS } from "./words";

export default function WorkTab({ number, ticket }: { number: string; ticket: Ticket }) {
  const query = useQuery(workOf(number));
  return <Of query={query}>{(work) => <div className="work"><Closing ticket={ticket} /><Solving work={work} /><Consents ticket={ticket} /><Rounds ticket={ticket} work={work} /><Worklog work={work} /></div>}</Of>;
}

/** Both verifications of each round: the desk's own, then the customer's. */
function Rounds({ ticket, work }: { ticket: Ticket; work: Work }) {
  const say = useWords(WORDS);
  const verdicts = new Map(ticket.rounds.map((one) => [one.round, one]));
  if (!work.proposals.length) return <section className="stack"><h2>{say("rounds")}</h2><p className="muted">{say("no_rounds")}</p></section>;
  return (
    <section className="stack">
      <h2>{say("rounds")}</h2>
      <ol className="stack">
        {[...work.proposals].reverse().map((one, index) => {
          const last = one.verifications.at(-1);
          const word = verdicts.get(one.round);
          return (
            <li key={`${one.round}-${index}`} className="card stack">
              <h3>{say("round", { n: one.round })} <span className="meta"><Name of={one.by} /></span></h3>
              <dl className="facts wide">
                <div><dt>{say("solution")}</dt><dd className="text">{one.solution}</dd></div>
                {one.root_cause && <div><dt>{say("cause")}</dt><dd className="text">{one.root_cause}</dd></div>}
                <div><dt>{say("inside")}</dt><dd>{!last ? <span className="muted">{say("not_yet")}</span> : <><Verdict good={last.passed} words={say(last.passed ? "passed" : "failed")} /> <span className="text">{last.steps} → {last.result}</span></>}</dd></div>
                <div><dt>{say("customers_word")}</dt><dd>{word?.accepted == null ? <span className="muted">{say("not_yet")}</span> : <><Verdict good={word.accepted} words={say(word.accepted ? "accepted" : "rejected")} /> <span className="text">{word.comment}</span></>}</dd></div>
              </dl>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const Verdict = ({ good, words }: { good: boolean; words: string }) => (
  <span className={good ? "chip met" : "chip breached"}><span aria-hidden="true">{good ? "✓" : "✕"}</span>{words}</span>
);

function Worklog({ work }: { work: Work }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  return (
    <section className="stack">
      <h2>{say("worklog")}</h2>
      {!work.worklog.length && <p className="muted">{say("no_worklog")}</p>}
      <ol className="log">
        {[...work.worklog].reverse().map((one) => (
          <li key={one.id}>
            <span className="meta figure"><Moment at={one.done_at} /></span>
            <div><em>{ACTIVITY[one.did]?.[language === "zh" ? 1 : 0] ?? one.did}</em> <span className="meta"><Name of={one.by} /></span>{one.text && <p className="text">{one.text}</p>}</div>
          </li>
        ))}
      </ol>
    </section>
  );
}
