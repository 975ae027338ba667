// The stories of a list: loaded page by page as she reads on, decided at once, never moved by others.
//
// `loaded` is what the service said, in its order. What she decided and the service has not confirmed
// stands in the outbox; `shown` is the one less the other. A refusal thus puts a row back into its place
// by itself. Arrivals and others' decisions only count up `fresh`; takeIn() reads the list anew.
import { computed, effect, signal } from '@preact/signals';
import { Refused, type Story, type StoryPage, Unreachable, get } from '../api.ts';
import { isOnline, onBack, onTold } from '../connection.ts';
import { type Overlay, outbox, ownEvents } from '../outbox.ts';
import { page, query } from '../route.ts';
import { sectionIds, sections } from '../draft/sections.ts';
import { going, listCounts, startCounting } from './counts.ts';
import { isGrouped, listState, queriesOf } from './filters.ts';

const firstPageSize = 60, pageSize = 200; // the first view is not to wait for what is below it

interface Progress { queries: string[]; at: number; cursor: string | null; done: boolean }

export const loaded = signal<Story[]>([]);
export const status = signal<'loading' | 'ready' | 'failed'>('loading');
export const failure = signal<string | null>(null); // what the service said against the list; null: no answer
export const fresh = signal(0); // arrivals not taken in yet
export const isStale = signal(false); // others decided, or the stream was cut
export const cursorId = signal<string | null>(null);
export const ticked = signal<ReadonlySet<string>>(new Set());
export const leaving = signal<ReadonlySet<string>>(new Set());
export const refused = signal<ReadonlySet<string>>(new Set());
export const isComplete = signal(false);
let progress: Progress = { queries: [], at: 0, cursor: null, done: false };
let generation = 0;
let busy = false;
let wanted = 0;
const listed = new Set<string>(); // all that the service has named in this list

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

export const shown = computed(() => (hidden.value.size === 0 ? loaded.value
  : loaded.value.filter((story) => !hidden.value.has(story.id) || leaving.value.has(story.id))));
export const remaining = computed(() => (leaving.value.size === 0 ? shown.value
  : shown.value.filter((story) => !leaving.value.has(story.id))));
export const cursorIndex = computed(() => remaining.value.findIndex((story) => story.id === cursorId.value));
export const cursorStory = computed(() => remaining.value[cursorIndex.value] ?? null);

/** How many there are in all; null: not known yet. */
export const total = computed(() => {
  const count = listCounts.value, section = query.value.get('section');
  if (isComplete.value) return remaining.value.length;
  if (!count) return null;
  return Math.max(remaining.value.length, section ? count.sections.get(section) ?? 0 : count.total);
});

// ---- loading ----

async function readPage(mine: number): Promise<Story[] | null> {
  const which = progress.queries[progress.at];
  if (which === undefined) return [];
  const cursor = progress.cursor ? `&cursor=${encodeURIComponent(progress.cursor)}` : '';
  const limit = progress.at === 0 && !progress.cursor ? firstPageSize : pageSize;
  const answer = await get<StoryPage>(`/api/v1/stories?${which}&limit=${limit}${cursor}`);
  if (mine !== generation) return null;
  for (const story of answer.stories) listed.add(story.id);
  progress = answer.next
    ? { ...progress, cursor: answer.next }
    : { ...progress, cursor: null, at: progress.at + 1, done: progress.at + 1 >= progress.queries.length };
  return answer.stories;
}

function append(stories: Story[]): void {
  const known = new Set(loaded.value.map((story) => story.id));
  loaded.value = loaded.value.concat(stories.filter((story) => !known.has(story.id)));
  isComplete.value = progress.done;
}

