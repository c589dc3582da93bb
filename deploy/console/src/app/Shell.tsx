import { lazy, Suspense, useState } from "react";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useWords } from "../kit/words";
import { useShortcuts } from "./keys";
import { Rail } from "./Rail";
import { useResumed } from "./sending";
import { Undo } from "./Undo";
import { WORDS } from "./words";

const load = () => import("./Dialogs");
const Palette = lazy(async () => ({ default: (await load()).Palette }));
const ShortcutSheet = lazy(async () => ({ default: (await load()).ShortcutSheet }));
const SettingsDialog = lazy(async () => ({ default: (await load()).SettingsDialog }));

type Open = "palette" | "sheet" | "settings" | null;

export function Shell() {
  const say = useWords(WORDS);
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  useResumed();
  useShortcuts({
    palette: () => setOpen("palette"),
    sheet: () => setOpen("sheet"),
    search: () => void navigate({ to: "/search" }),
  });
  return (
    <div className="shell">
      <a className="skip" href="#content">{say("skip")}</a>
      <Rail settings={() => setOpen("settings")} />
      <main id="content" className="content" tabIndex={-1}><Outlet /></main>
      <Suspense><Undo /></Suspense>
      <Suspense>
        {open === "palette" && <Palette isOpen close={close} />}
        {open === "sheet" && <ShortcutSheet isOpen close={close} />}
        {open === "settings" && <SettingsDialog isOpen close={close} />}
      </Suspense>
    </div>
  );
}
