// The draft: the guide, the sections with their picks in printing order, and the proof beside them.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { Draft, DraftFields, Finding, Pick, Section } from '../api.ts';
import { isOnline } from '../connection.ts';
import { type Key, clockTime, t } from '../i18n.ts';
import { useKeys } from '../keys.ts';
import { lastSaved, waitingCount } from '../outbox.ts';
import { Icon } from '../parts/icon.tsx';
import { Caps } from '../parts/text.tsx';
import { redo } from '../inbox/deciding.ts';
import { acceptPick, canPublish, draft, draftEdits, draftStatus, draftWaiting, editDraft, findings, flush, movePick, openDraft, problem,
  proposal, readDraft, stepPick, takeOut, undoDraft, unsent } from './draft.ts';
import { Publish } from './publish.tsx';
import { PickRow, idOf } from './pick.tsx';
import { Proof } from './proof.tsx';
import { sectionIds } from './sections.ts';

const cursor = signal<string | null>(null); // element ids, which a suggestion keeps when it is picked
const open = signal<string | null>(null);
const dismissed = signal<string | null>(null); // the offer she did not want

function allPicks(): Pick[] {
  return draft.value?.sections.flatMap((section) => section.picks) ?? [];
}

function atCursor(): Pick | undefined {
  return allPicks().find((pick) => idOf(pick) === cursor.value);
}

function Saved(): JSX.Element {
  if (problem.value !== null) return <span class="saved bad push" role="status">{t('saved.not', { why: problem.value })}</span>;
  if (!isOnline.value && waitingCount.value > 0) return <span class="saved warn push" role="status">{t('saved.offline', { n: waitingCount.value })}</span>;
  if (unsent.value > 0 || draftWaiting.value > 0) return <span class="saved push" role="status">{t('saving')}</span>;
  return <span class="saved push" role="status">{lastSaved.value !== null && <><Icon name="check" /><span>{t('saved', { at: clockTime(lastSaved.value) })}</span></>}</span>;
}

function Tally({ sections }: { sections: Section[] }): JSX.Element {
  const uncounted = sections.find((section) => section.form === 'oneline');
  const count = sections.filter((section) => section !== uncounted).reduce((sum, section) => sum + section.picks.length, 0);
  return (
    <p class="tally" aria-label={t('tally')}>
      {sections.map((section) => <span key={section.id}>{section.short_title}<b>{section.picks.length}</b></span>)}
      <span class="push"><b>{t('tally.sum', { n: count })}</b>
        {uncounted && <span class="desktop">{t('tally.except', { section: uncounted.short_title })}</span>}</span>
    </p>
  );
}

function guideOffer(now: Draft): string | null {
  const offered = proposal.value?.merged ?? proposal.value?.proposal ?? now.guide_proposed ?? null;
  const text = draftEdits.value.guide ?? now.guide ?? '';
  const isOwn = now.guide_by_editor || draftEdits.value.guide !== undefined;
  return isOwn && offered !== null && offered !== text && offered !== dismissed.value ? offered : null;
}

function acceptGuide(): void {
  const offered = draft.value && guideOffer(draft.value);
  if (offered) editDraft({ guide: offered });
}

function Guide({ now }: { now: Draft }): JSX.Element {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = draftEdits.value.guide ?? now.guide ?? '';
  const isOwn = now.guide_by_editor || draftEdits.value.guide !== undefined;
  const offered = guideOffer(now);
  useEffect(() => {
    if (area.current && area.current.value !== text) area.current.value = text;
  }, [text]);
  return (
    <section class={open.value === null ? 'guide' : 'guide folded'} aria-labelledby="guide-title">
      <label class="field"><span id="guide-title">{t('guide')}<i>{t(isOwn ? 'guide.own' : 'guide.auto')}</i>
        <i class="push">{t('guide.characters', { n: text.length })}</i></span>
        <textarea class="input" id="guide" ref={area} rows={4} defaultValue={text} onInput={(event) => editDraft({ guide: event.currentTarget.value })} /></label>
      {offered && <div class="offer"><p class="quiet">{t('guide.offer')}</p><p>{offered}</p>
        <p class="acts"><button class="btn line" type="button" onClick={acceptGuide}>{t('guide.accept')}<Caps name="Alt+Enter" /></button>
          <button class="btn" type="button" onClick={() => editDraft({ guide: null })}>{t('guide.recompose')}</button>
          <button class="btn" type="button" onClick={() => { dismissed.value = offered; }}>{t('guide.dismiss')}</button></p></div>}
    </section>
  );
}