/** Reads on until `count` stories are there; while it reads, a greater wish is taken over. */
export async function loadUntil(count: number): Promise<void> {
  wanted = Math.max(wanted, count);
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
    if (mine === generation) {
      failure.value = error instanceof Refused ? error.message : null;
      status.value = loaded.value.length > 0 ? 'ready' : 'failed';
    }
    if (error instanceof Unreachable) isOnline.value = false;
  } finally {
    if (mine === generation) busy = false;
  }
}

function restart(): void {
  generation++;
  busy = false;
  wanted = 0;
  progress = { queries: queriesOf(query.value), at: 0, cursor: null, done: false };
  fresh.value = 0;
  isStale.value = false;
}

export function reload(): void {
  restart();
  loaded.value = [];
  listed.clear();
  isComplete.value = false;
  status.value = 'loading';
  ticked.value = new Set();
  if (progress.queries.length > 0) void loadUntil(1); // else the sections are not known yet
}

/** Reads the list anew and puts it in the old one's place at once; `settle` runs after. */
export async function takeIn(settle: () => void = () => undefined): Promise<void> {
  const least = Math.max(loaded.value.length, 1);
  restart();
  const mine = generation;
  const stories: Story[] = [];
  try {
    while (!progress.done && stories.length < least) {
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
  const list = remaining.value, index = cursorIndex.value;
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

export function clearTicks(): void {
  if (ticked.value.size > 0) ticked.value = new Set();
}

// ---- places ----

function isBefore(a: Story, b: Story): boolean {
  if (isGrouped.value) {
    const order = (story: Story): number => sections.value.findIndex((one) => one.id === story.section);
    if (order(a) !== order(b)) return order(a) < order(b);
  }
  if (query.value.get('sort') === 'date') return (a.published ?? a.first_seen) > (b.published ?? b.first_seen);
  // What was printed before stands behind all else, as the service has it.
  if ((a.printed === null) !== (b.printed === null)) return a.printed === null;
  return a.relevance > b.relevance;
}

/** Into the places their relevance gives them, where they are not there already. */
export function bringBack(stories: Story[]): void {
  const list = [...loaded.value];
  for (const story of stories) {
    if (list.some((one) => one.id === story.id)) continue;
    const index = list.findIndex((one) => isBefore(story, one));
    list.splice(index < 0 ? list.length : index, 0, story);
  }
  loaded.value = list;
}

/** Filters that only the service can apply: of those a story fits that it has named before. */
const judgedThere = ['q', 'source', 'vendor', 'tag', 'age'];

export function matchesAddress(story: Story): boolean {
  const address = query.value, section = address.get('section'), printed = address.get('printed');
  return (listed.has(story.id) || !judgedThere.some((name) => address.get(name))) && story.state === listState.value && (!section || story.section === section) &&
    (!address.has('uncertain') || story.uncertain) && (!printed || (story.printed !== null) === (printed === 'true'));
}

onTold('stories', ({ new: count }) => { fresh.value += count; });
onTold('judged', () => { isStale.value = true; });
onTold('reset', () => { isStale.value = true; });
// The stream may be quicker than the answer to her own write: others' are known once that has come.
onTold('decision', (told) => setTimeout(() => {
  if (!ownEvents.has(told.event) && told.stories.length > 0) isStale.value = true;
}, 1500));
onBack(() => { if (status.value === 'failed') reload(); else isStale.value = true; });

/** Follows the address: another filter is another list; coming back from another page is not. */
export function start(): void {
  let listed: string | null = null;
  effect(() => {
    const isList = page.value === 'inbox' || page.value === 'later';
    const address = `${listState.value} ${isGrouped.value ? sectionIds.value.join() : ''} ${query.value}`;
    if (!isList || address === listed) return;
    listed = address;
    queueMicrotask(reload);
  });
  effect(() => {
    const list = loaded.value, gone = hidden.value;
    going.value = new Map(gone.size === 0 ? [] : list.filter((story) => gone.has(story.id) && story.state === listState.value)
      .map((story) => [story.id, { section: story.section, uncertain: story.uncertain }]));
  });
  startCounting();
}
