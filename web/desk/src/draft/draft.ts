// The draft: as the service has it, and over it what she typed that has not been confirmed.
//
// A field is written into `edits` with every key press and into the outbox half a second after the last
// one (at once when the page goes away). An edit is forgotten when the service has confirmed that very
// text. A refusal because of another editor keeps both texts side by side (`conflicts`); neither is
// chosen for her.
import { computed, signal } from '@preact/signals';
import { type Draft, type DraftFields, type Findings, type GuideProposal, type Pick, type PickFields, Refused,
  Unreachable, exists, get } from '../api.ts';
import { isOnline, onBack, onTold } from '../connection.ts';
import { type Outcome, forgetVersion, onOutcome, outbox, put, putPatch } from '../outbox.ts';
import { announce, say } from '../toast.ts';
import { t } from '../i18n.ts';

export const draft = signal<Draft | null>(null);
export const draftStatus = signal<'loading' | 'ready' | 'failed'>('loading');
export const edits = signal<ReadonlyMap<string, PickFields>>(new Map()); // by pick id
export const draftEdits = signal<DraftFields>({});
export const unsent = signal(0); // fields typed, not yet in the outbox
export const problem = signal<string | null>(null); // why the last save was refused
export const findings = signal<Findings | null>(null);
export const proposal = signal<GuideProposal | null>(null);
export const canPublish = signal(false); // the service has the address for it
export const formats = signal<string[]>(['md', 'html']); // previews the service has

export interface PickConflict { mine: PickFields; theirs: Pick }
export const conflicts = signal<ReadonlyMap<string, PickConflict>>(new Map());

export const draftWaiting = computed(() =>
  outbox.value.filter(({ overlay: { kind } }) => kind === 'pick' || kind === 'draft' || kind === 'move').length);

// ---- reading ----

let reading = false, again = false;

export async function readDraft(): Promise<void> {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    draft.value = await get<Draft>('/api/v1/draft');
    draftStatus.value = 'ready';
    if (isExtraWanted) await readExtras();
  } catch (error) {
    if (error instanceof Unreachable) isOnline.value = false;
    if (draft.value === null) draftStatus.value = 'failed';
  } finally {
    reading = false;
    if (again) {
      again = false;
      void readDraft();
    }
  }
}

const absent = new Set<string>(); // addresses this service does not have

async function readIfThere<T>(path: string): Promise<T | null> {
  if (absent.has(path)) return null;
  try {
    return await get<T>(path);
  } catch (error) {
    if (error instanceof Refused && [404, 405].includes(error.problem.status)) absent.add(path);
    return null;
  }
}

async function readExtras(): Promise<void> {
  findings.value = await readIfThere<Findings>('/api/v1/draft/findings');
  proposal.value = draft.value?.guide_by_editor ? await readIfThere<GuideProposal>('/api/v1/draft/guide') : null;
}

let isExtraWanted = false;

/** The draft page asks for more than the draft: findings, the guide's proposal, further previews. */
export async function openDraft(): Promise<void> {
  const isFirst = !isExtraWanted;
  isExtraWanted = true;
  await readDraft();
  if (isFirst) canPublish.value = await exists('/api/v1/draft/diff');
  if (isFirst && await exists('/draft.wechat.html')) formats.value = ['md', 'html', 'wechat.html'];
}

// ---- editing ----

const settleMs = 500;
const timers = new Map<string, { timer: ReturnType<typeof setTimeout>; flush: () => void }>();

function later(name: string, run: () => void): void {
  clearTimeout(timers.get(name)?.timer);
  const flush = (): void => {
    clearTimeout(timers.get(name)?.timer);
    timers.delete(name);
    unsent.value = timers.size;
    run();
  };
  timers.set(name, { timer: setTimeout(flush, settleMs), flush });
  unsent.value = timers.size;
}

export function flush(): void {
  for (const { flush: run } of [...timers.values()]) run();
}

