// Follow the desk's events on its bus (NATS JetStream): each at least once, also after either was away.
// npm install @nats-io/transport-node @nats-io/jetstream
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const [servers, name, stream = "BIHUAN", subjects = "bihuan.ticket.>"] = process.argv.slice(2);
const bus = await connect({ servers });
const manager = await jetstreamManager(bus);
// the bus remembers how far `name` is
await manager.consumers.add(stream, { durable_name: name, ack_policy: AckPolicy.Explicit, filter_subject: subjects });
const consumer = await jetstream(bus).consumers.get(stream, name);
for await (const message of await consumer.consume()) {
  const event = message.json();
  console.log(event.id, event.type, event.subject); // leave out an id that you have seen
  message.ack(); // after your own work: what is not acknowledged comes again
}
