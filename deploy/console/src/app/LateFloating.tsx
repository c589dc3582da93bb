import { lazy, Suspense } from "react";
import type { Told } from "./Floating";

const load = () => import("./Floating");
const Loaded = lazy(load);

/** Fetched when the page that may open it has settled: none of the page's own weight, and there when it is wanted, even if
 * the desk is away by then. */
if ("requestIdleCallback" in globalThis) requestIdleCallback(() => void load().catch(() => undefined)); // told of where it is opened

export function Floating(told: Told) {
  return <Suspense><Loaded {...told} /></Suspense>;
}
