// Prints each event that npm's eventsource reads.
// Usage: node eventsource.js URL NAME...
import { EventSource } from "eventsource";
import { print } from "./print.js";

const [url, ...names] = process.argv.slice(2);
const source = new EventSource(url);

for (const name of names) {
  source.addEventListener(name, (event) => print(event.type, event.lastEventId, event.data));
}

// It reconnects by itself, unless the server's answer was no stream.
source.addEventListener("error", (event) => {
  if (source.readyState === source.CLOSED) {
    process.stderr.write(`closed for good: ${event.code} ${event.message}\n`);
    process.exit(1);
  }
});
