// The inbox, and with another state the stories kept for later.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { openAdd } from '../add/add.ts';
import { t } from '../i18n.ts';
import { useKeys } from '../keys.ts';
import { Icon } from '../parts/icon.tsx';
import { Caps } from '../parts/text.tsx';
import { go, hrefOf, hrefWith, page, query } from '../route.ts';
import { pickedCount } from '../draft/draft.ts';
import { sectionIds, sectionName, sections } from '../draft/sections.ts';
import { countOf, listCounts, stock } from './counts.ts';
import { chosen, decide, merge, redo, undo } from './deciding.ts';
import { Active, FilterDialog } from './filter-dialog.tsx';
import { activeFacets, isFiltered } from './filters.ts';
import { List, SkeletonList, focusList, keepCursorAt, offsetOfCursor } from './list.tsx';
import { Reader, ReaderBones } from './reader.tsx';
import { Start } from './start.tsx';
import { safeUrl } from './reasons.ts';
import { clearTicks, cursorId, cursorStory, failure, fresh, isComplete, isStale, loaded, moveCursor, reload, remaining, status, takeIn,
  ticked, toggleTick, total } from './stories.ts';

function takeFresh(): void {
  const offset = offsetOfCursor();
  void takeIn(() => keepCursorAt(offset));
}

function Count(): JSX.Element {
  const n = total.value ?? remaining.value.length, picked = pickedCount();
  if (status.value === 'loading' && n === 0) return <span class="quiet desktop">{t('loading')}</span>;
  return <span class="quiet desktop">{n === 0 ? t('list.none') : t(page.value === 'later' ? 'list.later' : 'list.count', { n })}{picked > 0 && t('list.picked', { n: picked })}</span>;
}

function Search(): JSX.Element {
  return (
    <form class="find desktop" role="search" onSubmit={(event) => {
      event.preventDefault();
      const text = String(new FormData(event.currentTarget).get('q') ?? '').trim();
      if (text) go(hrefOf('search', { q: text }));
    }}>
      <Icon name="search" />
      <input id="search" name="q" type="search" aria-label={t('search.label')} placeholder={t('search')}
        onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); focusList(); } }} />
      <kbd>/</kbd>
    </form>
  );
}

/** One order or the other, one list or grouped: kept in the address. */
function Views({ onFilter }: { onFilter: () => void }): JSX.Element {
  const byDate = query.value.get('sort') === 'date', grouped = query.value.get('group') === 'section';
  return (
    <>
      <button class="btn icon push" type="button" aria-haspopup="dialog" aria-label={t('filter')} title={`${t('filter')} (f f)`}
        aria-pressed={activeFacets.value.length > 0} onClick={onFilter}><Icon name="filter" /></button>
      <button class="btn icon" type="button" aria-pressed={grouped} aria-label={t('group.on')} title={t(grouped ? 'group.off' : 'group.on')}
        onClick={() => go(hrefWith({ group: grouped ? null : 'section' }))}><Icon name="group" /></button>
      <button class="btn desktop" type="button" aria-label={t(byDate ? 'sort.date' : 'sort.relevance')} title={t('sort.change')}
        onClick={() => go(hrefWith({ sort: byDate ? null : 'date' }))}><Icon name="sort" /><span>{t(byDate ? 'sort.dateShort' : 'sort.relevanceShort')}</span></button>
    </>
  );
}

function Fresh(): JSX.Element | null {
  if (fresh.value === 0 && !isStale.value) return null;
  return (
    <button class="fresh" type="button" onClick={takeFresh}><Icon name="up" />
      {fresh.value > 0 ? t('fresh', { n: fresh.value }) : t('fresh.stale')}</button>
  );
}

function Head({ onFilter }: { onFilter: () => void }): JSX.Element {
  return (
    <header class="bar">
      <h1>{t(page.value === 'later' ? 'nav.later' : 'nav.inbox')}</h1><Count />
      <span class="phone"><Fresh /></span>
      <Views onFilter={onFilter} />
      <Search />
      <a class="btn icon phone" href={hrefOf('search')} aria-label={t('search')}><Icon name="search" /></a>
      <button class="btn icon phone" type="button" aria-label={t('add.link')} onClick={() => openAdd()}><Icon name="plus" /></button>
    </header>
  );
}

