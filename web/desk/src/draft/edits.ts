// What she types, until the service has it: the texts of picks and the issue's own lines alike.
//
// A field is written into `edits` with every key press, and into the outbox half a second after the last
// one (at once when the page goes away). Beside it stands its base: the text she had before her. Every
// state of a thing that comes by (a read, an answer, a refusal with 412) is met with both: where the
// service still has the base, her text goes out over it, whatever else was changed; where it has a third
// text, the field is in conflict. Nothing of a conflict is sent or dropped until she has chosen, and it
// outlives a reload. When she takes the other text hers is written before it, so that the log has both.
//
// Rejected: comparing versions alone (two editors in two fields of one item would be a conflict);
// merging texts (a summary made of two halves nobody wrote).
import { computed, signal } from '@preact/signals';
import { type Changed, type Draft, type DraftFields, type Pick, type PickFields, type Problem, whyOf } from '../api.ts';
import { t } from '../i18n.ts';
import { keptUnder } from '../kept.ts';
import { type Outcome, knowVersion, onOutcome, outbox, put, putPatch, withdrawAll } from '../outbox.ts';
import { announce, say } from '../toast.ts';
import { onRead, patchLines, patchShown, readDraft, shown, targetOf } from './draft.ts';

export type Fields = Record<string, unknown>;

export interface Conflict {
  theirs: Fields; // of the fields in conflict
  mine: Fields;
  version: string;
  editor: string | null; // null: not known
  at: string | null;
}

export const edits = signal<ReadonlyMap<string, Fields>>(new Map()); // by target: 'pick 7', 'draft 1'
export const conflicts = signal<ReadonlyMap<string, Conflict>>(new Map());
export const unsent = signal(0); // targets typed into, not yet in the outbox
export const problem = signal<string | null>(null); // why the last save was refused
const bases = new Map<string, Fields>();
const versions = new Map<string, string>(); // that she saw

export const draftWaiting = computed(() => outbox.value.filter(({ overlay: { kind } }) =>
  kind === 'text' || kind === 'move' || kind === 'add').length);

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

function pathOf(target: string): string {
  const [kind, id] = target.split(' ');
  return `/api/v1/${kind === 'pick' ? 'picks' : 'drafts'}/${id}`;
}

/** The fields of a draft as a write has them: null where the machine speaks. */
function linesOf(now: Draft): Fields {
  return { ...now, guide: now.guide_by_editor ? now.guide : null, day: now.date_by_editor ? now.date : null };
}

function set<T>(map: ReadonlyMap<string, T>, name: string, value: T | undefined): ReadonlyMap<string, T> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(name);
  else copy.set(name, value);
  return copy;
}

function without(fields: Fields, names: Iterable<string>): Fields {
  const rest = { ...fields };
  for (const name of names) delete rest[name];
  return rest;
}

function setEdits(target: string, fields: Fields): void {
  const isEmpty = Object.keys(fields).length === 0;
  edits.value = set(edits.value, target, isEmpty ? undefined : fields);
  if (isEmpty) bases.delete(target);
}

// ---- sending ----

const settleMs = 500;
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function sendNow(target: string): void {
  clearTimeout(timers.get(target));
  timers.delete(target);
  unsent.value = timers.size;
  const body = without(edits.value.get(target) ?? {}, Object.keys(conflicts.value.get(target)?.theirs ?? {}));
  if (Object.keys(body).length === 0) return;
  putPatch({ method: 'PATCH', path: pathOf(target), body, ifMatch: versions.get(target) ?? '0',
    overlay: { kind: 'text', target, base: { ...bases.get(target) } } });
}

export function flush(): void {
  for (const target of [...timers.keys()]) sendNow(target);
}

function write(target: string, version: string, before: Fields, fields: Fields): void {
  const base = bases.get(target) ?? {};
  for (const name of Object.keys(fields)) if (!(name in base)) base[name] = before[name] ?? null;
  bases.set(target, base);
  versions.set(target, version);
  problem.value = null;
  setEdits(target, { ...edits.value.get(target), ...fields });
  keepConflict(target);
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(() => sendNow(target), settleMs));
  unsent.value = timers.size;
}

export function editPick(pick: Pick, fields: PickFields): void {
  if (pick.id === null) return;
  write(targetOf({ kind: 'pick', id: pick.id }), pick.version, pick as unknown as Fields, fields as Fields);
}

export function editDraft(fields: DraftFields): void {
  const now = shown.value;
  if (now === null) return;
  const isFirst = fields.guide && !now.guide_by_editor && linesTyped(now.id).guide === undefined;
  write(targetOf({ kind: 'draft', id: now.id }), now.version, linesOf(now),
    (isFirst ? { guide_base: now.guide_proposed, ...fields } : fields) as Fields);
}

