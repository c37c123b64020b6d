// Talks to the server: asks with a stream that survives a broken connection, and sends ratings. No DOM.
// Never sends cookies: nothing here depends on the browser's policy for third parties.
const SILENCE_MS = 45_000; // the server sends a heartbeat every 15 s
const ATTEMPTS = 4;

class Problem extends Error {
  constructor(kind, detail = {}) {
    super(detail.message || kind);
    this.kind = kind;
    this.seconds = detail.seconds;
  }
}

class Client {
  constructor(base, ticket) {
    this.base = base;
    this.ticket = ticket; // async () => string, or null
    this.held = null;
  }

  /** The answer object. `on` may have passages(list), delta({text, checked}), reset(). Throws Problem or AbortError. */
  async ask(body, on, signal) {
    const seen = { id: null };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#stream(body, on, signal, seen);
      } catch (error) {
        if (signal.aborted || error instanceof Problem) throw error;
        // Only a stream that had begun is taken up again: a server that is away is told of at once.
        if (!seen.id || attempt === ATTEMPTS) throw new Problem("network");
        await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
        signal.throwIfAborted();
      }
    }
  }

  /** Keeps a rating; the receipt that lets a later one take its place. */
  async feedback(body) {
    return (await (await this.#post("api/feedback", body, {})).json()).receipt;
  }

  async #post(path, body, options, renewed = false) {
    const headers = { "Content-Type": "application/json", ...options.headers };
    if (this.ticket) {
      try {
        this.held ||= await this.ticket();
      } catch {
        throw new Problem("network");
      }
      headers.Authorization = `Bearer ${this.held}`;
    }
    const response = await fetch(this.base + path, {
      method: "POST", mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store",
      ...options, headers, body: JSON.stringify(body),
    });
    if (response.ok) return response;
    if (response.status === 401 && this.ticket && !renewed) {
      this.held = null; // expired
      return this.#post(path, body, options, true);
    }
    throw await problemOf(response);
  }

  async #stream(body, on, signal, seen) {
    const cut = new AbortController();
    const leave = () => cut.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener("abort", leave, { once: true });
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => cut.abort(), SILENCE_MS);
    };
    try {
      alive();
      const headers = seen.id ? { "Last-Event-ID": seen.id } : {};
      const response = await this.#post("api/ask", { ...body, stream: true }, { headers, signal: cut.signal });
      for await (const event of framesOf(response.body, alive)) {
        if (event.id) seen.id = event.id;
        if (event.name === "answer") return event.data;
        if (event.name === "error") throw new Problem("told", event.data.error);
        on[event.name]?.(event.data);
      }
      throw new TypeError("the stream ended before the answer");
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      cut.abort();
    }
  }
}

async function problemOf(response) {
  let message;
  try {
    message = (await response.json()).error.message;
  } catch {
    message = "";
  }
  const seconds = Number(response.headers.get("Retry-After")) || 5;
  const { status } = response;
  if (status === 429 || status === 503) return new Problem("busy", { seconds, message });
  if (status === 401 || status === 403) return new Problem("denied", { message });
  if ((status === 400 || status === 413 || status === 422) && message) return new Problem("told", { message });
  return new Problem("failed", { message });
}

/** Server-Sent Events out of a byte stream: {id, name, data}. Comments are heartbeats. */
async function* framesOf(stream, alive) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      text += decoder.decode(value, { stream: true });
      const frames = text.split("\n\n");
      text = frames.pop();
      for (const frame of frames) {
        const field = (name) => frame.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1];
        if (field("data") !== undefined) {
          yield { id: field("id"), name: field("event"), data: JSON.parse(field("data")) };
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // already closed: nothing is left to do
  }
}
