// Joins the stream that seed.js opens, and shows what comes over it. Text from the stream and from
// the server reaches the page by textContent only.
(function () {
  "use strict";

  const MOST_EVENTS = 200;
  const MOST_NAMES = 50;
  const GAP = "eventsource.gap";
  const FIRST_NAMES = ["message", "myevent", GAP, "eventsource.hello"];

  const seed = document.getElementById("seed");
  const state = document.getElementById("state");
  const closed = document.getElementById("closed");
  const list = document.getElementById("events");
  const pause = document.getElementById("pause");
  const publish = document.getElementById("publish");
  const outcome = document.getElementById("outcome");
  const names = new Set();
  const clock = new Intl.DateTimeFormat(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  });

  let stream = null;
  let received = 0;
  let opened = 0;
  let paused = false;

  // --- the stream ---

  // A script's load event follows its last line at once, so that no event can come in between.
  seed.addEventListener("load", function () {
    if (!window.EventSource) {
      showState("closed", "Not supported by this browser");
      return;
    }
    stream = window.source;
    stream.addEventListener("open", onOpen);
    stream.addEventListener("error", onError);
    FIRST_NAMES.forEach(listenTo);
    showCode();
  });

  function onOpen() {
    opened++;
    document.getElementById("reconnected").textContent = String(opened - 1);
    closed.hidden = true;
    showState("open", "Open");
  }

  function onError() {
    if (stream.readyState === EventSource.CONNECTING) {
      showState("connecting", opened === 0 ? "Connecting" : "Reconnecting");
      return;
    }
    showState("closed", "Closed");
    closed.textContent =
      "The browser has given up on " +
      stream.url +
      ": the server answered with something else than a stream. Is there an event source at this" +
      " path, and may you read it? Reload the page to try again.";
    closed.hidden = false;
  }

  function showState(name, text) {
    state.dataset.state = name;
    state.firstElementChild.textContent = text;
  }

  /** EventSource dispatches a named event only to listeners of that name. */
  function listenTo(name) {
    if (names.has(name) || names.size >= MOST_NAMES) {
      return;
    }
    names.add(name);
    stream.addEventListener(name, onEvent);
    append(document.getElementById("names"), "li", "", name);
  }

  // --- the list of events ---

  function onEvent(event) {
    received++;
    document.getElementById("received").textContent = String(received);
    document.getElementById("last-id").textContent = event.lastEventId || "none";
    if (paused && event.type !== GAP) {
      return;
    }
    document.getElementById("empty").hidden = true;
    list.prepend(event.type === GAP ? gapRow(event) : row(event, event.data));
    while (list.childElementCount > MOST_EVENTS) {
      list.lastElementChild.remove();
    }
  }

  function row(event, text) {
    const item = document.createElement("li");
    item.className = "row fresh";
    const now = new Date();
    append(item, "time", "time", clock.format(now)).dateTime = now.toISOString();
    append(item, "span", "name", event.type);
    append(item, "span", "data", text);
    append(item, "span", "id", event.lastEventId);
    return item;
  }

  function gapRow(event) {
    const item = row(event, gapNotice(event.data));
    item.classList.add("gap");
    item.title = event.data;
    return item;
  }

  function gapNotice(data) {
    let gap;
    try {
      gap = JSON.parse(data);
    } catch (malformed) {
      return data;
    }
    switch (gap.reason) {
      case "trimmed":
        return (
          lost(gap.lost) +
          " while this page was away: the server no longer kept them. All later events follow."
        );
      case "unknown":
        return (
          lost(gap.lost) +
          ": the server doesn't know the event that this page saw last (" +
          gap.requested +
          "); most likely it was restarted. It goes on with live events."
        );
      case "future":
        return (
          lost(gap.lost) +
          ": the event that this page saw last (" +
          gap.requested +
          ") is ahead of the server's history, which must have been replaced. It goes on with live" +
          " events."
        );
      default:
        return data;
    }
  }

  function lost(count) {
    if (count === null || count === undefined) {
      return "Events may be lost";
    }
    return count === 1 ? "1 event was lost" : count + " events were lost";
  }

  function append(parent, tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    parent.append(element);
    return element;
  }

  pause.addEventListener("click", function () {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Continue" : "Pause";
  });

  document.getElementById("clear").addEventListener("click", function () {
    list.replaceChildren();
    document.getElementById("empty").hidden = false;
  });

  document.getElementById("listen").addEventListener("submit", function (event) {
    event.preventDefault();
    if (stream) {
      listenTo(event.target.elements.name.value);
      event.target.reset();
    }
  });

  // --- publishing ---

  publish.addEventListener("submit", function (event) {
    event.preventDefault();
    const button = publish.querySelector("button");
    const fields = new URLSearchParams();
    for (const name of ["data", "event", "id"]) {
      const value = publish.elements[name].value;
      if (name === "data" || value !== "") {
        fields.set(name, value);
      }
    }
    if (stream && fields.has("event")) {
      listenTo(fields.get("event"));
    }
    button.disabled = true;
    showOutcome("", "Publishing …");
    send(fields)
      .catch(function (failure) {
        showOutcome("refused", "The server was not reached: " + failure.message);
      })
      .finally(function () {
        button.disabled = false;
      });
  });

  /** The browser itself asks for name and password when the server wants them. */
  async function send(fields) {
    const response = await fetch("events", { method: "POST", body: fields });
    // Anything but plain text comes from somebody else, such as a proxy's page about a failure.
    const plain = (response.headers.get("Content-Type") || "").startsWith("text/plain");
    const answer = plain ? (await response.text()).trim() : response.statusText;
    if (response.ok && plain) {
      showOutcome("published", "Published as " + answer);
    } else {
      showOutcome("refused", response.status + " " + answer);
    }
  }

  function showOutcome(kind, text) {
    outcome.dataset.outcome = kind;
    outcome.textContent = text;
  }

  // --- the code beside ---

  async function showCode() {
    const response = await fetch(seed.src);
    document.querySelector("#code code").textContent = await response.text();
  }
})();
