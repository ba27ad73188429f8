// The SDK for Node, driven by lines of JSON: first it tells its methods, then it calls those that it is told.
import { createInterface } from "node:readline";
import { ManagementClient } from "auth0";

const NO_OPERATIONS = new Set(["constructor", "fetch"]); // fetch sends what it is told to
const MARKERS = ["~0~", "~1~", "~2~", "~3~", "~4~"];
const { AUTH0_DOMAIN: domain, AUTH0_ACCESS_TOKEN: token } = process.env;

let answering; // what takes the place of the network, or nothing
let seen; // the last request, and what was answered

async function fetchAndNote(url, init) {
  seen = { url, method: init.method, body: init.body ? JSON.parse(init.body) : null };
  if (answering) throw answering;
  const response = await fetch(url, init);
  const text = await response.clone().text();
  Object.assign(seen, { status: response.status, answer: text ? JSON.parse(text) : null });
  return response;
}

const client = new ManagementClient({ domain, token, maxRetries: 0, fetch: fetchAndNote });

function* calls(holder, above = []) {
  const wrapped = holder === client ? Object.getPrototypeOf(holder) : holder;
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(wrapped)))) {
    if (member.get) yield* calls(holder[name], [...above, name]);
    else if (!NO_OPERATIONS.has(name) && !name.startsWith("_"))
      yield [[...above, name].join("."), (...given) => holder[name](...given)];
  }
}

// What a method reads of the object that it takes for query or body.
function recording(read) {
  return new Proxy({}, { get: (_, name) => (typeof name === "string" && read.add(name), undefined) });
}

async function probe(call) {
  seen = undefined;
  await Promise.resolve(call(...MARKERS)).catch(() => {});
  if (!seen) return null; // it uploads a file
  const { method, url } = seen;
  const path = new URL(url).pathname;
  const ids = MARKERS.filter((each) => path.includes(encodeURIComponent(each)));
  const query = new Set();
  if (method === "GET") await Promise.resolve(call(...ids, recording(query))).catch(() => {});
  return { verb: method, path, query: [...query] };
}

async function handedOver(call, given) {
  const pending = call(...given);
  if (pending.withRawResponse) return (await pending.withRawResponse()).data;
  const answer = await pending;
  return answer?.response ?? answer; // a page of a list holds it
}

const methods = new Map(calls(client));
answering = new Error("this is no network");
const told = [];
for (const [name, call] of methods) {
  const found = await probe(call);
  if (found) told.push({ name, ...found });
}
answering = undefined;
console.log(JSON.stringify(told));

for await (const line of createInterface({ input: process.stdin })) {
  const { name, given } = JSON.parse(line);
  seen = undefined;
  let handed = null;
  let refused = null;
  try {
    handed = (await handedOver(methods.get(name), given)) ?? null;
  } catch (error) {
    if (!(seen?.status >= 400)) refused = String(error?.stack ?? error);
  }
  console.log(JSON.stringify({ ...seen, handed, refused }));
}
process.exit(0); // the SDK's timers would keep it
