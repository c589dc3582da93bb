import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, must, once, type Schemas } from "../../api/client";
import { ActForm, text } from "../../kit/ActForm";
import { MESSENGER, preferenceOf } from "../../app/preferences";
import { Of } from "../../kit/Query";
import { useWords } from "../../kit/words";
import { WORDS } from "./engineer_words";

/** Who an engineer is in a messenger of the desk; everything else about how they are told they set themselves. */
export function MessengerForm({ engineer, name }: { engineer: string; name: string }) {
  const say = useWords(WORDS);
  const queries = useQueryClient();
  const wanted = preferenceOf(engineer);
  return (
    <ActForm title={say("messenger_of", { name })} short={say("messenger_short")} done={(view: Schemas["PreferenceView"]) => queries.setQueryData(wanted.queryKey, view)}
      fields={[{ name: "messenger", label: say("messenger"), kind: "own", own: <Current engineer={engineer} /> }]}
      act={async (filled, key) => {
        const { version, language, ...set } = await queries.ensureQueryData(wanted);
        return must(await api.PUT("/v1/notification-preferences/{subject}", {
          params: { path: { subject: engineer }, header: { ...once(key), "If-Match": `"${version}"` } },
          body: { language: language as "zh", time_zone: set.time_zone, quiet_hours: set.quiet_hours, digest: set.digest, digest_at: set.digest_at, channels: set.channels as Record<string, "email"[]>, messenger: text(filled, "messenger") },
        }));
      }} />
  );
}

function Current({ engineer }: { engineer: string }) {
  const say = useWords(WORDS);
  const query = useQuery({ ...preferenceOf(engineer), staleTime: 0 });
  return (
    <Of query={query}>
      {(one) => (
        <div className="stack tight">
          <label className="stack tight"><span className="meta">{say("messenger")}</span>
            <input key={one.version} className="field mono" name="messenger" maxLength={240} pattern={MESSENGER} title={say("messenger_form")} defaultValue={one.messenger} placeholder="wecom:desk:zhangsan" aria-describedby={`messenger-${engineer}`} /></label>
          <span id={`messenger-${engineer}`} className="meta">{say("messenger_form")}</span>
        </div>
      )}
    </Of>
  );
}
