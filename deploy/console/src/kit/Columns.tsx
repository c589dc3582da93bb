const HIGH = 160;
const BELOW = 20;
const LEFT = 36;
const GROUP = 56;
const GAP = 12;

export interface Series {
  name: string;
  look: "first" | "second" | "third";
  values: readonly number[];
}

/** Columns side by side, in groups; `label` says in words what they show, for whoever does not see them. The same figures
 *  stand in a table beside it. */
export function Columns({ label, groups, series }: { label: string; groups: readonly string[]; series: readonly Series[] }) {
  const top = scale(Math.max(1, ...series.flatMap((one) => one.values)));
  const wide = LEFT + groups.length * GROUP;
  const column = (GROUP - GAP) / series.length;
  const y = (value: number) => HIGH - (HIGH * value) / top + 8;
  return (
    <figure className="chart">
      <svg role="img" aria-label={label} width={wide} height={HIGH + BELOW + 8} viewBox={`0 0 ${wide} ${HIGH + BELOW + 8}`}>
        {[0, top / 2, top].map((value) => (
          <g key={value}><line className="grid" x1={LEFT} x2={wide} y1={y(value)} y2={y(value)} /><text x={LEFT - 6} y={y(value) + 4} textAnchor="end">{value}</text></g>
        ))}
        {groups.map((group, at) => (
          <g key={group}>
            {series.map((one, index) => {
              const value = one.values[at] ?? 0;
              return <rect key={one.name} className={one.look} x={LEFT + at * GROUP + GAP / 2 + index * column} width={column - 1} y={y(value)} height={y(0) - y(value)}><title>{`${group}: ${one.name} ${value}`}</title></rect>;
            })}
            <text x={LEFT + at * GROUP + GROUP / 2} y={HIGH + BELOW + 4} textAnchor="middle">{group}</text>
          </g>
        ))}
      </svg>
      <figcaption className="side-by-side meta">{series.map((one) => <span key={one.name} className="side-by-side legend"><svg width="12" height="12" aria-hidden="true"><rect className={one.look} width="12" height="12" /></svg>{one.name}</span>)}</figcaption>
    </figure>
  );
}

/** The next round number that is even, so that half of it is one too. */
function scale(most: number): number {
  const step = 10 ** Math.floor(Math.log10(most));
  const round = [2, 4, 6, 8, 10].map((one) => one * step).find((one) => one >= most) ?? 10 * step;
  return Math.max(2, round);
}

/** How something went on, in the height of a line. */
export function Sparkline({ label, values }: { label: string; values: readonly number[] }) {
  const most = Math.max(1, ...values);
  return (
    <svg className="chart spark" role="img" aria-label={label} width={values.length * 8} height="18" viewBox={`0 0 ${values.length * 8} 18`}>
      {values.map((value, at) => <rect key={at} className="first" x={at * 8} width="6" y={18 - Math.max(1, (17 * value) / most)} height={Math.max(1, (17 * value) / most)} />)}
    </svg>
  );
}
