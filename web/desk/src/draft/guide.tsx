// The guide: hers, or composed by the machine until she writes in it. What the picks have become since is
// an offer beneath, with what it adds tinted; it is taken whole, one part at a time, or not at all. Not
// taking it makes it the base of the next offer, so that only newer changes are offered again.
import type { JSX } from 'preact';
import { signal } from '@preact/signals';
import type { Draft, GuideChange } from '../api.ts';
import { t } from '../i18n.ts';
import { Caps } from '../parts/text.tsx';
import { politely } from '../toast.ts';
import { Versus } from './conflict.tsx';
import { compare } from './diff.ts';
import { proposal, shown, targetOf } from './draft.ts';
import { editDraft, flush, linesTyped } from './edits.ts';
import { open } from './place.ts';
import { useTyped } from './typed.ts';

function textOf(now: Draft): string {
  return linesTyped(now.id).guide ?? now.guide ?? '';
}

/** What is offered for the text as it stands; null while she is typing, and when there is nothing new. */
function offerOf(now: Draft): { merged: string; changes: GuideChange[] } | null {
  const offered = proposal.value;
  if (!offered || !now.guide_by_editor || offered.text !== textOf(now) || offered.merged === null) return null;
  return offered.changes.length > 0 ? { merged: offered.merged, changes: offered.changes } : null;
}

function take(text: string | null): void {
  editDraft({ guide: text });
  flush();
}

export function acceptGuide(): void {
  const offer = shown.value && offerOf(shown.value);
  if (!offer || offer.merged === textOf(shown.value as Draft)) return;
  take(offer.merged);
  politely.value = t('guide.taken');
}

function dismiss(): void {
  editDraft({ guide_base: proposal.value?.proposal ?? null });
  flush();
}

function Parts({ changes }: { changes: readonly GuideChange[] }): JSX.Element {
  return (
    <ul class="parts">
      {changes.map((change, index) => (
        <li key={index}><span class="quiet">{change.group === null ? '' : `「${change.group}」`}{t(`guide.${change.kind}`)}</span>
          <span>{change.before !== null && <del>{change.before}</del>} {change.after !== null && <ins>{change.after}</ins>}
            {change.conflict && <i class="warn"> {t('guide.discards')}</i>}</span>
          <button class="btn" type="button" onClick={() => take(change.taken)}>{t('guide.takePart')}</button></li>
      ))}
    </ul>
  );
}

const around = 16; // characters left of what stays, beside what does not

/** What stays the same, cut to its ends: the offer is about the rest. */
function Same({ text, isFirst, isLast }: { text: string; isFirst: boolean; isLast: boolean }): JSX.Element {
  const head = isFirst ? 0 : around, tail = isLast ? 0 : around;
  if (text.length <= head + tail + 8) return <>{text}</>;
  return <>{text.slice(0, head)}<i class="quiet">…</i>{tail > 0 && text.slice(-tail)}</>;
}

function Changes({ from, to }: { from: string; to: string }): JSX.Element {
  const pieces = compare(from, to);
  return <p>{pieces.map(({ text, change }, index) => (
    change === 'new' ? <ins key={index}>{text}</ins> : change === 'cut' ? <del key={index}>{text}</del>
      : <Same key={index} text={text} isFirst={index === 0} isLast={index === pieces.length - 1} />))}</p>;
}

const isSplit = signal(false); // into its parts; stays so while they are taken one by one

function Offer({ text, merged, changes }: { text: string; merged: string; changes: GuideChange[] }): JSX.Element {
  const added = changes.filter((change) => change.kind === 'added').length;
  const isByPart = isSplit.value || merged === text; // what is left would discard words of hers: one by one
  return (
    <div class="offer" role="group" aria-label={t('guide.offer')}>
      {isByPart ? <Parts changes={changes} /> : <Changes from={text} to={merged} />}
      <p class="acts">{merged !== text && <>
        <button class="btn line" type="button" onClick={acceptGuide}>{t('guide.accept')}<Caps name="Alt+Enter" /></button>
        <button class="btn" type="button" aria-pressed={isByPart} onClick={() => { isSplit.value = !isSplit.value; }}>{t('guide.part')}</button></>}
        <button class="btn" type="button" onClick={dismiss}>{t('guide.dismiss')}</button>
        {added > 0 && <span class="quiet">{t('guide.notIn', { n: added })}</span>}</p>
    </div>
  );
}

const guideField = [{ name: 'guide', label: 'guide' as const, write: (fields: Record<string, unknown>) => (fields['guide'] as string | null) ?? '' }];

export function Guide({ now }: { now: Draft }): JSX.Element {
  const text = textOf(now), offer = offerOf(now), area = useTyped(text);
  const isOwn = linesTyped(now.id).guide !== undefined ? linesTyped(now.id).guide !== null : now.guide_by_editor;
  return (
    <section class={open.value === null ? 'guide' : 'guide folded'} aria-labelledby="guide-title">
      <Versus target={targetOf({ kind: 'draft', id: now.id })} fields={guideField} />
      <label class="field"><span><b id="guide-title">{t('guide')}</b><i>{t(isOwn ? 'guide.own' : 'guide.auto')}</i>
        <i class="push">{t('guide.characters', { n: text.length })}</i></span>
        <textarea class="input" name="guide" ref={area} rows={3} defaultValue={text} onInput={(event) => editDraft({ guide: event.currentTarget.value })} /></label>
      {isOwn && !offer && open.value === null && <p class="acts"><button class="btn" type="button" onClick={() => take(null)}>{t('guide.recompose')}</button></p>}
      {offer && <Offer text={text} merged={offer.merged} changes={offer.changes} />}
    </section>
  );
}
