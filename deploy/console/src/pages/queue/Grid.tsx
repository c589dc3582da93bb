import { useVirtualizer } from "@tanstack/react-virtual";
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useRef } from "react";
import { DueChip, Moment, PriorityMark, WaitingMark } from "../../kit/Marks";
import { CATEGORY, term, WORK } from "../../kit/terms";
import { useLanguage, useWords } from "../../kit/words";
import { useSettings } from "../../app/settings";
import type { Row } from "./rows";
import type { Still } from "./still";
import { useMarks } from "./marks";
import { WORDS } from "./words";

interface Props {
  shown: Still<Row>;
  at: string;
  setAt(ticket: string): void;
  selected: ReadonlySet<string>;
  toggle(ticket: string): void;
  areAll: boolean;
  toggleAll(): void;
  total: number;
  end(): void;
}

const COLUMNS = ["priority", "ticket", "subject", "customer", "category", "work", "assignee", "due", "opened"] as const;

/** Rows that are seen, and no others; readers are told how many there are and which each is. */
export function Grid({ shown, at, setAt, selected, toggle, areAll, toggleAll, total, end }: Props) {
  const say = useWords(WORDS);
  const { density } = useSettings();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = matchMedia("(width < 760px)").matches;
  const height = isNarrow ? 72 : density === "comfortable" ? 44 : 32;
  const rows = useVirtualizer({
    count: shown.order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: (index) => shown.order[index]!,
  });
  useEffect(() => rows.measure(), [height, rows]);
  const index = shown.order.indexOf(at);
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index, { align: "auto" });
  }, [index, rows]);
  const marks = useMarks();
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= 0 && last >= shown.order.length - 20) end();
  }, [last, shown.order.length, end]);
  return (
    <div className="grid" role="grid" aria-label={say("grid")} aria-rowcount={total < 0 ? -1 : total + 1} aria-multiselectable="true">
      <div role="rowgroup" className="head">
        <div role="row" aria-rowindex={1} className="row">
          <span role="columnheader" className="cell"><input type="checkbox" checked={areAll} aria-label={say("choose_all")} onChange={toggleAll} /></span>
          {COLUMNS.map((name) => <span key={name} role="columnheader" className={`cell ${name}`}>{say(name)}</span>)}
        </div>
      </div>
      <div className="rows" role="rowgroup" ref={scroller} tabIndex={0} aria-label={say("grid")}>
        <div role="presentation" className="all" style={{ height: rows.getTotalSize() }}>
          {items.map((item) => (
            <GridRow key={item.key} row={shown.rows.get(shown.order[item.index]!)!} index={item.index} top={item.start} height={height}
              isAt={item.index === index} isGone={shown.gone.has(shown.order[item.index]!)}
              isSelected={selected.has(shown.order[item.index]!)} setAt={setAt} toggle={toggle}
              hasDraft={marks.drafts.has(shown.order[item.index]!)} here={marks.here.get(shown.order[item.index]!)} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps extends Pick<Props, "setAt" | "toggle"> {
  row: Row;
  index: number;
  top: number;
  height: number;
  isAt: boolean;
  isGone: boolean;
  isSelected: boolean;
  hasDraft: boolean;
  here: string | undefined;
}

/** Drawn anew when something of its own has changed: not when the selection, or another row, has. */
const GridRow = memo(function GridRow({ row, index, top, height, isAt, isGone, isSelected, setAt, toggle, hasDraft, here }: RowProps) {
  const say = useWords(WORDS);
  const language = useLanguage();
  return (
    <div role="row" aria-rowindex={index + 2} aria-selected={isSelected} data-ticket={row.ticket}
      className={`row${isAt ? " at" : ""}${isGone ? " gone" : ""}`} style={{ transform: `translateY(${top}px)`, height }}>
      <span role="gridcell" className="cell choose">
        <input type="checkbox" checked={isSelected} aria-label={say("choose", { ticket: row.ticket })} onChange={() => toggle(row.ticket)} />
      </span>
      <span role="gridcell" className="cell priority"><PriorityMark priority={row.priority} /></span>
      <span role="gridcell" className="cell ticket figure">{row.ticket.replace(/^TK-/, "")}</span>
      <span role="gridcell" className="cell subject">
        <Link to="/tickets/$ticket" params={{ ticket: row.ticket }} className="line" title={row.title} onFocus={() => setAt(row.ticket)}>{row.title}</Link>
        {here && <span className="chip quiet people" title={here}><span aria-hidden="true">◉</span><span className="line">{here}</span></span>}
        {hasDraft && <span className="chip quiet"><span aria-hidden="true">✎</span>{say("draft")}</span>}
        {row.urges > 0 && <span className="chip quiet"><span aria-hidden="true">‼</span>{say("urged", { n: row.urges })}</span>}
        <WaitingMark waiting={row.waiting_for} short />
        {isGone && <span className="chip paused">{say("gone")}</span>}
      </span>
      <span role="gridcell" className="cell customer line" title={row.customer}>{row.customer}</span>
      <span role="gridcell" className="cell category line">{term(CATEGORY, row.category, language)}</span>
      <span role="gridcell" className="cell work line">{term(WORK, row.work, language)}</span>
      <span role="gridcell" className="cell assignee line">{row.assignee_name || <span className="muted">{say("nobodys")}</span>}</span>
      <span role="gridcell" className="cell due"><DueChip row={row} /></span>
      <span role="gridcell" className="cell opened meta"><Moment at={row.opened_at} /></span>
    </div>
  );
});
