// Whether the service answers, and what it tells without being asked (server-sent events).
//
// EventSource comes back by itself after a lost connection, but gives up when an answer is an error
// (a proxy's 502 while the daemon restarts); then it is made anew here, slower each time.
import { signal } from '@preact/signals';
import { get } from './api.ts';
import { addressOf } from './route.ts';

export interface Decision {
  event: string;
  editor: string;
  action: string;
  stories: string[];
  picks: string[];
}

interface Told {
  hello: { version: string };
  decision: Decision;
  stories: { new: number };
  draft: { tag: string };
  feeds: unknown;
  judged: unknown; // relevance and sections are others now
  reset: unknown; // too much was missed
}

export const isOnline = signal(true);

type Listener<K extends keyof Told> = (data: Told[K]) => void;
const listeners: { [K in keyof Told]: Set<Listener<K>> } = {
  hello: new Set(), decision: new Set(), stories: new Set(), draft: new Set(), feeds: new Set(), judged: new Set(), reset: new Set(),
};
const back = new Set<() => void>(); // called when it answers again

export function onTold<K extends keyof Told>(name: K, listener: Listener<K>): () => void {
  listeners[name].add(listener);
  return () => listeners[name].delete(listener);
}

export function onBack(listener: () => void): () => void {
  back.add(listener);
  return () => back.delete(listener);
}

function deliver<K extends keyof Told>(name: K, text: string): void {
  let data: Told[K];
  try {
    data = JSON.parse(text) as Told[K];
  } catch {
    return;
  }
  for (const listener of listeners[name]) listener(data);
}

let wasLost = false;

function onOpen(): void {
  isOnline.value = true;
  if (!wasLost) return;
  wasLost = false;
  for (const listener of back) listener();
}

export function listen(delayMs = 1000): void {
  const source = new EventSource(addressOf('/api/v1/events'));
  source.onopen = () => {
    delayMs = 1000;
    onOpen();
  };
  source.onerror = () => {
    wasLost = true;
    isOnline.value = false;
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    void get('/api/v1/me').catch(() => undefined); // says when the session has ended, which an EventSource does not
    setTimeout(() => listen(Math.min(delayMs * 2, 15_000)), delayMs);
  };
  for (const name of Object.keys(listeners) as (keyof Told)[]) {
    source.addEventListener(name, (event) => deliver(name, (event as MessageEvent<string>).data));
  }
}
