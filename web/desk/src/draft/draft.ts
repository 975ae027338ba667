// The draft as the service has it: the next issue's, which every page knows, and the one on the draft page,
// which may be a correction of a published issue (?draft=7).
//
// A read is shown only when nothing was written meanwhile (what it brings would be older than what is on
// the page) and no line is in her hand; it is made again then.
import { computed, effect, signal, untracked } from '@preact/signals';
import { type Draft, type DraftSummary, type Findings, type GuideProposal, type Id, type Pick, Refused, Unreachable,
  get } from '../api.ts';
import { isOnline, onBack, onTold } from '../connection.ts';
import { t } from '../i18n.ts';
import { knowVersion, outbox } from '../outbox.ts';
import { go, hrefOf, page, query } from '../route.ts';
import { say } from '../toast.ts';

export const draft = signal<Draft | null>(null);
export const draftStatus = signal<'loading' | 'ready' | 'failed'>('loading');
export const findings = signal<Findings | null>(null);
export const proposal = signal<GuideProposal | null>(null);
export const drafts = signal<DraftSummary[]>([]);
export const isHeld = signal(false); // a line is lifted or dragged: nothing may move under it

const correction = signal<Draft | null>(null);
const wanted = computed<Id | null>(() => (page.value === 'draft' ? query.value.get('draft') : null));

/** The draft on the page. */
export const shown = computed(() => (wanted.value === null || wanted.value === draft.value?.id
  ? draft.value : correction.value?.id === wanted.value ? correction.value : null));

/** Of the next issue; what the machine suggests is not hers yet. */
export function pickedCount(): number {
  return draft.value?.sections.flatMap((section) => section.picks).filter((pick) => !pick.suggested).length ?? 0;
}

export function targetOf(thing: { kind: 'pick' | 'draft'; id: Id }): string {
  return `${thing.kind} ${thing.id}`;
}

// ---- reading ----

const readers = new Set<(read: Draft) => void>(); // compare what came with what is typed

export function onRead(reader: (read: Draft) => void): void {
  readers.add(reader);
}

async function readBoth(): Promise<boolean> {
  const before = outbox.value, id = wanted.value;
  const next = await get<Draft>('/api/v1/draft');
  const other = id === null || id === next.id ? null : await get<Draft>(`/api/v1/drafts/${id}`);
  if ((outbox.value !== before && draft.value !== null) || isHeld.value) return false;
  for (const read of [next, other]) {
    if (read === null) continue;
    knowVersion(targetOf({ kind: 'draft', id: read.id }), read.version);
    for (const reader of readers) reader(read);
  }
  draft.value = next;
  correction.value = other;
  draftStatus.value = 'ready';
  return true;
}

async function readExtras(): Promise<void> {
  const now = shown.value;
  if (now === null || page.value !== 'draft') return;
  const path = `/api/v1/drafts/${now.id}`;
  const [found, offered, open] = await Promise.all([get<Findings>(`${path}/findings`),
    get<GuideProposal>(`${path}/guide`), get<{ drafts: DraftSummary[] }>('/api/v1/drafts')]);
  if (shown.value?.id !== now.id) return;
  findings.value = found;
  proposal.value = offered;
  drafts.value = open.drafts;
}

function onFailure(error: unknown): void {
  if (error instanceof Unreachable) isOnline.value = false;
  if (error instanceof Refused && error.problem.status === 404 && wanted.value !== null) {
    say({ text: t('draft.gone'), tone: 'bad' });
    go(hrefOf('draft'));
  } else if (draft.value === null) draftStatus.value = 'failed';
}

let reading = false, again = false;

export async function readDraft(): Promise<void> {
  again = true;
  if (reading || isHeld.value) return;
  reading = true;
  try {
    while (again && !isHeld.value && (outbox.value.length === 0 || draft.value === null)) {
      again = false;
      if (await readBoth()) await readExtras();
    }
  } catch (error) {
    onFailure(error);
  } finally {
    reading = false;
  }
}

effect(() => {
  const isWanted = !isHeld.value && (page.value === 'draft' || wanted.value !== null);
  if (isWanted) untracked(() => void readDraft());
});
onTold('draft', () => void readDraft());
onTold('stories', () => void readDraft());
onBack(() => void readDraft());

// ---- showing what is not yet answered ----

function patch(now: Draft | null, change: (pick: Pick) => Pick | null): Draft | null {
  return now && { ...now, sections: now.sections.map((section) => ({
    ...section, picks: section.picks.map(change).filter((pick) => pick !== null) })) };
}

export function patchShown(change: (pick: Pick) => Pick | null): void {
  draft.value = patch(draft.value, change);
  correction.value = patch(correction.value, change);
}

export function patchLines(id: Id, lines: Partial<Draft>): void {
  if (draft.value?.id === id) draft.value = { ...draft.value, ...lines };
  if (correction.value?.id === id) correction.value = { ...correction.value, ...lines };
}

/** Where a pick stands among the picks of its section; suggestions stand behind them and do not count. */
export interface Place { section: string; index: number; count: number }

export function placeOf(id: Id): Place | null {
  for (const section of shown.value?.sections ?? []) {
    const picked = section.picks.filter((pick) => !pick.suggested);
    const index = picked.findIndex((pick) => pick.id === id);
    if (index >= 0) return { section: section.id, index, count: picked.length };
  }
  return null;
}

export function findPick(id: Id | null): Pick | undefined {
  return id === null ? undefined
    : shown.value?.sections.flatMap((section) => section.picks).find((pick) => pick.id === id);
}

/** Shows a pick at another place. */
export function putAt(pick: Pick, section: string, index: number): void {
  const now = shown.value;
  if (now === null) return;
  patchLines(now.id, { sections: now.sections.map((one) => {
    const picks = one.picks.filter((other) => other.id !== pick.id);
    return one.id === section
      ? { ...one, picks: [...picks.slice(0, index), { ...pick, section }, ...picks.slice(index)] } : { ...one, picks };
  }) });
}
