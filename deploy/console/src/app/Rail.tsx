import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import { Link, useLocation } from "@tanstack/react-router";
import { signOut } from "../api/session";
import { ROLE, term } from "../kit/terms";
import { useLanguage, useWords } from "../kit/words";
import { useLight } from "../live/Live";
import { useMe } from "./me";
import { placesOf, type Place } from "./places";
import { WORDS } from "./words";

const IN_REACH = 4; // places that a phone's bar has room for beside the light and the menu

/** The ways to all pages: a column where there is room, on a phone a bar at the foot, whose menu has the rest. */
export function Rail({ settings }: { settings(): void }) {
  const say = useWords(WORDS);
  const language = useLanguage();
  const me = useMe();
  const { pathname } = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  useEffect(() => setIsOpen(false), [pathname]);
  const places = placesOf(me);
  const rest = places.slice(IN_REACH);
  const place = (one: Place) => <Link key={one} to={`/${one}`} className="place"><Icon name={one} />{say(one)}</Link>;
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault(); // nor does it leave the page
    setIsOpen(false);
    menu.current?.focus();
  };
  const leave = (event: FocusEvent) => {
    if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) setIsOpen(false);
  };
  return (
    <nav className="rail" aria-label={say("main")} onKeyDown={press} onBlur={leave}>
      <span className="brand" aria-hidden="true">闭</span>
      {places.slice(0, IN_REACH).map(place)}
      <button type="button" ref={menu} className={rest.some((one) => pathname.includes(`/${one}`)) ? "place more active" : "place more"} aria-expanded={isOpen} aria-controls="rest" onClick={() => setIsOpen(!isOpen)}>
        <Icon name="more" />{say("more")}
      </button>
      <div id="rest" className={isOpen ? "rest open" : "rest"}>
        {rest.map(place)}
        <span className="push" />
        <Button className="place last" onPress={() => { setIsOpen(false); settings(); }}><Icon name="gear" />{say("settings")}</Button>
        <Button className="place last" onPress={() => void signOut()}><Icon name="out" />{say("sign_out")}</Button>
        <span className="who last" title={me.sub}>{me.name}<small>{me.roles.map((role) => term(ROLE, role, language)).join(language === "zh" ? "、" : ", ")}</small></span>
      </div>
      <StreamLight />
    </nav>
  );
}

const SHAPES = { live: "●", behind: "◐", off: "○" } as const;

function StreamLight() {
  const say = useWords(WORDS);
  const light = useLight();
  return <span className={`light ${light}`} role="status" data-light={light}><span aria-hidden="true">{SHAPES[light]}</span><span>{say(light)}</span></span>;
}

const PATHS = {
  queue: "M4 6h16M4 12h16M4 18h10", board: "M4 20V10M10 20V4M16 20v-8M22 20H2", search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM21 21l-5-5",
  knowledge: "M5 4h10a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3V4ZM5 17a3 3 0 0 1 3-3h10", out: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  incidents: "M12 4 3 20h18L12 4ZM12 10v5M12 17.5v.5", reviews: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6", training: "M3 9l9-4 9 4-9 4-9-4ZM7 11v5c3 2 7 2 10 0v-5",
  admin: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4", more: "M5 12h.01M12 12h.01M19 12h.01",
  gear: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
} as const;

function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth={name === "more" ? 3 : 1.7} strokeLinecap="round" strokeLinejoin="round">
      <path d={PATHS[name]} />
    </svg>
  );
}
