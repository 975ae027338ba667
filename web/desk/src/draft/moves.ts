// Where picks stand: taken, moved, lifted, taken out, added by hand. Shown at once, written behind it.
import { signal } from '@preact/signals';
import type { Draft, Id, Pick, PickFields, Section } from '../api.ts';
import { t } from '../i18n.ts';
import { put } from '../outbox.ts';
import { announce, say } from '../toast.ts';
import { type Place, findPick, isHeld, patchShown, placeOf, putAt, shown } from './draft.ts';
import { flush } from './edits.ts';

export function acceptPick(pick: Pick): void {
  if (pick.story === null || !pick.suggested) return;
  put({ method: 'POST', path: '/api/v1/decisions',
    body: { stories: [{ id: pick.story }], state: 'picked', section: pick.section },
    overlay: { kind: 'decide', stories: [pick.story], to: 'picked' } });
  announce(t('done.accepted', { title: pick.title ?? '' }));
}

/** All that the machine suggests, or none of it. */
export function acceptAll(): void {
  put({ method: 'POST', path: '/api/v1/draft/accept', body: {}, overlay: { kind: 'move' } });
}

export function takeOut(pick: Pick): void {
  flush();
  patchShown((other) => (other === pick || (pick.id !== null && other.id === pick.id) ? null : other));
  if (pick.story !== null && (pick.suggested || shown.value?.corrects === null)) {
    const to = pick.suggested ? 'rejected' : 'inbox';
    put({ method: 'POST', path: '/api/v1/decisions', body: { stories: [{ id: pick.story }], state: to },
      overlay: { kind: 'decide', stories: [pick.story], to } });
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

/** A text of her own at the end of a section: a title, with its address behind it if she has one. */
export function addByHand(now: Draft, section: Section, text: string): void {
  const found = /(?:^|\s)(https?:\/\/\S+)\s*$/i.exec(text);
  const words = (found ? text.slice(0, found.index) : text).trim();
  const subject = section.form === 'oneline' ? /^([^：:]{1,24})[：:]\s*(.+)$/.exec(words) : null;
  const title = subject?.[2] ?? (words || (found?.[1] ?? ''));
  const fields: PickFields = { title, ...(subject?.[1] ? { subject: subject[1] } : {}), ...(found?.[1] ? { url: found[1] } : {}) };
  put({ method: 'POST', path: '/api/v1/picks', body: { draft: now.id, section: section.id, ...fields },
    overlay: { kind: 'add', draft: now.id, section: section.id, title } });
}

// ---- moving ----

function sectionOf(id: string): Section | undefined {
  return shown.value?.sections.find((section) => section.id === id);
}

function sayPlace(key: 'moved' | 'dropped', at: Place): void {
  announce(t(key, { section: sectionOf(at.section)?.title ?? '', n: at.index + 1, total: at.count }));
}

function write(id: Id): void {
  const at = placeOf(id), picks = sectionOf(at?.section ?? '')?.picks.filter((pick) => !pick.suggested);
  if (at === null || !picks) return;
  put({ method: 'POST', path: '/api/v1/moves',
    body: { picks: [{ id }], section: at.section, before: picks[at.index + 1]?.id ?? null }, overlay: { kind: 'move' } });
}

/** To a place among the picks of a section. */
export function movePick(pick: Pick, section: string, index: number): void {
  const target = sectionOf(section), id = pick.id, before = id === null ? null : placeOf(id);
  if (!target || id === null || before === null) return;
  const others = target.picks.filter((other) => !other.suggested && other.id !== id).length;
  const to = Math.max(0, Math.min(index, others));
  if (before.section === section && before.index === to) return;
  putAt(pick, section, to);
  write(id);
  const at = placeOf(id);
  if (at) sayPlace('moved', at);
}

/** One up or down; over a section's edge into the next. Null: it stands at the end of everything. */
function stepFrom(at: Place, by: -1 | 1): { section: string; index: number } | null {
  const all = shown.value?.sections ?? [];
  if (at.index + by >= 0 && at.index + by < at.count) return { section: at.section, index: at.index + by };
  const next = all[all.findIndex((section) => section.id === at.section) + by];
  return next ? { section: next.id, index: by < 0 ? next.picks.filter((pick) => !pick.suggested).length : 0 } : null;
}

export function stepPick(pick: Pick, by: -1 | 1): void {
  const at = pick.id === null ? null : placeOf(pick.id);
  const to = at && stepFrom(at, by);
  if (to) movePick(pick, to.section, to.index);
}

// ---- in her hand ----

export const lifted = signal<{ id: Id; from: Place } | null>(null);

export function lift(pick: Pick): void {
  const from = pick.id === null ? null : placeOf(pick.id);
  if (pick.id === null || from === null) {
    announce(t('lift.notYet'));
    return;
  }
  lifted.value = { id: pick.id, from };
  isHeld.value = true;
  announce(t('lift.up', { title: pick.title ?? '', section: sectionOf(from.section)?.title ?? '', n: from.index + 1, total: from.count }));
}

export function carry(by: -1 | 1): void {
  const hand = lifted.value, pick = hand && findPick(hand.id), at = hand && placeOf(hand.id);
  const to = at && stepFrom(at, by);
  if (!hand || !pick || !to) return;
  putAt(pick, to.section, to.index);
  const now = placeOf(hand.id);
  if (now) sayPlace('moved', now);
}

export function drop(): void {
  const hand = lifted.value, at = hand && placeOf(hand.id);
  lifted.value = null;
  if (hand && at) {
    if (at.section !== hand.from.section || at.index !== hand.from.index) write(hand.id);
    sayPlace('dropped', at);
  }
  isHeld.value = false;
}

export function putBack(): void {
  const hand = lifted.value, pick = hand && findPick(hand.id);
  lifted.value = null;
  if (hand && pick) {
    putAt(pick, hand.from.section, hand.from.index);
    announce(t('lift.back'));
  }
  isHeld.value = false;
}
