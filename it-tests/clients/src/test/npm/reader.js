// Prints each event as a line: name, id, and data in Base64, separated by tabs.
// Usage: node reader.js URL NAME...
import { EventSource } from "eventsource";

const [url, ...names] = process.argv.slice(2);
const source = new EventSource(url);

for (const name of names) {
  source.addEventListener(name, (event) => {
    const data = Buffer.from(event.data, "utf-8").toString("base64");
    process.stdout.write(`${event.type}\t${event.lastEventId}\t${data}\n`);
  });
}

// It reconnects by itself, unless the server's answer was no stream.
source.addEventListener("error", (event) => {
  if (source.readyState === source.CLOSED) {
    process.stderr.write(`closed for good: ${event.code} ${event.message}\n`);
    process.exit(1);
  }
});
