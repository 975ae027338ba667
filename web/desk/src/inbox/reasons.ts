// What a verdict's reasons mean to a reader: which words to underline, which section came second.
import type { Reason, Story } from '../api.ts';
import { type Key, t } from '../i18n.ts';
import type { Span } from '../parts/text.tsx';
import { sections } from '../draft/sections.ts';

const kinds: Record<string, Key> = {
  topic: 'why.topic', vendor: 'why.vendor', feed: 'why.feed', learner: 'why.learner',
};

function kindOf(reason: Reason): string {
  return reason.rule.split('/')[0] ?? '';
}

export function kindKey(reason: Reason): Key {
  return kinds[kindOf(reason)] ?? 'why.rule';
}

/** What matched, in words: what was learned of a topic or a rule is named by its id ("topic/embedded"). */
export function matchedOf(reason: Reason): string {
  const [kind, id] = reason.matched.split('/') as [string, string?];
  if (kindOf(reason) !== 'learner' || id === undefined) return reason.matched;
  if (kinds[kind]) return `${t(kinds[kind])} ${id}`;
  return sections.value.some((section) => section.id === kind) ? `${t('why.rule')} ${id}` : reason.matched;
}

/** What is nothing when rounded is no reason. */
export const counts = (reason: Reason): boolean => Math.abs(reason.weight) >= 0.05;

/** The section a reason speaks for; null: for any (a topic, a vendor). */
export function sectionOf(reason: Reason): string | null {
  const kind = kindOf(reason);
  return sections.value.some((section) => section.id === kind) ? kind : null;
}

/** Topics tell what it is about; without any, the rule words do. Vendors are bold, not underlined. */
export function titleMarks(story: Story): Span[] {
  const inTitle = story.reasons.filter((reason) => reason.field === 'title' && reason.spans);
  const topics = inTitle.filter((reason) => kindOf(reason) === 'topic');
  const chosen = topics.length > 0 ? topics : inTitle.filter((reason) => sectionOf(reason) !== null);
  return chosen.flatMap((reason) => reason.spans ?? []).map(([start, end]): Span => [start, end]);
}

/** How many units at the title's beginning are the vendor's name. */
export function vendorLength(story: Story): number {
  const named = story.reasons.filter((reason) => kindOf(reason) === 'vendor' && reason.field === 'title')
    .flatMap((reason) => reason.spans ?? []).find(([start]) => start === 0);
  if (named) return named[1];
  return story.vendor && story.title?.startsWith(story.vendor) ? story.vendor.length : 0;
}

/** "Tencent/ncnn" before "20200916", 中芯国际 before a headline that leaves the name out; null: the title says it. */
export function whoseOf(story: Story): string | null {
  const title = (story.title ?? '').toLowerCase();
  const project = story.prefix?.split('/').at(-1)?.toLowerCase();
  if (story.prefix && project) return title.includes(project) ? null : story.prefix;
  const isNamed = story.reasons.some((reason) => kindOf(reason) === 'vendor' && reason.field === 'title');
  return story.vendor === null || isNamed || title.includes(story.vendor.toLowerCase()) ? null : story.vendor;
}

export function sums(story: Story): [section: string, weight: number][] {
  const weights = new Map<string, number>();
  for (const reason of story.reasons) {
    const section = sectionOf(reason);
    if (section) weights.set(section, (weights.get(section) ?? 0) + reason.weight);
  }
  return [...weights].sort((a, b) => b[1] - a[1]);
}

export function runnerUp(story: Story): string | null {
  return sums(story).find(([section]) => section !== story.section)?.[0] ?? null;
}

/** 0–99: nothing is certain. */
export function score(story: Story): number {
  return Math.min(99, Math.round(story.relevance * 100));
}

export function hostOf(url: string | null): string {
  try {
    return url === null ? '' : new URL(url).host.replace(/^www\./, '');
  } catch {
    return '';
  }
}

/** Only what a browser may open: a feed may say javascript: as well. */
export function safeUrl(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}

/** "入选可能 96。话题 端侧 +3.0；厂商 Arm +1.8": the reader's table in a line. */
export function whyText(story: Story): string {
  const most = [...story.reasons].sort((a, b) => b.weight - a.weight).slice(0, 4)
    .map((reason) => `${t(kindKey(reason))} ${matchedOf(reason)} ${signed(reason.weight)}`);
  return `${t('row.score')} ${score(story)}${most.length > 0 ? `\n${most.join('\n')}` : ''}`;
}

export function signed(weight: number): string {
  return `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(1)}`;
}

/** Where the words of a verdict stand in the summary, for a text that begins with it. */
export function summaryMarks(story: Story): Span[] {
  return story.reasons.filter((reason) => reason.field === 'summary' && reason.weight > 0)
    .flatMap((reason) => reason.spans ?? []).map(([start, end]): Span => [start, end]);
}
