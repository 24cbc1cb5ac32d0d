// Prints each event as a line: name, id and data, each in Base64, separated by tabs.
// Usage: node reader.js URL NAME...
import { EventSource } from "eventsource";

const [url, ...names] = process.argv.slice(2);
const source = new EventSource(url);

for (const name of names) {
  source.addEventListener(name, (event) => {
    const fields = [event.type, event.lastEventId, event.data];
    process.stdout.write(fields.map(base64).join("\t") + "\n");
  });
}

function base64(text) {
  return Buffer.from(text, "utf-8").toString("base64");
}

// It reconnects by itself, unless the server's answer was no stream.
source.addEventListener("error", (event) => {
  if (source.readyState === source.CLOSED) {
    process.stderr.write(`closed for good: ${event.code} ${event.message}\n`);
    process.exit(1);
  }
});
