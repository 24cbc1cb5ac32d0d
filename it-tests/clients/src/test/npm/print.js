// Prints an event as a line: name, id and data, each in Base64, separated by tabs.
export function print(name, id, data) {
  process.stdout.write([name, id, data].map(base64).join("\t") + "\n");
}

function base64(text) {
  return Buffer.from(text, "utf-8").toString("base64");
}
