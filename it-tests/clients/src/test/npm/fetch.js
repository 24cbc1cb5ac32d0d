// Prints each event that fetch reads, with a parser as scripts have that want no library.
// Usage: node fetch.js URL
import { setTimeout as pause } from "node:timers/promises";
import { print } from "./print.js";

const [url] = process.argv.slice(2);
let lastEventId = "";
let retry = 10;

for (;;) {
  try {
    await read(await open());
  } catch (error) {
    // What fetch says when the network fails, before the answer and within.
    if (error.message !== "fetch failed" && error.message !== "terminated") {
      throw error;
    }
  }
  await pause(retry);
}

async function open() {
  const headers = { Accept: "text/event-stream" };
  if (lastEventId) {
    headers["Last-Event-ID"] = lastEventId;
  }
  const response = await fetch(url, { headers });
  if (!response.ok) {
    throw new Error(`answered ${response.status}`);
  }
  return response.body;
}

// What is left at the end of a stream is no event, and its id is not taken over.
async function read(body) {
  const decoder = new TextDecoder();
  let event = empty();
  let rest = "";
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line) {
        take(event, line);
      } else {
        dispatch(event);
        event = empty();
      }
    }
  }
}

function empty() {
  return { name: "message", id: lastEventId, data: [] };
}

function take(event, line) {
  const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
  if (field === "event") {
    event.name = value;
  } else if (field === "id") {
    event.id = value;
  } else if (field === "data") {
    event.data.push(value);
  } else if (field === "retry") {
    retry = Number(value);
  }
}

function dispatch({ name, id, data }) {
  lastEventId = id;
  if (data.length) {
    print(name, id, data.join("\n"));
  }
}