const issueFields: { name: Exclude<keyof DraftFields, 'suggest' | 'guide' | 'date'>; label: Key }[] = [
  { name: 'headline', label: 'field.headline' }, { name: 'preface', label: 'field.preface' },
  { name: 'lead_in', label: 'field.lead_in' }, { name: 'note_before', label: 'field.note_before' },
  { name: 'note_after', label: 'field.note_after' },
];

function IssueFields({ now }: { now: Draft }): JSX.Element {
  const shown = { ...now, ...draftEdits.value };
  return (
    <details class="more issue"><summary>{t('issue')}</summary>
      <label class="field"><span>{t('field.date')}</span><input class="input" type="date" value={shown.date}
        onChange={(event) => { if (event.currentTarget.value) editDraft({ date: event.currentTarget.value }); }} /></label>
      {issueFields.map(({ name, label }) => (
        <label class="field" key={name}><span>{t(label)}</span>
          <textarea class="input" rows={1} defaultValue={shown[name] ?? ''}
            onInput={(event) => editDraft({ [name]: event.currentTarget.value || null })} /></label>
      ))}
      <label class="remember"><input type="checkbox" checked={shown.suggest}
        onChange={(event) => editDraft({ suggest: event.currentTarget.checked })} />{t('field.suggest')}</label>
    </details>
  );
}

function close(): void {
  flush();
  const id = open.value;
  open.value = null;
  if (id) requestAnimationFrame(() => document.getElementById('sheet')?.focus({ preventScroll: true }));
}

function openPick(pick: Pick): void {
  cursor.value = idOf(pick);
  if (pick.suggested) return;
  open.value = idOf(pick);
}

function SectionView({ section, number }: { section: Section; number: number }): JSX.Element {
  const suggested = section.picks.filter((pick) => pick.suggested).length;
  return (
    <section class="sec" aria-labelledby={`section-${section.id}`}>
      <header><h2 id={`section-${section.id}`}>{section.title}</h2>
        <span>{t('section.count', { n: section.picks.length })}{suggested > 0 && t('section.suggested', { n: suggested })}</span></header>
      {section.picks.length === 0 && <p class="quiet none">{t('section.empty', { n: number })}</p>}
      <ol>
        {section.picks.map((pick) => {
          const id = idOf(pick);
          return <PickRow key={id} pick={pick} form={section.form} isCursor={cursor.value === id}
            isOpen={open.value === id && !pick.suggested} onOpen={() => openPick(pick)} onClose={close} />;
        })}
      </ol>
    </section>
  );
}

function step(by: 1 | -1): void {
  const picks = allPicks();
  const index = picks.findIndex((pick) => idOf(pick) === cursor.value);
  const to = picks[Math.max(0, Math.min(picks.length - 1, index < 0 ? 0 : index + by))];
  if (!to) return;
  cursor.value = idOf(to);
  document.getElementById(idOf(to))?.scrollIntoView({ block: 'nearest' });
}

function saveAndNext(): void {
  flush();
  if (open.value !== null) cursor.value = open.value;
  step(1);
  const pick = atCursor();
  if (pick) openPick(pick);
}

function withCursor(run: (pick: Pick) => void): () => void {
  return () => {
    const pick = atCursor();
    if (pick) run(pick);
  };
}

function takeOutAndStay(pick: Pick): void {
  const picks = allPicks();
  const index = picks.indexOf(pick);
  const next = picks[index + 1] ?? picks[index - 1];
  takeOut(pick);
  cursor.value = next ? idOf(next) : null;
}

