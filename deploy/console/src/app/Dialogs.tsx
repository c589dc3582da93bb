import { useState } from "react";
import { Button } from "react-aria-components";
import { Link, useNavigate } from "@tanstack/react-router";
import { isComposing } from "../kit/ime";
import { hasIn } from "../kit/pinyin";
import { useLanguage, useWords } from "../kit/words";
import { useMe } from "./me";
import { placesOf } from "./places";
import { Choices } from "./Choices";
import Floating, { type Shown } from "./Floating";
import { useSettings } from "./settings";
import { SHORTCUTS, type Shortcut } from "./keys";
import { WORDS } from "./words";

export function ShortcutSheet(shown: Shown) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const { singleKeys } = useSettings();
  const groups = [["list", "in_list"], ["ticket", "in_ticket"], ["anywhere", "anywhere"]] as const;
  return (
    <Floating {...shown} title={say("shortcuts")}>
      {!singleKeys && <p className="muted">{say("shortcuts_off")}</p>}
      {groups.map(([where, title]) => (
        <section key={where} className="stack">
          <h2>{say(title)}</h2>
          <table className="plain">
            <tbody>
              {Object.entries(SHORTCUTS as Record<string, Shortcut>).filter(([, one]) => one.where === where).map(([name, one]) => (
                <tr key={name}>
                  <th scope="row"><kbd className="mono">{one.ctrl ? `Ctrl/⌘ ${one.key.toUpperCase()}` : one.key}</kbd></th>
                  <td>{one.words[language === "zh" ? 1 : 0]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      <div><Button className="button" onPress={shown.close}>{say("close")}</Button></div>
    </Floating>
  );
}

export function SettingsDialog(shown: Shown) {
  const say = useWords(WORDS);
  return (
    <Floating {...shown} title={say("settings")}>
      <Choices />
      <p><Link to="/settings" onClick={shown.close}>{say("more_settings")}</Link></p>
      <div><Button className="button" onPress={shown.close}>{say("close")}</Button></div>
    </Floating>
  );
}

const NUMBER = /^(?:TK-)?(\d{4}-\d{1,9})$/i;

/** Where one can go by name: pages, a ticket by its number, a search. */
export function Palette(shown: Shown) {
  const say = useWords(WORDS);
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim();
  const number = NUMBER.exec(wanted)?.[1];
  const pages = placesOf(useMe())
    .filter((page) => !wanted || hasIn(say(page), wanted))
    .map((page) => ({ id: page as string, label: say(page), go: () => navigate({ to: `/${page}` }) }));
  const offers = [
    ...(number ? [{ id: "ticket", label: say("open_ticket", { number: `TK-${number}` }),
      go: () => navigate({ to: "/tickets/$ticket", params: { ticket: `TK-${number}` } }) }] : []),
    ...pages,
    ...(wanted ? [{ id: "text", label: say("search_for", { text: wanted }), go: () => navigate({ to: "/search", search: { text: wanted } }) }] : []),
  ];
  const chosen = Math.min(at, offers.length - 1);
  const go = (index: number) => {
    shown.close();
    setText("");
    setAt(0);
    void offers[index]?.go();
  };
  return (
    <Floating {...shown} title={say("go_to")}>
      <input className="field" role="combobox" aria-expanded="true" aria-controls="offers" aria-label={say("go_hint")}
        aria-activedescendant={offers[chosen] ? `offer-${offers[chosen].id}` : undefined} placeholder={say("go_hint")}
        autoFocus value={text} maxLength={200}
        onChange={(event) => { setText(event.target.value); setAt(0); }}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return;
          if (event.key === "ArrowDown") setAt(Math.min(chosen + 1, offers.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
          else if (event.key === "Enter") go(chosen);
          else return;
          event.preventDefault();
        }} />
      <ul id="offers" role="listbox" aria-label={say("go_to")} className="offers">
        {offers.map((one, index) => (
          <li key={one.id} id={`offer-${one.id}`} role="option" aria-selected={index === chosen} onClick={() => go(index)}>
            {one.label}
          </li>
        ))}
      </ul>
    </Floating>
  );
}