function Tab({ href, isCurrent, name, n }: { href: string; isCurrent: boolean; name: string; n: number | null }): JSX.Element {
  return <a href={href} {...(isCurrent ? { 'aria-current': 'true' as const } : {})}>{name}{n !== null && n > 0 && <span>{n}</span>}</a>;
}

function Tabs(): JSX.Element {
  const section = query.value.get('section'), unsure = query.value.has('uncertain');
  const counts = listCounts.value;
  return (
    <div class="sub rule">
      <nav class="tabs" aria-label={t('tabs')}>
        <Tab href={hrefWith({ section: null, uncertain: null })} isCurrent={!section && !unsure} name={t('tabs.all')}
          n={unsure ? null : counts?.total ?? null} />
        {sections.value.map((one) => (
          <Tab key={one.id} href={hrefWith({ section: one.id, uncertain: null })} isCurrent={section === one.id}
            name={sectionName(one.id)} n={unsure ? null : counts?.sections.get(one.id) ?? null} />
        ))}
        <hr />
        <Tab href={hrefWith({ section: null, uncertain: 'true' })} isCurrent={unsure} name={t('tabs.unsure')}
          n={counts?.uncertain ?? null} />
      </nav>
      <span class="push desktop"><Fresh /></span>
    </div>
  );
}

function Bulk(): JSX.Element | null {
  const n = ticked.value.size;
  if (n === 0) return null;
  return (
    <div class="float" role="toolbar" aria-label={t('bulk', { n })}><b>{t('bulk', { n })}</b>
      <button class="btn" type="button" onClick={() => decide('picked')}>{t('pick')}<kbd>s</kbd></button>
      {page.value === 'later'
        ? <button class="btn" type="button" onClick={() => decide('inbox')}>{t('toInbox')}</button>
        : <button class="btn" type="button" onClick={() => decide('later')}>{t('later')}<kbd>l</kbd></button>}
      <button class="btn" type="button" onClick={() => decide('rejected')}>{t('reject')}<kbd>x</kbd></button>
      {n > 1 && <button class="btn" type="button" onClick={merge}>{t('merge')}<kbd>m</kbd></button>}
      <button class="btn icon" type="button" aria-label={t('bulk.clear')} onClick={clearTicks}><Icon name="x" /></button>
    </div>
  );
}

/** Why there is nothing: a filter, nothing to follow, nothing come yet, or all seen. */
function whyNothing(): 'filter' | 'later' | 'feeds' | 'waiting' | 'inbox' {
  if (isFiltered.value) return 'filter';
  if (page.value === 'later') return 'later';
  return stock.value?.feeds === 0 ? 'feeds' : stock.value?.items === 0 ? 'waiting' : 'inbox';
}

function ToDo({ which }: { which: ReturnType<typeof whyNothing> }): JSX.Element | null {
  const later = countOf('later') ?? 0;
  if (which === 'waiting') return null;
  if (which === 'filter') return <p class="acts"><a class="btn line" href={hrefOf(page.value)}>{t('empty.filter.clear')}</a></p>;
  if (which === 'feeds') {
    return (
      <p class="acts"><button class="btn fill" type="button" onClick={() => openAdd()}>{t('add.link')}<kbd>a</kbd></button>
        <a class="btn line" href={hrefOf('sources')}>{t('opml.import')}<Caps name="g s" /></a></p>
    );
  }
  return (
    <p class="acts"><a class="btn fill" href={hrefOf('draft')}>{t('empty.toDraft')}<Caps name="g d" /></a>
      {which === 'inbox' && later > 0 && <a class="btn line" href={hrefOf('later')}>{t('empty.toLater', { n: later })}<Caps name="g l" /></a>}
      {which === 'later' && <a class="btn line" href={hrefOf('inbox')}>{t('nav.inbox')}<Caps name="g i" /></a>}</p>
  );
}

