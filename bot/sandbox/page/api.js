// Talks to the stand-in server: state and messages by HTTP, what happens by a socket that comes back by itself.

async function json(response) {
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

export async function getState(as) {
  return json(await fetch(`/page/state?${new URLSearchParams({ as })}`));
}

export async function getMessages(as, channel, threadTs) {
  const query = new URLSearchParams({ as, channel });
  if (threadTs) query.set("thread_ts", threadTs);
  return (await json(await fetch(`/page/messages?${query}`))).messages;
}

export async function getTour() {
  return (await json(await fetch("/page/tour"))).stations;
}

/** One act of the person; always answers `{ok, …}`, with `error` in words for the person where it failed. */
export async function act(as, type, fields) {
  try {
    const body = JSON.stringify({ as, type, ...fields });
    return await json(await fetch("/page/act", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
  } catch (error) {
    return { ok: false, error: `That did not reach Slack. ${error.message}` };
  }
}

export async function upload(as, file) {
  const form = new FormData();
  form.append("file", file);
  try {
    return await json(await fetch(`/page/upload?${new URLSearchParams({ as })}`, { method: "POST", body: form }));
  } catch (error) {
    return { ok: false, error: `The file was not sent. ${error.message}` };
  }
}

/** Where a file that stands in a message is saved from. */
export function fileAddress(as, id) {
  return `/page/files/${encodeURIComponent(id)}?${new URLSearchParams({ as })}`;
}

/** Keeps a socket open for one person: `onEvent` for each event, `onUp` at every (re)connection, `onDown` when it is lost. Returns how to end it. */
export function listen(as, { onEvent, onUp, onDown }) {
  let socket = null;
  let ended = false;
  let wait = 300;
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/page/events?${new URLSearchParams({ as })}`);
    socket.onopen = () => { wait = 300; if (!ended) onUp(); };
    socket.onmessage = (message) => { if (!ended) onEvent(JSON.parse(message.data)); };
    socket.onclose = () => {
      if (ended) return;
      onDown();
      setTimeout(() => { if (!ended) connect(); }, wait);
      wait = Math.min(wait * 2, 5000);
    };
  };
  connect();
  return () => { ended = true; socket.close(); };
}