/** A pick with what she typed over what is stored. */
export function asEdited(pick: Pick): Pick {
  return pick.id === null ? pick : { ...pick, ...(edits.value.get(targetOf({ kind: 'pick', id: pick.id })) as PickFields) };
}

export function linesTyped(id: string): DraftFields {
  return (edits.value.get(targetOf({ kind: 'draft', id })) ?? {}) as DraftFields;
}

addEventListener('pagehide', flush);
document.addEventListener('visibilitychange', () => { if (document.hidden) flush(); });
addEventListener('beforeunload', (event) => { // a refused text is nowhere but here
  if (problem.value !== null && edits.value.size > conflicts.value.size) event.preventDefault();
});

// ---- meeting what the service has ----

const { own: storage, readable } = keptUnder('conflict');

function keepConflict(target: string): void {
  const conflict = conflicts.value.get(target);
  try {
    if (conflict === undefined) localStorage.removeItem(storage + target);
    else {
      const mine = { ...conflict.mine };
      for (const name of Object.keys(mine)) mine[name] = edits.value.get(target)?.[name] ?? null;
      localStorage.setItem(storage + target, JSON.stringify({ ...conflict, mine } satisfies Conflict));
    }
  } catch {
    // Without storage the conflict lasts as long as the page.
  }
}

/** Compares a state of the service's with what is typed; who wrote it, where that is known. */
function meet(target: string, version: string, stored: Fields, by?: Problem['conflict']): void {
  const typed = edits.value.get(target);
  knowVersion(target, version);
  if (typed === undefined) return;
  versions.set(target, version);
  const base = bases.get(target) ?? {};
  const known = conflicts.value.get(target);
  const theirs: Fields = {}, mine: Fields = {};
  for (const [name, value] of Object.entries(typed)) {
    if (name === 'guide_base' || isSame(stored[name], value)) continue; // that is no text of hers; or both wrote the same
    if (!isSame(stored[name], base[name])) {
      theirs[name] = stored[name] ?? null;
      mine[name] = value;
    }
  }
  const isOpen = Object.keys(theirs).length > 0;
  const isNew = isOpen && (known === undefined || !isSame(known.theirs, theirs));
  conflicts.value = set(conflicts.value, target, isOpen ? { theirs, mine, version,
    editor: by?.editor ?? known?.editor ?? null, at: by?.at ?? known?.at ?? null } : undefined);
  keepConflict(target);
  if (isNew) announce(t('conflict.title'));
}

function meetDraft(read: Draft): void {
  meet(targetOf({ kind: 'draft', id: read.id }), read.version, linesOf(read));
  for (const section of read.sections) {
    for (const pick of section.picks) {
      if (pick.id !== null) meet(targetOf({ kind: 'pick', id: pick.id }), pick.version, pick as unknown as Fields);
    }
  }
}

onRead(meetDraft);

/** The texts are hers where the service now has them. */
function settle(target: string, body: Fields, version: string): void {
  const typed = edits.value.get(target);
  const base = bases.get(target);
  if (base) Object.assign(base, body);
  versions.set(target, version);
  const [kind, id] = target.split(' ') as ['pick' | 'draft', string];
  if (kind === 'pick') patchShown((pick) => (pick.id === id ? { ...pick, ...(body as PickFields), version } : pick));
  else patchLines(id, linesAs(body as DraftFields, version));
  if (typed) setEdits(target, without(typed, Object.keys(typed).filter((name) => name in body && isSame(typed[name], body[name]))));
}

function linesAs({ day, guide, ...rest }: DraftFields, version: string): Partial<Draft> {
  return { ...(rest as Partial<Draft>), version, ...(day ? { date: day, date_by_editor: true } : {}),
    ...(guide === undefined ? {} : { guide_by_editor: guide !== null, ...(guide === null ? {} : { guide }) }) };
}

function onAnswer({ write: { overlay, body }, answer }: { write: Outcome['write']; answer: Changed }): void {
  if (overlay.kind === 'text' && answer.event) settle(overlay.target, body as Fields, answer.event);
  else if (overlay.kind === 'text') settle(overlay.target, body as Fields, versions.get(overlay.target) ?? '0');
  for (const pick of answer.picks ?? []) {
    if (pick.id === null) continue;
    meet(targetOf({ kind: 'pick', id: pick.id }), pick.version, pick as unknown as Fields);
    patchShown((other) => (other.id === pick.id ? { ...pick, section: other.section } : other));
  }
  problem.value = null;
}