function Nothing(): JSX.Element {
  const which = whyNothing();
  return (
    <div class="empty" role="status">
      <h2 tabIndex={-1}>{t(`empty.${which}`)}</h2>
      <p>{t(`empty.${which}.text`, { n: which === 'waiting' ? stock.value?.feeds ?? 0 : pickedCount() })}</p>
      <ToDo which={which} />
      {which === 'inbox' && <p class="quiet">{t('empty.paste')}</p>}
    </div>
  );
}

function Failed(): JSX.Element {
  return (
    <div class="empty" role="alert"><h2>{t('failed.list')}</h2><p>{failure.value ?? t('failed.text')}</p>
      <p class="acts"><button class="btn line" type="button" onClick={reload}>{t('failed.retry')}</button></p></div>
  );
}

function openOriginal(): void {
  const href = safeUrl(cursorStory.value?.url ?? null);
  if (href) window.open(href, '_blank', 'noopener,noreferrer');
}

function Body({ onOpen }: { onOpen: (id: string) => void }): JSX.Element {
  if (status.value === 'loading' && loaded.value.length === 0) return <SkeletonList />;
  if (status.value === 'failed') return <Failed />;
  return remaining.value.length === 0 && isComplete.value ? <Nothing /> : <List onOpen={onOpen} />;
}

/** A cursor there always is; the focus is the list's when nothing else has it. */
function useCursor(onGone: () => void): void {
  const wasFocused = useRef(false);
  useEffect(() => {
    if (cursorStory.value !== null) return;
    if (remaining.value[0]) cursorId.value = remaining.value[0].id;
    else onGone();
  }, [remaining.value]);
  useEffect(() => {
    if (loaded.value.length === 0 || wasFocused.current) return;
    wasFocused.current = true;
    if (document.activeElement === document.body) focusList();
  }, [loaded.value.length > 0]);
}

export function InboxPage(): JSX.Element {
  const [second, setSecond] = useState(false); // on a phone: the reader instead of the list
  const [isFiltering, setFiltering] = useState(false);
  const isEmpty = remaining.value.length === 0 && (status.value === 'failed' || (status.value === 'ready' && isComplete.value));
  useEffect(() => {
    if (isEmpty && fresh.value > 0) takeFresh(); // nothing that she reads could move
  }, [isEmpty, fresh.value > 0]);
  useCursor(() => setSecond(false));
  const open = (id: string): void => {
    cursorId.value = id;
    setSecond(true);
  };
  useKeys({
    down: () => moveCursor(1), up: () => moveCursor(-1),
    extendDown: () => moveCursor(1, true), extendUp: () => moveCursor(-1, true),
    first: () => moveCursor(-remaining.value.length), last: () => moveCursor(remaining.value.length),
    pick: () => decide('picked'), later: () => decide('later'), reject: () => decide('rejected'),
    section: (key) => { const id = sectionIds.value[Number(key) - 1]; if (id) decide('picked', id); },
    merge, undo, redo, original: openOriginal,
    why: () => { setSecond(true); const why = document.getElementById('why'); why?.scrollIntoView({ block: 'start' }); why?.focus({ preventScroll: true }); },
    tick: () => { if (cursorId.value) toggleTick(cursorId.value); },
    editPick: () => {
      const [story] = chosen();
      if (!story) return;
      decide('picked', undefined, [story]);
      go(hrefOf('draft', { story: story.id }));
    },
    fresh: takeFresh,
    filter: (key) => go(hrefWith({ section: sectionIds.value[Number(key) - 1] ?? null, uncertain: null })),
    filterMore: () => setFiltering(true),
    search: () => document.getElementById('search')?.focus(),
    leave: () => {
      if (ticked.value.size > 0) clearTicks();
      else setSecond(false);
      focusList();
    },
  });
  return (
    <main id="main" class={isEmpty ? 'solo' : 'two'} {...(second ? { 'data-view': 'second' } : {})}>
      <section class="pane" aria-label={t('list.pane')}><Head onFilter={() => setFiltering(true)} /><Tabs /><Active /><Start /><Body onOpen={open} /><Bulk /></section>
      {isEmpty ? null : status.value === 'loading' && cursorStory.value === null ? <ReaderBones /> : <Reader story={cursorStory.value} onBack={() => setSecond(false)} />}
      {isFiltering && <FilterDialog onClose={() => setFiltering(false)} />}
    </main>
  );
}
