import { useWords } from "../kit/words";
import { change, useSettings, type Settings } from "./settings";
import { WORDS } from "./words";

/** How the console looks and behaves in this browser. */
export function Choices() {
  const say = useWords(WORDS);
  const now = useSettings();
  const choice = <K extends "language" | "theme" | "density">(name: K, label: string, options: [Settings[K], string][]) => (
    <label className="side-by-side">
      <span className="grow">{label}</span>
      <select className="field" value={now[name]} onChange={(event) => change({ [name]: event.target.value })}>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </label>
  );
  const tick = (name: "enterSends" | "singleKeys" | "undoSends", label: string) => (
    <label className="side-by-side">
      <input type="checkbox" checked={now[name]} onChange={(event) => change({ [name]: event.target.checked })} />
      <span>{label}</span>
    </label>
  );
  return (
    <>
      {choice("language", say("language"), [["", say("system")], ["zh", "中文"], ["en", "English"]])}
      {choice("theme", say("theme"), [["system", say("system")], ["light", say("light_theme")], ["dark", say("dark_theme")]])}
      {choice("density", say("density"), [["dense", say("dense")], ["comfortable", say("comfortable")]])}
      {tick("enterSends", say("enter_sends"))}
      {tick("undoSends", say("undo_sends"))}
      {tick("singleKeys", say("single_keys"))}
    </>
  );
}
