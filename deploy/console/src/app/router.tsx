import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, Navigate } from "@tanstack/react-router";
import { Button } from "react-aria-components";
import { useWords } from "../kit/words";
import { Problem } from "../api/client";
import { Shell } from "./Shell";
import { useMe } from "./me";
import { placesOf } from "./places";
import { WORDS } from "./words";

function Broken({ error }: { error: unknown }) {
  const say = useWords(WORDS);
  const detail = error instanceof Problem ? `${error.title}. ${error.detail}` : "";
  return (
    <div className="message" role="alert">
      <h1>{say("broken")}</h1>
      {detail && <p>{detail}</p>}
      <Button className="button main" onPress={() => location.reload()}>{say("again")}</Button>
    </div>
  );
}

function Nowhere() {
  const say = useWords(WORDS);
  return <div className="message"><h1>{say("nowhere")}</h1><Link className="button" to="/queue">{say("to_queue")}</Link></div>;
}

/** Each begins where their day does. */
function Home() {
  const [first] = placesOf(useMe());
  return <Navigate replace to={`/${first ?? "knowledge"}`} />;
}

const texts = <K extends string>(...names: K[]) => (search: Record<string, unknown>) =>
  Object.fromEntries(
    names.flatMap((name) => (typeof search[name] === "string" && search[name] ? [[name, search[name].slice(0, 200)]] : [])),
  ) as Partial<Record<K, string>>;

const root = createRootRoute({ component: Shell, errorComponent: Broken, notFoundComponent: Nowhere });
const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });
const queue = createRoute({
  getParentRoute: () => root, path: "/queue", validateSearch: texts("queue", "assignee", "waiting", "priority", "find", "sort"),
  component: lazyRouteComponent(() => import("../pages/queue"), "component"),
});
const ticket = createRoute({
  getParentRoute: () => root, path: "/tickets/$ticket", validateSearch: texts("tab"),
  component: lazyRouteComponent(() => import("../pages/ticket"), "component"),
});
const board = createRoute({ getParentRoute: () => root, path: "/board", component: lazyRouteComponent(() => import("../pages/board"), "component") });
const search = createRoute({
  getParentRoute: () => root, path: "/search", validateSearch: texts("text", "stage", "priority", "view", "sort"),
  component: lazyRouteComponent(() => import("../pages/search"), "component"),
});
const knowledge = createRoute({
  getParentRoute: () => root, path: "/knowledge", validateSearch: texts("text", "list"),
  component: lazyRouteComponent(() => import("../pages/knowledge"), "component"),
});
const article = createRoute({
  getParentRoute: () => root, path: "/knowledge/$article", component: lazyRouteComponent(() => import("../pages/knowledge/Article"), "component"),
});
const editing = createRoute({
  getParentRoute: () => root, path: "/knowledge/$article/edit", component: lazyRouteComponent(() => import("../pages/knowledge/Edit"), "component"),
});
const incidents = createRoute({
  getParentRoute: () => root, path: "/incidents", validateSearch: texts("show"),
  component: lazyRouteComponent(() => import("../pages/incidents"), "component"),
});
const incident = createRoute({
  getParentRoute: () => root, path: "/incidents/$incident", component: lazyRouteComponent(() => import("../pages/incidents/Incident"), "component"),
});
const reviews = createRoute({ getParentRoute: () => root, path: "/reviews", component: lazyRouteComponent(() => import("../pages/reviews"), "component") });
const review = createRoute({
  getParentRoute: () => root, path: "/reviews/$review", component: lazyRouteComponent(() => import("../pages/reviews/Review"), "component"),
});
const training = createRoute({ getParentRoute: () => root, path: "/training", component: lazyRouteComponent(() => import("../pages/training"), "component") });
const session = createRoute({
  getParentRoute: () => root, path: "/training/$session", component: lazyRouteComponent(() => import("../pages/training/Session"), "component"),
});
const admin = createRoute({
  getParentRoute: () => root, path: "/admin", validateSearch: texts("tab"),
  component: lazyRouteComponent(() => import("../pages/admin"), "component"),
});
const own = createRoute({ getParentRoute: () => root, path: "/settings", component: lazyRouteComponent(() => import("../pages/settings"), "component") });

export const router = createRouter({
  routeTree: root.addChildren([home, queue, ticket, board, search, knowledge, article, editing, incidents, incident, reviews, review, training, session, admin, own]),
  basepath: "/console",
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