/** 412: another was there first. What does not collide goes out again, over what is there now. */
function onLost(target: string, refusal: Problem): void {
  withdrawAll(pathOf(target));
  const [kind, id] = target.split(' ') as ['pick' | 'draft', string];
  const version = refusal.conflict?.version;
  const current = refusal.current as Fields | null;
  if (!current || !version) {
    problem.value = t('saved.elsewhere');
    return;
  }
  if (kind === 'pick') patchShown((pick) => (pick.id === id ? { ...pick, ...(current as unknown as Pick), section: pick.section } : pick));
  meet(target, version, kind === 'pick' ? current : linesStored(current), refusal.conflict);
  sendNow(target);
}

/** The log has only what editors wrote; where they wrote nothing the page's own text stands. */
function linesStored(current: Fields): Fields {
  const now = shown.value, before: Fields = now ? linesOf(now) : {};
  const own = new Set(['guide', 'day', 'headline', 'guide_base', 'suggest']);
  return Object.fromEntries(Object.entries(current).map(([name, value]) =>
    [name, value === null && !own.has(name) ? before[name] : value]));
}

onOutcome((outcome) => {
  const { overlay } = outcome.write;
  if ('answer' in outcome) onAnswer(outcome);
  else if (overlay.kind === 'text' && outcome.problem.status === 412) onLost(overlay.target, outcome.problem);
  else if (overlay.kind === 'text' || overlay.kind === 'move' || overlay.kind === 'add') {
    problem.value = whyOf(outcome.problem);
    if (overlay.kind !== 'text') say({ text: t('refused.why', { why: problem.value }), tone: 'bad' });
  }
  if (outbox.value.length === 0) void readDraft();
});

// ---- choosing ----

export type Choice = 'mine' | 'theirs' | 'both';

function joined(mine: unknown, theirs: unknown): unknown {
  if (Array.isArray(mine) && Array.isArray(theirs)) return [...mine as unknown[], ...theirs as unknown[]];
  return [mine, theirs].filter((text) => typeof text === 'string' && text !== '').join('\n');
}

export function settleConflict(target: string, choice: Choice): void {
  const conflict = conflicts.value.get(target);
  if (!conflict) return;
  const names = Object.keys(conflict.theirs);
  const mine = Object.fromEntries(names.map((name) => [name, edits.value.get(target)?.[name] ?? null]));
  conflicts.value = set(conflicts.value, target, undefined);
  keepConflict(target);
  problem.value = null;
  bases.set(target, { ...bases.get(target), ...conflict.theirs });
  versions.set(target, conflict.version);
  if (choice === 'theirs') {
    // Hers first, so that the log keeps it and one undo brings it.
    const how = { method: 'PATCH' as const, path: pathOf(target), ifMatch: conflict.version };
    put({ ...how, body: mine, overlay: { kind: 'text', target, base: conflict.theirs } });
    setEdits(target, { ...edits.value.get(target), ...conflict.theirs });
    put({ ...how, body: conflict.theirs, overlay: { kind: 'text', target, base: mine } });
    return;
  }
  if (choice === 'both') {
    setEdits(target, { ...edits.value.get(target),
      ...Object.fromEntries(names.map((name) => [name, joined(mine[name], conflict.theirs[name])])) });
  }
  sendNow(target);
}

// ---- after a reload ----

/** What a reload found in the outbox, or in conflict, is shown as typed. */
export function restoreEdits(): void {
  for (const { overlay, body, ifMatch } of outbox.value) {
    if (overlay.kind !== 'text') continue;
    bases.set(overlay.target, { ...overlay.base, ...bases.get(overlay.target) });
    versions.set(overlay.target, ifMatch ?? '0');
    setEdits(overlay.target, { ...edits.value.get(overlay.target), ...(body as Fields) });
  }
  for (const name of Object.keys(localStorage)) {
    const begin = readable.find((one) => name.startsWith(one));
    if (begin === undefined) continue;
    const target = name.slice(begin.length);
    try {
      const conflict = JSON.parse(localStorage.getItem(name) ?? '') as Conflict;
      if (begin !== storage) {
        localStorage.setItem(storage + target, JSON.stringify(conflict));
        localStorage.removeItem(name);
      }
      setEdits(target, { ...edits.value.get(target), ...conflict.mine });
      // Whatever she saw first, neither text may go without her word.
      bases.set(target, { ...bases.get(target), ...Object.fromEntries(Object.keys(conflict.mine).map((field) => [field, undefined])) });
      conflicts.value = set(conflicts.value, target, conflict);
    } catch {
      localStorage.removeItem(name);
    }
  }
}
