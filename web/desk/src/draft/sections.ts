// The sections of the newsletter, which every page names.
import { computed } from '@preact/signals';
import { type Key, t } from '../i18n.ts';
import { language } from '../settings.ts';
import { draft } from './draft.ts';

export const sections = computed(() => draft.value?.sections ?? []);
const idsAsText = computed(() => sections.value.map((section) => section.id).join());
/** The same list as long as the ids are the same, however often the draft is read. */
export const sectionIds = computed(() => (idsAsText.value === '' ? [] : idsAsText.value.split(',')));

/** The shipped newsletter's sections have English names at an English desk; others keep their own. */
const english: Record<string, Key> = {
  brief: 'section.brief', news: 'section.news', papers: 'section.papers', oss: 'section.oss', blog: 'section.blog',
};

export function sectionName(id: string): string {
  const own = sections.value.find((section) => section.id === id)?.short_title ?? id;
  const key = english[id];
  return key && language.value === 'en' && /\p{Script=Han}/u.test(own) ? t(key) : own;
}
