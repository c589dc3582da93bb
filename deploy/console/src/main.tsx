import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useEffect, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { Problem, speak } from "./api/client";
import { comeBack, has, leaveToSignIn, readSession, type Session } from "./api/session";
import { MeContext } from "./app/me";
import { router } from "./app/router";
import { SignIn } from "./app/SignIn";
import { apply, languageOf, settings, useSettings } from "./app/settings";
import { setServerTime } from "./kit/time";
import { LanguageContext } from "./kit/words";
import { Live } from "./live/Live";
import "./style/base.css";
import "./app/shell.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && !(error instanceof Problem && error.status < 500),
    },
  },
});

function Speaking({ told, children }: { told: string; children: ReactNode }) {
  const language = languageOf(useSettings(), told);
  speak(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  useEffect(() => void queries.invalidateQueries(), [language]); // some answers are in words
  return (
    <LanguageContext value={language}>
      <I18nProvider locale={language === "zh" ? "zh-CN" : "en-GB"}>{children}</I18nProvider>
    </LanguageContext>
  );
}

function Console({ me }: { me: Session }) {
  return (
    <Speaking told={me.language}>
      <MeContext value={me}>
        <QueryClientProvider client={queries}>
          <Live may={has(me, "agent", "engineer", "lead", "kb_editor", "auditor", "admin")}><RouterProvider router={router} /></Live>
        </QueryClientProvider>
      </MeContext>
    </Speaking>
  );
}

async function start(): Promise<void> {
  apply();
  const page = createRoot(document.getElementById("root")!);
  const show = (what: ReactNode) => page.render(<StrictMode>{what}</StrictMode>);
  const why = new URLSearchParams(location.search).get("sign_in");
  try {
    const me = await readSession();
    if (me) {
      comeBack();
      setServerTime(me.now);
      speak(languageOf(settings(), me.language));
      show(<Console me={me} />);
    } else if (why) show(<Speaking told=""><SignIn why={why} /></Speaking>);
    else leaveToSignIn();
  } catch {
    show(<Speaking told=""><SignIn why="unreachable" /></Speaking>);
  }
}

// A page that was open while a new console was built asks for files that are gone: it takes the new ones, once.
addEventListener("vite:preloadError", () => {
  if (sessionStorage.getItem("bihuan-reloaded") === import.meta.url) return;
  sessionStorage.setItem("bihuan-reloaded", import.meta.url);
  location.reload();
});
void start();
