// Follow the desk's live stream with a token, without missing anything when the connection breaks. Node 20 or newer alone.
const [url, token, query = "events=ticket.*", start] = process.argv.slice(2);
let last = start; // the id that was seen last

for (;;) {
  try {
    const headers = { authorization: `Bearer ${token}`, ...(last && { "last-event-id": last }) };
    const answer = await fetch(`${url}/v1/events?${query}`, { headers });
    if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
    let waiting = "";
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (waiting + part).split("\n\n");
      waiting = blocks.pop() ?? "";
      for (const block of blocks) {
        const field = (name) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
        if (field("data")) console.log(field("event"), field("id"), JSON.parse(field("data")).subject);
        last = field("id") ?? last;
      }
    }
  } catch (error) {
    console.error(String(error));
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
}