addEventListener('pagehide', flush);
document.addEventListener('visibilitychange', () => { if (document.hidden) flush(); });

export function editPick(pick: Pick, fields: PickFields): void {
  const id = pick.id;
  if (id === null) return;
  problem.value = null;
  edits.value = new Map(edits.value).set(id, { ...edits.value.get(id), ...fields });
  later(`pick ${id}`, () => {
    const body = edits.value.get(id);
    if (body) putPatch({ method: 'PATCH', path: `/api/v1/picks/${id}`, ifMatch: pick.version, body,
      overlay: { kind: 'pick', pick: id } });
  });
}

export function editDraft(fields: DraftFields): void {
  problem.value = null;
  draftEdits.value = { ...draftEdits.value, ...fields };
  later('draft', () => putPatch({ method: 'PATCH', path: '/api/v1/draft', body: draftEdits.value,
    overlay: { kind: 'draft' } }));
}

/** A pick with what she typed over what is stored. */
export function asEdited(pick: Pick): Pick {
  return { ...pick, ...(pick.id === null ? {} : edits.value.get(pick.id)) };
}

// ---- placing ----

export function acceptPick(pick: Pick): void {
  if (pick.story === null || !pick.suggested) return;
  put({ method: 'POST', path: '/api/v1/decisions',
    body: { stories: [{ id: pick.story }], state: 'picked', section: pick.section },
    overlay: { kind: 'decide', stories: [pick.story], to: 'picked' } });
  patchShown((other) => (other === pick ? { ...pick, suggested: false } : other));
}

export function takeOut(pick: Pick): void {
  patchShown((other) => (other === pick ? null : other));
  if (pick.story !== null) {
    put({ method: 'POST', path: '/api/v1/decisions',
      body: { stories: [{ id: pick.story }], state: pick.suggested ? 'rejected' : 'inbox' },
      overlay: { kind: 'decide', stories: [pick.story], to: pick.suggested ? 'rejected' : 'inbox' } });
  } else if (pick.id !== null) {
    put({ method: 'DELETE', path: `/api/v1/picks/${pick.id}`, overlay: { kind: 'move' } });
  }
  say({ text: t('done.takenOut'), tone: 'plain', act: { label: t('undo'), run: undoDraft } });
}

export function undoDraft(): void {
  flush();
  put({ method: 'POST', path: '/api/v1/undo', overlay: { kind: 'undo', stories: [] } });
  say({ text: t('done.undone'), tone: 'plain' });
}

function patchShown(change: (pick: Pick) => Pick | null): void {
  if (draft.value === null) return;
  const sections = draft.value.sections.map((section) => ({
    ...section, picks: section.picks.map(change).filter((pick) => pick !== null) }));
  draft.value = { ...draft.value, sections };
}

function place(pick: Pick, section: string, index: number): void {
  if (draft.value === null) return;
  const sections = draft.value.sections.map((one) => {
    const picks = one.picks.filter((other) => other !== pick);
    return one.id === section
      ? { ...one, picks: [...picks.slice(0, index), { ...pick, section }, ...picks.slice(index)] }
      : { ...one, picks };
  });
  draft.value = { ...draft.value, sections };
}

/** To a place among the picks of a section; suggestions stand behind them and do not count. */
export function movePick(pick: Pick, sectionId: string, index: number): void {
  const section = draft.value?.sections.find((one) => one.id === sectionId);
  if (section === undefined || pick.id === null) return;
  const others = section.picks.filter((other) => other.id !== null && other.id !== pick.id);
  const to = Math.max(0, Math.min(index, others.length));
  place(pick, sectionId, to);
  put({ method: 'POST', path: '/api/v1/moves',
    body: { picks: [{ id: pick.id }], section: sectionId, before: others[to]?.id ?? null }, overlay: { kind: 'move' } });
  announce(t('moved', { section: section.short_title, n: to + 1, total: others.length + 1 }));
}

