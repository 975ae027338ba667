// The sections of the newsletter, which every page names.
import { computed } from '@preact/signals';
import { draft } from './draft.ts';

export const sections = computed(() => draft.value?.sections ?? []);
const idsAsText = computed(() => sections.value.map((section) => section.id).join());
/** The same list as long as the ids are the same, however often the draft is read. */
export const sectionIds = computed(() => (idsAsText.value === '' ? [] : idsAsText.value.split(',')));

export function sectionName(id: string): string {
  return sections.value.find((section) => section.id === id)?.short_title ?? id;
}
