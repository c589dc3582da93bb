/** A text with the words in it that were looked for; `marks` count Unicode code points, as the desk does. */
export function Marked({ text, marks }: { text: string; marks: readonly (readonly [number, number])[] }) {
  const points = [...text];
  const parts: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (from < at) continue;
    parts.push({ text: points.slice(at, from).join(""), marked: false }, { text: points.slice(from, to).join(""), marked: true });
    at = to;
  }
  parts.push({ text: points.slice(at).join(""), marked: false });
  return <>{parts.map((one, index) => (one.marked ? <mark key={index}>{one.text}</mark> : one.text))}</>;
}
