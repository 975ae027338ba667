// The stories of a list: loaded page by page as she reads on, decided at once, never moved by others.
//
// `loaded` is what the service said, in its order. What she decided and the service has not confirmed
// stands in the outbox; `shown` is the one less the other. A refusal thus puts a row back into its place
// by itself. Arrivals and others' decisions only count up `fresh`; takeIn() reads the list anew.
import { computed, effect, signal } from '@preact/signals';
import { type Changed, type State, type Story, type StoryPage, Unreachable, get } from '../api.ts';
import { isOnline, onBack, onTold } from '../connection.ts';
import { type Outcome, type Overlay, onOutcome, outbox, ownEvents, put, withdraw } from '../outbox.ts';
import { page, query } from '../route.ts';
import { say } from '../toast.ts';
import { type Key, t } from '../i18n.ts';
import { sectionIds, sectionName, sections } from '../draft/sections.ts';

const pageSize = 200;

export interface Loading { queries: string[]; at: number; cursor: string | null; done: boolean }

export const loaded = signal<Story[]>([]);
export const total = signal<number | null>(null);
export const status = signal<'loading' | 'ready' | 'failed'>('loading');
export const fresh = signal(0); // arrivals not taken in yet
export const isStale = signal(false); // others decided, or the stream was cut
export const cursorId = signal<string | null>(null);
export const ticked = signal<ReadonlySet<string>>(new Set());
export const leaving = signal<ReadonlySet<string>>(new Set());
export const refused = signal<ReadonlySet<string>>(new Set());
let progress: Loading = { queries: [], at: 0, cursor: null, done: false };
let generation = 0;
let busy = false;

export const isGrouped = computed(() => query.value.get('group') === 'section');
const listState = computed<State>(() => (page.value === 'later' ? 'later' : 'inbox'));

function queriesOfAddress(): string[] {
  const search = new URLSearchParams({ state: listState.value, limit: String(pageSize) });
  for (const name of ['section', 'source', 'vendor', 'q', 'sort', 'uncertain', 'tag']) {
    const value = query.value.get(name);
    if (value) search.set(name, value);
  }
  if (!isGrouped.value || search.has('section')) return [search.toString()];
  return sectionIds.value.map((section) => {
    const own = new URLSearchParams(search);
    own.set('section', section);
    return own.toString();
  });
}

/** Stories that a write in the outbox takes out of the list, or (undo) brings back. */
function hiddenBy(overlay: Overlay): string[] {
  if (overlay.kind === 'decide') return overlay.to === listState.value ? [] : overlay.stories;
  return overlay.kind === 'merge' ? overlay.stories.slice(1) : [];
}

export const hidden = computed(() => {
  const ids = new Set<string>();
  for (const write of outbox.value) {
    for (const id of hiddenBy(write.overlay)) ids.add(id);
    if (write.overlay.kind === 'undo') for (const id of write.overlay.stories) ids.delete(id);
  }
  return ids;
});

export const shown = computed(() =>
  loaded.value.filter((story) => !hidden.value.has(story.id) || leaving.value.has(story.id)));
export const remaining = computed(() => shown.value.filter((story) => !leaving.value.has(story.id)));
export const cursorStory = computed(() =>
  remaining.value.find((story) => story.id === cursorId.value) ?? null);
export const isComplete = signal(false);

// ---- loading ----

async function readPage(mine: number): Promise<Story[] | null> {
  const which = progress.queries[progress.at];
  if (which === undefined) return [];
  const cursor = progress.cursor ? `&cursor=${encodeURIComponent(progress.cursor)}` : '';
  const answer = await get<StoryPage>(`/api/v1/stories?${which}${cursor}`);
  if (mine !== generation) return null;
  if (answer.total !== undefined && progress.queries.length === 1) total.value = answer.total;
  progress = answer.next
    ? { ...progress, cursor: answer.next }
    : { ...progress, cursor: null, at: progress.at + 1, done: progress.at + 1 >= progress.queries.length };
  return answer.stories;
}

function append(stories: Story[]): void {
  const known = new Set(loaded.value.map((story) => story.id));
  loaded.value = [...loaded.value, ...stories.filter((story) => !known.has(story.id))];
  isComplete.value = progress.done;
  if (progress.done) total.value = null;
}

/** Reads on until `wanted` stories are there. */
export async function loadUntil(wanted: number): Promise<void> {
  if (busy || progress.done || progress.queries.length === 0) return;
  busy = true;
  const mine = generation;
  try {
    while (!progress.done && loaded.value.length < wanted) {
      const stories = await readPage(mine);
      if (stories === null) return;
      append(stories);
    }
    status.value = 'ready';
  } catch (error) {
    if (mine === generation) status.value = loaded.value.length > 0 ? 'ready' : 'failed';
    if (error instanceof Unreachable) isOnline.value = false;
  } finally {
    if (mine === generation) busy = false;
  }
}

