import { has, type Session } from "../api/session";

/** The pages of the console in the order of the rail, and who has something to do there. */
const PLACES = {
  queue: ["agent", "engineer", "lead", "auditor"], board: ["lead", "auditor"], incidents: ["agent", "engineer", "lead", "auditor"],
  search: ["agent", "engineer", "lead", "kb_editor", "auditor"], knowledge: ["agent", "engineer", "lead", "kb_editor", "auditor"],
  reviews: ["engineer", "lead", "kb_editor", "auditor", "admin"], training: ["agent", "engineer", "lead", "kb_editor", "auditor"], admin: ["lead", "auditor", "admin"],
} as const;
export type Place = keyof typeof PLACES;

export const placesOf = (me: Session): Place[] => (Object.keys(PLACES) as Place[]).filter((one) => has(me, ...PLACES[one]));
