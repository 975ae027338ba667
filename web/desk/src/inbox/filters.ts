// Which stories a list shows: filters stand in the address, so that back, reload and bookmarks work, and
// are said to the service in its own words.
import { computed } from '@preact/signals';
import type { State } from '../api.ts';
import { sectionIds } from '../draft/sections.ts';
import { page, query } from '../route.ts';

/** What one may filter by besides section and unsure, which are tabs. */
export const facets = ['q', 'source', 'vendor', 'tag', 'age', 'printed'] as const;
export type Facet = (typeof facets)[number];

export const ages = ['1', '3', '7', '30'] as const; // days
const dayMs = 86_400_000;

export const isGrouped = computed(() => query.value.get('group') === 'section' && !query.value.has('section'));
export const listState = computed<State>(() => (page.value === 'later' ? 'later' : 'inbox'));

/** To the minute: a cursor belongs to one list, and a list to one beginning. */
function since(days: string): string {
  const ms = Date.now() - Number(days) * dayMs;
  return `${new Date(ms).toISOString().slice(0, 16)}:00Z`;
}

/** Filters in the service's words, without section. */
export function parametersOf(address: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams({ state: listState.value });
  for (const name of ['q', 'source', 'vendor', 'tag', 'uncertain', 'printed']) {
    const value = address.get(name);
    if (value) search.set(name, value);
  }
  const age = ages.find((days) => days === address.get('age'));
  if (age) search.set('since', since(age));
  return search;
}

/** One query, or one a section where the list is grouped. */
export function queriesOf(address: URLSearchParams): string[] {
  const search = parametersOf(address);
  if (address.get('sort') === 'date') search.set('sort', 'date');
  const section = address.get('section');
  if (section) search.set('section', section);
  if (!isGrouped.value) return [search.toString()];
  return sectionIds.value.map((id) => {
    const own = new URLSearchParams(search);
    own.set('section', id);
    return own.toString();
  });
}

export const activeFacets = computed(() => facets.filter((name) => query.value.get(name)));
export const isFiltered = computed(() =>
  activeFacets.value.length > 0 || query.value.has('section') || query.value.has('uncertain'));