function restart(): void {
  generation++;
  busy = false;
  progress = { queries: queriesOfAddress(), at: 0, cursor: null, done: false };
  fresh.value = 0;
  isStale.value = false;
}

export function reload(): void {
  restart();
  loaded.value = [];
  total.value = null;
  isComplete.value = false;
  status.value = 'loading';
  ticked.value = new Set();
  if (progress.queries.length > 0) void loadUntil(1); // else the sections are not known yet
}

/** Reads the list anew and puts it in the old one's place at once; `settle` runs after. */
export async function takeIn(settle: () => void = () => undefined): Promise<void> {
  const wanted = Math.max(loaded.value.length, 1);
  restart();
  const mine = generation;
  const stories: Story[] = [];
  try {
    while (!progress.done && stories.length < wanted) {
      const more = await readPage(mine);
      if (more === null) return;
      stories.push(...more);
    }
  } catch (error) {
    if (error instanceof Unreachable) isOnline.value = false;
    return;
  }
  loaded.value = stories;
  isComplete.value = progress.done;
  status.value = 'ready';
  settle();
}

// ---- cursor and ticks ----

export function moveCursor(steps: number, extend = false): void {
  const list = remaining.value;
  const index = list.findIndex((story) => story.id === cursorId.value);
  const to = list[Math.max(0, Math.min(list.length - 1, index < 0 ? 0 : index + steps))];
  if (!to) return;
  if (extend) {
    const from = list[index];
    ticked.value = new Set([...ticked.value, ...(from ? [from.id] : []), to.id]);
  }
  cursorId.value = to.id;
}

export function toggleTick(id: string): void {
  const next = new Set(ticked.value);
  if (!next.delete(id)) next.add(id);
  ticked.value = next;
}

/** What a key is about: the ticked ones, or the one under the cursor. */
export function chosen(): Story[] {
  const marked = remaining.value.filter((story) => ticked.value.has(story.id));
  const here = cursorStory.value;
  return marked.length > 0 ? marked : here ? [here] : [];
}

function stepOff(ids: ReadonlySet<string>): void {
  const list = remaining.value;
  const index = list.findIndex((story) => story.id === cursorId.value);
  if (index < 0 || !ids.has(list[index]?.id ?? '')) return;
  const after = list.slice(index).find((story) => !ids.has(story.id));
  const before = list.slice(0, index).reverse().find((story) => !ids.has(story.id));
  cursorId.value = (after ?? before)?.id ?? null;
}

const leaveMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180;

function leave(ids: string[]): void {
  if (leaveMs === 0) return;
  leaving.value = new Set([...leaving.value, ...ids]);
  setTimeout(() => {
    const left = new Set(leaving.value);
    for (const id of ids) left.delete(id);
    leaving.value = left;
  }, leaveMs);
}

// ---- deciding ----

interface Done { key: string; stories: Story[]; at: string | null }

const history: Done[] = []; // of this visit; the service's log goes back for good

function decided(stories: Story[], key: string, at: string | null): void {
  history.push({ key, stories, at });
  refused.value = new Set([...refused.value].filter((id) => !stories.some((story) => story.id === id)));
  ticked.value = new Set();
}

function refs(stories: Story[]): { id: string; version: string }[] {
  return stories.map(({ id, version }) => ({ id, version }));
}

export function decide(to: State, section?: string): void {
  const stories = chosen();
  if (stories.length === 0 || to === listState.value) return;
  const at = cursorId.value;
  const ids = stories.map((story) => story.id);
  stepOff(new Set(ids));
  leave(ids);
  const write = put({
    method: 'POST', path: '/api/v1/decisions',
    body: { stories: refs(stories), state: to, ...(section === undefined ? {} : { section }) },
    overlay: { kind: 'decide', stories: ids, to, ...(section === undefined ? {} : { section }) },
  });
  decided(stories, write.key, at);
  tell(to, stories, section);
}

function tell(to: State | 'merged', stories: Story[], section?: string): void {
  const only = stories.length === 1 ? stories[0] : undefined;
  const where = sectionName(section ?? only?.section ?? '');
  const keys: Record<State | 'merged', Key> = {
    picked: only ? 'done.picked' : 'done.pickedMany', later: only ? 'done.later' : 'done.laterMany',
    rejected: only ? 'done.rejected' : 'done.rejectedMany', inbox: 'done.inbox', merged: 'done.merged',
  };
  say({ text: t(keys[to], { n: stories.length, section: where }), tone: 'plain',
    act: { label: t('undo'), run: undo } });
}