function useDraftKeys(): void {
  useKeys({
    draftDown: () => step(1), draftUp: () => step(-1),
    edit: withCursor((pick) => (pick.suggested ? acceptPick(pick) : openPick(pick))),
    accept: withCursor(acceptPick), takeOut: withCursor(takeOutAndStay),
    moveUp: withCursor((pick) => stepPick(pick, -1)), moveDown: withCursor((pick) => stepPick(pick, 1)),
    toSection: (key) => {
      const pick = atCursor(), id = sectionIds.value[Number(key) - 1];
      if (pick && id && id !== pick.section) movePick(pick, id, 1e6);
    },
    saveNext: saveAndNext, acceptGuide, undo: undoDraft, redo, leave: close,
  });
}

function goTo(finding: Finding): void {
  const pick = allPicks().find((one) => one.id !== null && one.id === finding.pick);
  if (pick) openPick(pick);
  const target = pick ? idOf(pick) : finding.field === 'guide' ? 'guide' : `section-${finding.section ?? ''}`;
  requestAnimationFrame(() => {
    const element = document.getElementById(target);
    element?.scrollIntoView({ block: 'center' });
    if (element instanceof HTMLTextAreaElement) element.focus();
  });
}

function Sheet({ now }: { now: Draft }): JSX.Element {
  useEffect(() => {
    if (open.value === null) return;
    document.getElementById('first-field')?.focus();
    document.getElementById(open.value)?.scrollIntoView({ block: 'nearest' });
  }, [open.value]);
  return (
    <div class="scroll" id="sheet" tabIndex={-1}><div class="sheet">
      <Tally sections={now.sections} /><Guide now={now} /><IssueFields now={now} key={now.id} />
      {now.sections.map((section, index) => <SectionView key={section.id} section={section} number={index + 1} />)}
    </div></div>
  );
}

function Views({ second, onChoose }: { second: boolean; onChoose: (second: boolean) => void }): JSX.Element {
  return (
    <div class="sub rule phone"><div class="seg" role="group" aria-label={t('draft.views')}>
      <button type="button" aria-pressed={!second} onClick={() => onChoose(false)}>{t('draft.edit')}</button>
      <button type="button" aria-pressed={second} onClick={() => onChoose(true)}>
        {findings.value ? `${t('draft.check')} ${findings.value.findings.length}` : t('draft.preview')}</button>
    </div></div>
  );
}

function Body(): JSX.Element {
  if (draft.value) return <Sheet now={draft.value} />;
  return draftStatus.value === 'failed'
    ? <div class="empty" role="alert"><h2>{t('failed.draft')}</h2><p>{t('failed.text')}</p>
        <p class="acts"><button class="btn line" type="button" onClick={() => void readDraft()}>{t('failed.retry')}</button></p></div>
    : <p class="empty quiet" role="status">{t('loading')}</p>;
}

export function DraftPage(): JSX.Element {
  const [second, setSecond] = useState(false);
  const [isPublishing, setPublishing] = useState(false);
  useDraftKeys();
  useEffect(() => { void openDraft(); return flush; }, []);
  return (
    <main id="main" class="draft" {...(second ? { 'data-view': 'second' } : {})}>
      <section class="pane" aria-label={t('draft.edit')}>
        <header class="bar"><h1>{draft.value?.date ?? ''}</h1><span class="quiet">{t('draft')}</span><Saved />
          <button class="btn icon desktop" type="button" aria-label={t('undo')} onClick={undoDraft}><Icon name="undo" /></button>
          {canPublish.value && draft.value && <button class="btn fill" type="button" disabled={!isOnline.value} title={isOnline.value ? '' : t('disconnected')}
            onClick={() => { flush(); setPublishing(true); }}>{t('publish')}</button>}</header>
        <Views second={second} onChoose={setSecond} />
        <Body />
      </section>
      <div class="pane side"><div class="phone"><Views second={second} onChoose={setSecond} /></div><Proof onGo={(finding) => { setSecond(false); goTo(finding); }} /></div>
      {isPublishing && draft.value && <Publish now={draft.value} onClose={() => setPublishing(false)} />}
    </main>
  );
}
