// What is known of a feed, in the words of the page.
import { type Key, t, when } from '../i18n.ts';
import { language } from '../settings.ts';

export type Health = 'gone' | 'failing' | 'malformed' | 'silent' | 'new' | 'ok' | 'paused';

export interface Feed {
  id: string | null;
  name: string | null;
  url: string;
  title: string | null;
  origin: string | null; // feeds.conf:123, or "added" and when; null: followed no more
  changed: string | null;
  health: Health;
  cause: { zh: string; en: string | null } | null;
  newest_entry: string | null;
  last_poll: string | null;
  last_success: string | null;
  next_poll: string | null;
  interval_s: number;
  failures: number;
  status: number;
  entries: number;
}

export interface Feeds {
  feeds: Feed[];
  totals: Record<Health | 'feeds', number>;
}

export interface Activity {
  id: string;
  weeks: number[];
  items: number;
  picked: number;
}

/** What asks for her comes first. */
const order: Health[] = ['gone', 'failing', 'malformed', 'silent', 'new', 'ok', 'paused'];
const tones: Record<Health, string> = {
  gone: 'bad', failing: 'bad', malformed: 'warn', silent: 'warn', new: 'ok', ok: 'ok', paused: 'off',
};

export const toneOf = (feed: Feed): string => tones[feed.health];
export const nameOf = (feed: Feed): string => feed.name ?? feed.title ?? feed.url;

/** Tabs: what they show of the kinds of health. */
export const filters: { id: string; label: Key; healths: Health[] }[] = [
  { id: 'gone', label: 'sources.gone', healths: ['gone'] },
  { id: 'failing', label: 'sources.failing', healths: ['failing'] },
  { id: 'malformed', label: 'sources.isMalformed', healths: ['malformed'] },
  { id: 'silent', label: 'sources.silent', healths: ['silent'] },
  { id: 'paused', label: 'sources.paused', healths: ['paused'] },
  { id: 'ok', label: 'sources.ok', healths: ['ok', 'new'] },
];

export function compare(a: Feed, b: Feed): number {
  return order.indexOf(a.health) - order.indexOf(b.health) || nameOf(a).localeCompare(nameOf(b), 'zh-CN');
}

function cause(feed: Feed): string | null {
  if (feed.cause === null) return null;
  if (language.value !== 'en') return feed.cause.zh;
  const said = feed.cause.en ?? feed.cause.zh;
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** "拒绝访问（403）", "正常": the first line. */
export function headline(feed: Feed): string {
  switch (feed.health) {
    case 'failing': return cause(feed) ?? t('sources.failing');
    case 'malformed': return t('sources.malformed', { n: feed.entries });
    case 'gone': return t('sources.gone');
    case 'silent': return t('sources.silent');
    case 'new': return t('sources.new');
    case 'paused': return t(feed.origin === null ? 'sources.unfollowed' : 'sources.paused');
    case 'ok': return t('sources.ok');
  }
}

function daysSince(iso: string, nowMs: number): number {
  return Math.floor((nowMs - Date.parse(iso)) / 86_400_000);
}

function silence(feed: Feed, usual: number | null, nowMs: number): string {
  const said = cause(feed);
  if (said !== null) return said;
  if (feed.newest_entry === null) return t('sources.silentLong');
  const days = daysSince(feed.newest_entry, nowMs);
  return usual !== null && usual >= 1 ? t('sources.silentUsual', { usual, days }) : t('sources.silentDays', { days });
}

/** What follows, the second line; '' where there is nothing to say. */
export function detail(feed: Feed, activity: Activity | undefined, nowMs: number): string {
  const next = feed.next_poll === null ? null : when(feed.next_poll, nowMs);
  switch (feed.health) {
    case 'gone': return t('sources.goneText');
    case 'failing': {
      const again = next === null ? '' : t(feed.status === 429 ? 'sources.notBefore' : 'sources.again', { at: next });
      return feed.failures > 1 ? t('sources.inRow', { n: feed.failures }) + (again && t('clause.comma') + again) : again;
    }
    case 'malformed': return t('sources.malformedText');
    case 'silent': return silence(feed, usualOf(activity), nowMs);
    case 'new': return next === null ? '' : t('sources.firstAt', { at: next });
    case 'paused': return feed.origin === null ? t('sources.unfollowedText') : '';
    case 'ok': return cause(feed) ?? '';
  }
}

/** Items of a usual week: the middle one of those before this week with any at all. */
function usualOf(activity: Activity | undefined): number | null {
  const weeks = activity?.weeks.slice(0, -1).filter((n) => n > 0).sort((a, b) => a - b) ?? [];
  return weeks[weeks.length >> 1] ?? null;
}

export function share(activity: Activity | undefined): string {
  if (!activity || activity.items === 0) return '–';
  const percent = (100 * activity.picked) / activity.items;
  return percent > 0 && percent < 1 ? '<1%' : `${Math.round(percent)}%`;
}
