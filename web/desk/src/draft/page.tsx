// The draft: the guide, the sections with their picks in printing order, and the proof beside them.
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Draft, Pick, Section } from '../api.ts';
import { isOnline } from '../connection.ts';
import { clockTime, t } from '../i18n.ts';
import { useKeys } from '../keys.ts';
import { lastSaved, waitingCount } from '../outbox.ts';
import { Icon } from '../parts/icon.tsx';
import { redo } from '../inbox/deciding.ts';
import { hrefOf } from '../route.ts';
import { Checks, goToNextCheck } from './checks.tsx';
import { draftStatus, drafts, findings, readDraft, shown } from './draft.ts';
import { useDragging } from './drag.ts';
import { conflicts, draftWaiting, editDraft, flush, problem, unsent } from './edits.ts';
import { Guide, acceptGuide } from './guide.tsx';
import { Lines } from './lines.tsx';
import { acceptAll, acceptPick, carry, drop, lift, lifted, movePick, putBack, stepPick, takeOut, undoDraft } from './moves.ts';
import { idOf } from './pick.tsx';
import { type View, allPicks, atCursor, close, cursor, open, openPick, saveAndNext, setCursor, step, takeOrOpen, view, writing } from './place.ts';
import { Preview, nextForm } from './preview.tsx';
import { Publish, askToPublish, publishing } from './publish.tsx';
import { SectionView } from './section.tsx';
import { sectionName } from './sections.ts';

function goToConflict(): void {
  const target = [...conflicts.value.keys()][0] ?? '';
  const pick = allPicks().find((one) => target === `pick ${one.id ?? ''}`);
  if (pick) openPick(pick);
  else document.querySelector('.conflict')?.scrollIntoView({ block: 'center' });
}

function Saved(): JSX.Element {
  if (conflicts.value.size > 0) return <button class="saved warn push" type="button" onClick={goToConflict}>{t('saved.not', { why: t('saved.elsewhere') })}</button>;
  if (problem.value !== null) return <span class="saved bad push" role="status">{t('saved.not', { why: problem.value })}</span>;
  if (!isOnline.value && waitingCount.value > 0) return <span class="saved warn push" role="status">{t('saved.offline', { n: waitingCount.value })}</span>;
  if (unsent.value > 0 || draftWaiting.value > 0) return <span class="saved push" role="status">{t('saving')}</span>;
  return <span class="saved push" role="status">{lastSaved.value !== null && <><Icon name="check" /><span>{t('saved', { at: clockTime(lastSaved.value) })}</span></>}</span>;
}

function Tally({ sections }: { sections: Section[] }): JSX.Element {
  const uncounted = sections.find((section) => section.form === 'oneline');
  const count = sections.filter((section) => section.form !== 'oneline').reduce((sum, section) => sum + section.picks.length, 0);
  return (
    <p class="tally" aria-label={t('tally')}>
      {sections.map((section) => <span key={section.id}>{sectionName(section.id)}<b>{section.picks.length}</b></span>)}
      <span class="push"><b>{t('tally.sum', { n: count })}</b>
        {uncounted && <span class="desktop">{t('tally.except', { section: sectionName(uncounted.id) })}</span>}</span>
    </p>
  );
}

function Suggestions({ now }: { now: Draft }): JSX.Element | null {
  const suggested = now.sections.flatMap((section) => section.picks).filter((pick) => pick.suggested).length;
  if (suggested === 0 || now.corrects !== null) return null;
  return (
    <p class="suggestions"><span class="sug">{t('pick.suggested')}</span><span>{t('suggest.count', { n: suggested })}</span>
      <button class="btn push" type="button" onClick={acceptAll}>{t('suggest.all')}</button>
      <button class="btn" type="button" onClick={toggleSuggestions}>{t('suggest.none')}</button></p>
  );
}

// ---- keys ----

function withCursor(run: (pick: Pick) => void): () => void {
  return () => {
    const pick = atCursor();
    if (pick) run(pick);
  };
}

function takeOutAndStay(pick: Pick): void {
  const picks = allPicks(), index = picks.indexOf(pick);
  const next = picks[index + 1] ?? picks[index - 1];
  if (open.value === idOf(pick)) close();
  takeOut(pick);
  setCursor(next ? idOf(next) : null);
}

/** The line stays under the cursor, and in sight, wherever it goes. */
function following(run: (pick: Pick) => void): () => void {
  return withCursor((pick) => {
    run(pick);
    setCursor(idOf(pick));
  });
}

function startByHand(): void {
  writing.value = atCursor()?.section ?? shown.value?.sections[0]?.id ?? null;
}

function toggleSuggestions(): void {
  const now = shown.value;
  if (now === null || now.corrects !== null) return;
  editDraft({ suggest: !now.suggest });
  flush();
}

/** What a key does depends on whether a line is in her hand, at the moment it is pressed. */
function inHand(held: () => void, otherwise: (key: string) => void): (key: string) => void {
  return (key) => (lifted.value === null ? otherwise(key) : held());
}