/** The ticked ones into the first; without ticks this one into the one above. */
export function merge(): void {
  const list = remaining.value;
  const marked = list.filter((story) => ticked.value.has(story.id));
  const index = list.findIndex((story) => story.id === cursorId.value);
  const pair = [list[index - 1], list[index]].filter((story) => story !== undefined);
  const stories = marked.length > 1 ? marked : pair;
  if (stories.length < 2) return;
  const ids = stories.map((story) => story.id);
  const at = cursorId.value;
  if (marked.length > 1 || index >= 0) cursorId.value = ids[0] ?? null;
  leave(ids.slice(1));
  const write = put({ method: 'POST', path: '/api/v1/merges', body: { stories: refs(stories) },
    overlay: { kind: 'merge', stories: ids } });
  decided(stories, write.key, at);
  tell('merged', stories);
}

export function undo(): void {
  const last = history.pop();
  if (last?.at) cursorId.value = last.at;
  leaving.value = new Set();
  if (last && withdraw(last.key)) {
    say({ text: t('done.undone'), tone: 'plain' });
    return;
  }
  const stories = last?.stories ?? [];
  bringBack(stories);
  put({ method: 'POST', path: '/api/v1/undo',
    overlay: { kind: 'undo', stories: stories.map((story) => story.id) } });
  say({ text: t('done.undone'), tone: 'plain', act: { label: t('redo'), run: redo } });
}

export function redo(): void {
  put({ method: 'POST', path: '/api/v1/redo', overlay: { kind: 'undo', stories: [] } });
}

function isBefore(a: Story, b: Story): boolean {
  if (isGrouped.value) {
    const order = (story: Story): number => sections.value.findIndex((one) => one.id === story.section);
    if (order(a) !== order(b)) return order(a) < order(b);
  }
  return a.relevance > b.relevance;
}

/** Into the places their relevance gives them, where they are not there already. */
function bringBack(stories: Story[]): void {
  const list = [...loaded.value];
  for (const story of stories) {
    if (list.some((one) => one.id === story.id)) continue;
    const index = list.findIndex((one) => isBefore(story, one));
    list.splice(index < 0 ? list.length : index, 0, story);
  }
  loaded.value = list;
}

// ---- answers ----

function matchesAddress(story: Story): boolean {
  const section = query.value.get('section');
  return story.state === listState.value && (!section || story.section === section);
}

/** Stories as the service has them now: shown where they belong, gone where they do not. */
function take(answer: Changed): void {
  const now = new Map((answer.stories ?? []).map((story) => [story.id, story]));
  const gone = new Set(answer.gone ?? []);
  loaded.value = loaded.value
    .filter((story) => !gone.has(story.id) && (!now.has(story.id) || matchesAddress(now.get(story.id) as Story)))
    .map((story) => now.get(story.id) ?? story);
  bringBack([...now.values()].filter(matchesAddress));
}

function onRefused(outcome: Extract<Outcome, { problem: unknown }>): void {
  const { overlay } = outcome.write;
  if (overlay.kind !== 'decide' && overlay.kind !== 'merge' && overlay.kind !== 'undo') return;
  const index = history.findIndex((one) => one.key === outcome.write.key);
  const [entry] = index < 0 ? [] : history.splice(index, 1);
  if (overlay.kind !== 'undo') {
    refused.value = new Set([...refused.value, ...overlay.stories]);
    if (entry?.at) cursorId.value = entry.at;
  }
  const current = outcome.problem.status === 412 ? outcome.problem.current : undefined;
  if (current && typeof current === 'object' && 'state' in current) take({ event: null, stories: [current as Story] });
  const key: Key = overlay.kind === 'undo' && outcome.problem.status === 409 ? 'refused.undo'
    : outcome.problem.status === 412 ? 'refused.changed' : 'refused.why';
  say({ text: t(key, { why: outcome.problem.detail ?? outcome.problem.title }), tone: 'bad' });
}

onOutcome((outcome) => {
  if ('problem' in outcome) onRefused(outcome);
  else take(outcome.answer);
});

onTold('stories', ({ new: count }) => { fresh.value += count; });
// The stream may be quicker than the answer to her own write: others' are known once that has come.
onTold('decision', (told) => setTimeout(() => {
  if (!ownEvents.has(told.event) && told.stories.length > 0) isStale.value = true;
}, 1500));
onBack(() => { if (status.value === 'failed') reload(); else isStale.value = true; });

let listed: string | null = null;

/** Follows the address: another filter is another list; coming back from the draft is not. */
export function start(): void {
  effect(() => {
    const wanted = page.value === 'draft' ? null : queriesOfAddress().join(' ');
    if (wanted === null || wanted === listed) return;
    listed = wanted;
    queueMicrotask(reload);
  });
}
