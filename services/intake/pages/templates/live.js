// Where scripts run, what the desk says of a ticket is read anew while somebody looks. A form that somebody is at, or has
// written in, stays as it is; without a script the page is as good, and a reload says the same.
(() => {
  const EVERY = 15000;
  let isLooking = false;
  const isInUse = (part) => part.contains(document.activeElement)
    || [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((one) => one.type === "radio" || one.type === "checkbox" ? one.checked : one.value);
  const look = async () => {
    if (document.hidden || isLooking) return;
    isLooking = true;
    try {
      const answer = await fetch(location.pathname + location.search, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const now = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const there = now.querySelector(`[data-live="${part.dataset.live}"]`);
        if (!there || isInUse(part)) continue;
        const said = (one) => one.innerHTML.replace(/name="key" value="[^"]*"/g, "");
        if (said(there) !== said(part)) part.innerHTML = there.innerHTML;
      }
    } catch {
      // the next look says more
    } finally {
      isLooking = false;
    }
  };
  setInterval(look, EVERY);
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
})();