const none = (): void => undefined;

function useDraftKeys(): void {
  const carryUp = following(() => carry(-1)), carryDown = following(() => carry(1));
  useKeys({
    draftDown: inHand(carryDown, () => step(1)), draftUp: inHand(carryUp, () => step(-1)),
    moveUp: inHand(carryUp, following((pick) => stepPick(pick, -1))), moveDown: inHand(carryDown, following((pick) => stepPick(pick, 1))),
    lift: inHand(drop, withCursor(lift)), edit: inHand(drop, withCursor(takeOrOpen)), leave: inHand(following(putBack), close),
    accept: inHand(none, withCursor(acceptPick)), takeOut: inHand(none, withCursor(takeOutAndStay)),
    toSection: inHand(none, (key) => {
      const pick = atCursor(), section = shown.value?.sections[Number(key) - 1];
      if (pick && section && section.id !== pick.section) movePick(pick, section.id, 1e6);
      setCursor(cursor.value);
    }),
    saveNext: inHand(drop, saveAndNext), acceptGuide, undo: inHand(none, undoDraft), redo: inHand(none, redo),
    byHand: inHand(none, startByHand), nextCheck: inHand(none, goToNextCheck), nextForm,
    suggest: inHand(none, toggleSuggestions),
    publish: inHand(none, () => { flush(); askToPublish(); }),
  }, { active: publishing.value === null });
}

// ---- the page ----

function Sheet({ now }: { now: Draft }): JSX.Element {
  return (
    <div class="scroll" id="sheet" tabIndex={-1}><div class="sheet">
      <Tally sections={now.sections} /><Guide now={now} key={`guide ${now.id}`} /><Lines now={now} key={now.id} /><Suggestions now={now} />
      {now.sections.map((section, index) => <SectionView key={section.id} now={now} section={section} number={index + 1} />)}
    </div></div>
  );
}

const views: readonly View[] = ['edit', 'check', 'preview'];

function Views(): JSX.Element {
  return (
    <div class="sub rule phone"><div class="seg" role="group" aria-label={t('draft.views')}>
      {views.map((one) => (
        <button key={one} type="button" aria-pressed={view.value === one} onClick={() => { view.value = one; }}>
          {t(`draft.${one}`)}{one === 'check' && <i>{findings.value?.findings.length ?? ''}</i>}</button>))}
    </div></div>
  );
}

/** Which of the open drafts she has before her, and the way to the others. */
function Which({ now }: { now: Draft }): JSX.Element {
  const others = drafts.value.filter((one) => one.id !== now.id);
  return (
    <>
      <span class={now.corrects === null ? 'quiet' : 'warn'}>{t(now.corrects === null ? 'draft' : 'draft.correction')}</span>
      {others.map((one) => <a class="link desktop" key={one.id} href={hrefOf('draft', one.corrects === null ? {} : { draft: one.id })}>
        {t(one.corrects === null ? 'draft.toNext' : 'draft.toCorrection', { date: one.date })}</a>)}
    </>
  );
}

function Body({ now }: { now: Draft | null }): JSX.Element {
  if (now) return <Sheet now={now} />;
  return draftStatus.value === 'failed'
    ? <div class="empty" role="alert"><h2>{t('failed.draft')}</h2><p>{t('failed.text')}</p>
        <p class="acts"><button class="btn line" type="button" onClick={() => void readDraft()}>{t('failed.retry')}</button></p></div>
    : <p class="empty quiet" role="status">{t('loading')}</p>;
}

function Head({ now }: { now: Draft | null }): JSX.Element {
  return (
    <header class="bar"><h1>{now?.date ?? ''}</h1>{now && <Which now={now} />}<Saved />
      <button class="btn icon desktop" type="button" aria-label={t('undo')} onClick={undoDraft}><Icon name="undo" /></button>
      {now && <button class="btn fill" type="button" aria-disabled={!isOnline.value} title={isOnline.value ? '' : t('disconnected')}
        onClick={() => { flush(); if (isOnline.value) askToPublish(); }}>{t(now.corrects === null ? 'publish' : 'publish.again')}</button>}</header>
  );
}

export function DraftPage(): JSX.Element {
  const now = shown.value;
  useDraftKeys();
  useDragging();
  useEffect(() => {
    if (atCursor() === undefined) cursor.value = null;
    return () => { flush(); putBack(); open.value = null; };
  }, [now?.id]);
  return (
    <main id="main" class="draft" data-part={view.value} {...(view.value === 'edit' ? {} : { 'data-view': 'second' })}>
      <section class="pane" aria-label={t('draft.edit')}>
        <Head now={now} /><Views />
        {now?.corrects && <p class="notice" role="status"><Icon name="warn" />{t('draft.corrects', { date: now.corrects })}</p>}
        <Body now={now} />
      </section>
      <aside class="pane side" aria-label={t('draft.side')}><Views /><Checks /><Preview /></aside>
      {publishing.value && <Publish now={publishing.value} />}
    </main>
  );
}