/** One up or down; over a section's edge it changes section. */
export function stepPick(pick: Pick, by: -1 | 1): void {
  const all = draft.value?.sections ?? [];
  const at = all.findIndex((section) => section.id === pick.section);
  const index = all[at]?.picks.filter((other) => other.id !== null).findIndex((other) => other.id === pick.id) ?? -1;
  const count = all[at]?.picks.filter((other) => other.id !== null).length ?? 0;
  if (index < 0) return;
  const inside = index + by >= 0 && index + by < count;
  const next = all[at + by];
  if (inside) movePick(pick, pick.section, index + by);
  else if (next) movePick(pick, next.id, by < 0 ? next.picks.length : 0);
}

// ---- answers ----

function isSaved(typed: object, stored: object): boolean {
  return Object.entries(typed).every(([name, value]) =>
    JSON.stringify(value) === JSON.stringify((stored as Record<string, unknown>)[name]));
}

function settlePick(id: string, body: object): void {
  const typed = edits.value.get(id);
  if (typed === undefined || !isSaved(typed, body)) return;
  patchShown((pick) => (pick.id === id ? { ...pick, ...typed } : pick));
  const rest = new Map(edits.value);
  rest.delete(id);
  edits.value = rest;
}

function learn(outcome: Extract<Outcome, { answer: unknown }>): void {
  const { overlay, body } = outcome.write;
  if (overlay.kind === 'pick') settlePick(overlay.pick, body as object);
  if (overlay.kind === 'draft' && isSaved(draftEdits.value, body as object)) {
    if (draft.value) draft.value = { ...draft.value, ...(draftEdits.value as Partial<Draft>) };
    draftEdits.value = {};
  }
  problem.value = null;
}

function keepBoth(outcome: Extract<Outcome, { problem: unknown }>): void {
  const { overlay, body } = outcome.write;
  if (overlay.kind !== 'pick') return;
  const theirs = outcome.problem.current as Pick | null | undefined;
  if (!theirs) return;
  conflicts.value = new Map(conflicts.value).set(overlay.pick, { mine: body as PickFields, theirs });
}

/** Her answer to a conflict: her text over theirs, or theirs. */
export function settleConflict(id: string, keepMine: boolean): void {
  const conflict = conflicts.value.get(id);
  const rest = new Map(conflicts.value);
  rest.delete(id);
  conflicts.value = rest;
  problem.value = null;
  const cleared = new Map(edits.value);
  cleared.delete(id);
  edits.value = cleared;
  forgetVersion('pick', id);
  if (conflict && keepMine) editPick({ ...conflict.theirs, id }, conflict.mine);
  void readDraft();
}

onOutcome((outcome) => {
  const { kind } = outcome.write.overlay;
  if ('answer' in outcome) learn(outcome);
  else if (kind === 'pick' || kind === 'draft' || kind === 'move') {
    problem.value = outcome.problem.status === 412 ? t('saved.elsewhere') : outcome.problem.detail ?? outcome.problem.title;
    if (outcome.problem.status === 412) keepBoth(outcome);
    if (kind === 'move') say({ text: t('refused.why', { why: problem.value }), tone: 'bad' });
  }
  if (outbox.value.length === 0) void readDraft();
});

onTold('draft', () => { if (outbox.value.length === 0) void readDraft(); });
onTold('stories', () => { if (outbox.value.length === 0) void readDraft(); });
onBack(() => void readDraft());

/** Text that a reload found in the outbox is shown as typed. */
export function restoreEdits(): void {
  const found = new Map<string, PickFields>();
  for (const { overlay, body } of outbox.value) {
    if (overlay.kind === 'pick') found.set(overlay.pick, { ...found.get(overlay.pick), ...(body as PickFields) });
    if (overlay.kind === 'draft') draftEdits.value = { ...draftEdits.value, ...(body as DraftFields) };
  }
  edits.value = found;
}
