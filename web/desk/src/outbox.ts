// Every write waits here until the service has answered it.
//
// Problem: a decision is to be seen within 50 ms and must outlive a closed laptop, a restarting daemon
// and a reload. So a write is put into this list (and into localStorage) before it is sent; pages show
// what the list will make of things (overlays), and forget it when the answer says how things are.
// One is sent at a time, in order. An answer that refuses takes the write out and hands the problem to
// the page; no answer at all keeps it, and asks again, slower each time.
//
// Repeating is safe because each write carries an idempotency key. A tab that died leaves its list under
// its own name; the next one takes it over after a while (the keys make a needless take-over harmless).
//
// Rejected: a service worker (another life cycle to reason about for a page that is open anyway);
// IndexedDB (asynchronous: a write could be lost between the key press and the commit).
import { computed, signal } from '@preact/signals';
import { type Changed, type Problem, Refused, type Request, Unreachable, ask } from './api.ts';
import { identify, me } from './account.ts';
import { isOnline } from './connection.ts';
import { keptUnder } from './kept.ts';

export type Overlay =
  | { kind: 'decide'; stories: string[]; to: string; section?: string }
  | { kind: 'merge'; stories: string[] }
  | { kind: 'split'; stories: string[] }
  | { kind: 'undo'; stories: string[] }
  | { kind: 'text'; target: string; base: Record<string, unknown> } // 'pick 7', and what she saw before she wrote
  | { kind: 'add'; draft: string; section: string; title: string }
  | { kind: 'move' };

export interface Write {
  key: string;
  at: number;
  method: Request['method'];
  path: string;
  body?: unknown;
  ifMatch?: string;
  overlay: Overlay;
}

export type Outcome = { write: Write; answer: Changed } | { write: Write; problem: Problem };

const { own: prefix, readable } = keptUnder('outbox'); // what somebody else has left here waits for him
const abandonedMs = 20_000;
const retryMs = [500, 1000, 2000, 4000, 8000];

function random(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function ownName(): string {
  let name = sessionStorage.getItem('briefd.tab');
  if (name === null) {
    name = random();
    sessionStorage.setItem('briefd.tab', name);
  }
  return prefix + name;
}

interface Kept { at: number; writes: Write[] }

function readKept(name: string): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? '') as Kept;
    return Array.isArray(kept.writes) ? kept : { at: 0, writes: [] };
  } catch {
    return { at: 0, writes: [] };
  }
}

function adoptAbandoned(own: string): Write[] {
  const writes: Write[] = [];
  for (const name of Object.keys(localStorage)) {
    if (!readable.some((begin) => name.startsWith(begin)) || name === own) continue;
    const kept = readKept(name);
    if (Date.now() - kept.at < abandonedMs) continue;
    writes.push(...kept.writes);
    localStorage.removeItem(name);
  }
  return writes;
}

const name = ownName();
export const outbox = signal<Write[]>([...adoptAbandoned(name), ...readKept(name).writes]);
export const waitingCount = computed(() => outbox.value.length);
export const lastSaved = signal<number | null>(null);

const listeners = new Set<(outcome: Outcome) => void>();
const ownVersions = new Map<string, string>(); // of stories and picks that this desk's own writes advanced
export const ownEvents = new Set<string>();
let sending = false;
let failures = 0;

export function onOutcome(listener: (outcome: Outcome) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function keep(writes: Write[]): void {
  outbox.value = writes;
  try {
    if (writes.length === 0) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify({ at: Date.now(), writes } satisfies Kept));
  } catch {
    // A full or forbidden storage: the list in memory still sends.
  }
}

export function put(write: Omit<Write, 'key' | 'at'>): Write {
  const whole: Write = { ...write, key: random(), at: Date.now() };
  keep([...outbox.value, whole]);
  void send();
  return whole;
}

