// What she decides about stories: shown at once, sent by the outbox, taken back by one key.
//
// Every action steps the cursor off what it takes away, remembers what stood there (for undo), and puts one
// write into the outbox. The answer has everything it changed; a refusal puts the rows back, marked, and
// says why.
import { type Changed, type Id, type State, type Story, type StoryDetail, whyOf } from '../api.ts';
import { type Key, t } from '../i18n.ts';
import { type Outcome, onOutcome, put, withdraw } from '../outbox.ts';
import { say } from '../toast.ts';
import { sectionName } from '../draft/sections.ts';
import { recount, shift } from './counts.ts';
import { listState } from './filters.ts';
import { bringBack, clearTicks, cursorId, cursorIndex, cursorStory, leaving, loaded, matchesAddress, refused, remaining,
  ticked } from './stories.ts';

/** What a key is about: the ticked ones, or the one under the cursor. */
export function chosen(): Story[] {
  const marked = ticked.value.size === 0 ? [] : remaining.value.filter((story) => ticked.value.has(story.id));
  const here = cursorStory.value;
  return marked.length > 0 ? marked : here ? [here] : [];
}

function stepOff(ids: ReadonlySet<string>): void {
  const list = remaining.value, index = cursorIndex.value;
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

// ---- actions ----

interface Done { key: string; stories: Story[]; at: string | null }

const history: Done[] = []; // of this visit; the service's log goes back for good

function remember(stories: Story[], key: string, at: string | null): void {
  history.push({ key, stories, at });
  refused.value = new Set([...refused.value].filter((id) => !stories.some((story) => story.id === id)));
  clearTicks();
}

function refs(stories: Story[]): { id: string; version: string }[] {
  return stories.map(({ id, version }) => ({ id, version }));
}

export function decide(to: State, section?: string, stories = chosen()): void {
  if (stories.length === 0 || to === listState.value) return;
  const at = cursorId.value;
  const ids = stories.map((story) => story.id);
  stepOff(new Set(ids));
  leave(ids);
  const where = section === undefined ? {} : { section };
  const write = put({
    method: 'POST', path: '/api/v1/decisions',
    body: { stories: refs(stories), state: to, ...where },
    overlay: { kind: 'decide', stories: ids, to, ...where },
  });
  remember(stories, write.key, at);
  tell(to, stories, section);
}

const messages: Record<State | 'merged' | 'split', [one: Key, many: Key]> = {
  picked: ['done.picked', 'done.pickedMany'], later: ['done.later', 'done.laterMany'],
  rejected: ['done.rejected', 'done.rejectedMany'], inbox: ['done.inbox', 'done.inbox'],
  merged: ['done.merged', 'done.merged'], split: ['done.split', 'done.split'],
};

function tell(what: State | 'merged' | 'split', stories: Story[], section?: string): void {
  const [one, many] = messages[what];
  const where = sectionName(section ?? stories[0]?.section ?? '');
  say({ text: t(stories.length === 1 ? one : many, { n: stories.length, section: where }), tone: 'plain',
    act: { label: t('undo'), run: undo } });
}

/** What `merge` would make one: the ticked ones into the first; else this one into the one above. */
export function mergeable(): Story[] {
  const list = remaining.value, index = cursorIndex.value;
  const marked = ticked.value.size > 1 ? chosen() : [];
  const pair = [list[index - 1], list[index]].filter((story) => story !== undefined);
  const stories = marked.length > 1 ? marked : pair;
  return stories.length > 1 ? stories : [];
}

export function merge(): void {
  const stories = mergeable();
  if (stories.length === 0) return;
  const ids = stories.map((story) => story.id);
  const at = cursorId.value;
  cursorId.value = ids[0] ?? null;
  leave(ids.slice(1));
  const write = put({ method: 'POST', path: '/api/v1/merges', body: { stories: refs(stories) },
    overlay: { kind: 'merge', stories: ids } });
  remember(stories, write.key, at);
  tell('merged', stories);
}

/** Takes an item out into a story of its own, or lets it speak for the story. */
export function split(story: StoryDetail, item: Id): void {
  const write = put({ method: 'POST', path: `/api/v1/stories/${story.id}/split`, body: { items: [{ id: item }] },
    ifMatch: story.version, overlay: { kind: 'split', stories: [story.id] } });
  remember([story], write.key, cursorId.value);
  tell('split', [story]);
}

export function lead(story: StoryDetail, item: Id): void {
  const write = put({ method: 'POST', path: '/api/v1/decisions', body: { stories: refs([story]), lead: item },
    overlay: { kind: 'split', stories: [story.id] } });
  remember([story], write.key, cursorId.value);
  say({ text: t('done.lead'), tone: 'plain', act: { label: t('undo'), run: undo } });
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
  bringBack(stories.filter(matchesAddress));
  put({ method: 'POST', path: '/api/v1/undo',
    overlay: { kind: 'undo', stories: stories.map((story) => story.id) } });
  say({ text: t('done.undone'), tone: 'plain', act: { label: t('redo'), run: redo, key: 'Shift+Z' } });
}

export function redo(): void {
  put({ method: 'POST', path: '/api/v1/redo', overlay: { kind: 'undo', stories: [] } });
}

// ---- answers ----

function recordShift(before: Story | undefined, now: Story | undefined): void {
  if (before && (!now || now.state !== before.state || now.section !== before.section)) {
    shift(before.state, before.section, before.uncertain, -1);
  }
  if (now && (!before || now.state !== before.state || now.section !== before.section)) {
    shift(now.state, now.section, now.uncertain, 1);
  }
}

/** Stories as the service has them now: shown where they belong, gone where they do not. */
function take(answer: Changed): void {
  const now = new Map((answer.stories ?? []).map((story) => [story.id, story]));
  const gone = new Set(answer.gone ?? []);
  for (const story of loaded.value) {
    if (gone.has(story.id) || now.has(story.id)) recordShift(story, now.get(story.id));
  }
  loaded.value = loaded.value
    .filter((story) => !gone.has(story.id) && (!now.has(story.id) || matchesAddress(now.get(story.id) as Story)))
    .map((story) => now.get(story.id) ?? story);
  bringBack([...now.values()].filter(matchesAddress));
  recount();
}

const refusalKinds = new Set(['decide', 'merge', 'split', 'undo']);

function whyRefused(outcome: Extract<Outcome, { problem: unknown }>): Key {
  if (outcome.write.overlay.kind === 'undo' && outcome.problem.status === 409) return 'refused.undo';
  return outcome.problem.status === 412 ? 'refused.changed' : 'refused.why';
}

function onRefused(outcome: Extract<Outcome, { problem: unknown }>): void {
  const { overlay } = outcome.write;
  if (!refusalKinds.has(overlay.kind) || !('stories' in overlay)) return;
  const index = history.findIndex((one) => one.key === outcome.write.key);
  const [entry] = index < 0 ? [] : history.splice(index, 1);
  if (overlay.kind !== 'undo') {
    refused.value = new Set([...refused.value, ...overlay.stories]);
    if (entry?.at) cursorId.value = entry.at;
  }
  const current = outcome.problem.status === 412 ? outcome.problem.current : undefined;
  if (current && typeof current === 'object' && 'state' in current) take({ event: null, stories: [current as Story] });
  say({ text: t(whyRefused(outcome), { why: whyOf(outcome.problem) }), tone: 'bad' });
}

onOutcome((outcome) => {
  if ('problem' in outcome) onRefused(outcome);
  else take(outcome.answer);
});
