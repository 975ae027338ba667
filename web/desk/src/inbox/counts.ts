// How many there are: in the navigation (all of a state) and in the tabs (under the list's filters).
//
// What she decides changes the numbers at once: stories that a write in the outbox takes away are counted off
// until the service has answered, and from then on a new count is asked for, once for many decisions.
import { computed, effect, signal } from '@preact/signals';
import { type Counts, Refused, type State, type StateCount, get } from '../api.ts';
import { onBack, onTold } from '../connection.ts';
import { query } from '../route.ts';
import { listState, parametersOf } from './filters.ts';

const settleMs = 400;
const all = signal<ReadonlyMap<State, StateCount>>(new Map());
const filtered = signal<StateCount | null>(null);
/** Stories of the list that are about to go, by id; stories.ts keeps it. */
export const going = signal<ReadonlyMap<string, { section: string; uncertain: boolean }>>(new Map());

/** Feeds that need a look; the navigation says so in red. */
export const failingFeeds = signal(0);
/** What the service has in all; null: not known yet. An empty inbox is another thing without any feeds. */
export const stock = signal<{ feeds: number; items: number; issues: number } | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;
let generation = 0;

function hasFilters(): boolean {
  return parametersOf(query.value).size > 1;
}

/** Words that are found too often to be counted, or cannot be searched for: no number then; the list says why. */
async function countFiltered(): Promise<Counts | null> {
  try {
    return await get<Counts>(`/api/v1/counts?${parametersOf(query.value)}`);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

async function read(): Promise<void> {
  const mine = ++generation;
  try {
    const [whole, some, health] = await Promise.all([
      get<Counts>('/api/v1/counts?state=inbox,later'),
      hasFilters() ? countFiltered() : null,
      get<{ feeds_failing: number; feeds: number; items: number; issues: number }>('/healthz'),
    ]);
    if (mine !== generation) return;
    all.value = new Map(whole.states.map((count) => [count.state, count]));
    filtered.value = some?.states[0] ?? null;
    failingFeeds.value = health.feeds_failing;
    stock.value = { feeds: health.feeds, items: health.items, issues: health.issues };
  } catch {
    // The numbers stay as they were; onBack asks again.
  }
}

export function recount(delayMs = settleMs): void {
  clearTimeout(timer);
  timer = setTimeout(() => void read(), delayMs);
}

/** A story has come into the list (1) or left it (-1), as the service has confirmed. */
export function shift(state: State, section: string, uncertain: boolean, by: 1 | -1): void {
  const change = (count: StateCount): StateCount => ({
    ...count, total: count.total + by, uncertain: count.uncertain + (uncertain ? by : 0),
    sections: { ...count.sections, [section]: (count.sections[section] ?? 0) + by },
  });
  const count = all.value.get(state);
  if (count) all.value = new Map([...all.value, [state, change(count)]]);
  if (filtered.value?.state === state) filtered.value = change(filtered.value);
  recount();
}

export function countOf(state: State): number | null {
  const count = all.value.get(state);
  return count === undefined ? null : count.total - (state === listState.value ? going.value.size : 0);
}

/** Of the list under its filters; by tab. */
export const listCounts = computed(() => {
  const count = hasFilters() ? filtered.value : all.value.get(listState.value) ?? null;
  if (!count) return null;
  const sections = new Map(Object.entries(count.sections));
  let { total, uncertain } = count;
  for (const story of going.value.values()) {
    total--;
    if (story.uncertain) uncertain--;
    sections.set(story.section, (sections.get(story.section) ?? 1) - 1);
  }
  return { total, uncertain, sections };
});

export function startCounting(): void {
  effect(() => {
    void query.value.toString();
    void listState.value;
    recount(0);
  });
  onTold('stories', () => recount(5000));
  onTold('decision', () => recount());
  onBack(() => recount(0));
}