/** Changes a text that has not left yet, or puts a new write at the end. */
export function putPatch(write: Omit<Write, 'key' | 'at'>): void {
  const writes = outbox.value;
  const last = writes.at(-1);
  const inFlight = sending && writes.length === 1;
  if (last !== undefined && !inFlight && last.path === write.path && last.method === 'PATCH') {
    const body = { ...(last.body as object), ...(write.body as object) };
    const overlay = last.overlay.kind === 'text' && write.overlay.kind === 'text'
      ? { ...write.overlay, base: { ...write.overlay.base, ...last.overlay.base } } : write.overlay;
    keep([...writes.slice(0, -1), { ...last, body, overlay }]);
    return;
  }
  put(write);
}

/** Takes back a write that has not left; false: it has. */
export function withdraw(key: string): boolean {
  const index = outbox.value.findIndex((write) => write.key === key);
  if (index < 0 || (index === 0 && (sending || failures > 0))) return false;
  keep(outbox.value.filter((write) => write.key !== key));
  return true;
}

/** Takes back every write to this address that has not left. */
export function withdrawAll(path: string): void {
  const isLeaving = sending && outbox.value[0]?.path === path;
  keep(outbox.value.filter((write, index) => write.path !== path || (isLeaving && index === 0)));
}

function withOwnVersions(body: unknown): unknown {
  const stories = (body as { stories?: { id: string; version?: string }[] } | undefined)?.stories;
  if (stories === undefined) return body;
  return {
    ...(body as object),
    stories: stories.map((story) => {
      const version = ownVersions.get(`story ${story.id}`) ?? story.version;
      return version === undefined ? { id: story.id } : { id: story.id, version };
    }),
  };
}

/** Versions are entries of the log: the larger number is the newer one. */
export function newer(one: string, other: string | undefined): string {
  return other !== undefined && BigInt(other) > BigInt(one) ? other : one;
}

function learnVersions(answer: Changed): void {
  for (const story of answer.stories ?? []) ownVersions.set(`story ${story.id}`, story.version);
  for (const pick of answer.picks ?? []) if (pick.id) ownVersions.set(`pick ${pick.id}`, pick.version);
  if (answer.event) ownEvents.add(answer.event);
}

/** What is on the page now is this version of 'pick 7'. */
export function knowVersion(target: string, version: string): void {
  ownVersions.set(target, newer(version, ownVersions.get(target)));
}

function ifMatchOf({ ifMatch, overlay }: Write): string | undefined {
  const target = overlay.kind === 'text' ? overlay.target : overlay.kind === 'split' ? `story ${overlay.stories[0]}` : null;
  return ifMatch === undefined || target === null ? ifMatch : newer(ifMatch, ownVersions.get(target));
}

async function sendFirst(write: Write): Promise<Outcome> {
  const { method, path, key } = write;
  const body = withOwnVersions(write.body);
  try {
    const answer = await ask<Changed>(
      { method, path, ifMatch: ifMatchOf(write), ...(body === undefined ? {} : { body }),
        ...(method === 'POST' ? { key } : {}) });
    learnVersions(answer);
    if (write.overlay.kind === 'text' && answer.event) knowVersion(write.overlay.target, answer.event);
    return { write, answer };
  } catch (error) {
    if (error instanceof Refused) {
      if (error.problem.status === 403) await identify(); // somebody else has logged in, perhaps
      return { write, problem: error.problem };
    }
    throw error;
  }
}

let retryTimer: ReturnType<typeof setTimeout> | undefined;

export async function send(): Promise<void> {
  if (sending || me.value === null) return; // nothing leaves before it is known whose it is
  clearTimeout(retryTimer);
  sending = true;
  try {
    for (let write = outbox.value[0]; write !== undefined; write = outbox.value[0]) {
      const outcome = await sendFirst(write);
      failures = 0;
      isOnline.value = true;
      if ('answer' in outcome) lastSaved.value = Date.now();
      keep(outbox.value.slice(1));
      for (const listener of listeners) listener(outcome);
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    isOnline.value = false;
    retryTimer = setTimeout(() => void send(), retryMs[Math.min(failures, retryMs.length - 1)]);
    failures++;
  } finally {
    sending = false;
  }
}

addEventListener('online', () => void send());
