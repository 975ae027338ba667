// The inbox, and with another state the stories kept for later.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n.ts';
import { useKeys } from '../keys.ts';
import { Icon } from '../parts/icon.tsx';
import { go, hrefOf, hrefWith, page, query } from '../route.ts';
import { draft } from '../draft/draft.ts';
import { sectionIds, sections } from '../draft/sections.ts';
import { List, SkeletonList, keepCursorAt, offsetOfCursor } from './list.tsx';
import { Reader } from './reader.tsx';
import { safeUrl } from './reasons.ts';
import { cursorId, cursorStory, decide, fresh, isComplete, isGrouped, isStale, loaded, merge, moveCursor, redo,
  reload, remaining, status, takeIn, ticked, toggleTick, total, undo } from './stories.ts';

function takeFresh(): void {
  const offset = offsetOfCursor();
  void takeIn(() => keepCursorAt(offset));
}

function Count(): JSX.Element {
  const n = total.value ?? remaining.value.length;
  const picked = draft.value?.sections.flatMap((section) => section.picks).filter((pick) => !pick.suggested).length ?? 0;
  const key = page.value === 'later' ? 'list.later' : isComplete.value || total.value !== null ? 'list.count' : 'list.countMore';
  return <span class="quiet">{t(key, { n })}{picked > 0 && t('list.picked', { n: picked })}</span>;
}

function Search(): JSX.Element {
  const asked = query.value.get('q') ?? '';
  return (
    <form class="find desktop" role="search" onSubmit={(event) => {
      event.preventDefault();
      const text = String(new FormData(event.currentTarget).get('q') ?? '').trim();
      go(hrefWith({ q: text || null }));
      document.getElementById('list')?.focus();
    }}>
      <Icon name="search" />
      <input id="search" name="q" type="search" aria-label={t('search.label')} placeholder={t('search')} defaultValue={asked} key={asked}
        onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); go(hrefWith({ q: null })); document.getElementById('list')?.focus(); } }} />
      <kbd>/</kbd>
    </form>
  );
}

function Head(): JSX.Element {
  const byDate = query.value.get('sort') === 'date';
  const grouped = isGrouped.value;
  return (
    <header class="bar">
      <h1>{t(page.value === 'later' ? 'nav.later' : 'nav.inbox')}</h1><Count />
      <a class="btn icon push" href={hrefWith({ group: grouped ? null : 'section' })} role="button" aria-pressed={grouped}
        aria-label={t(grouped ? 'group.off' : 'group.on')} title={t(grouped ? 'group.off' : 'group.on')}><Icon name="group" /></a>
      <a class="btn sort desktop" href={hrefWith({ sort: byDate ? null : 'date' })}>{t(byDate ? 'sort.date' : 'sort.relevance')}</a>
      <Search />
    </header>
  );
}

function countIn(section: string): number | null {
  if (!isComplete.value || query.value.has('section') || query.value.has('uncertain')) return null;
  return remaining.value.filter((story) => story.section === section).length;
}

function Tab({ href, isCurrent, name, n }: { href: string; isCurrent: boolean; name: string; n: number | null }): JSX.Element {
  return <a href={href} {...(isCurrent ? { 'aria-current': 'true' as const } : {})}>{name}{n !== null && <span>{n}</span>}</a>;
}

function Tabs(): JSX.Element {
  const section = query.value.get('section'), unsure = query.value.has('uncertain');
  const waiting = fresh.value > 0 || isStale.value;
  return (
    <nav class="sub rule" aria-label={t('tabs')}>
      <div class="tabs">
        <Tab href={hrefWith({ section: null, uncertain: null })} isCurrent={!section && !unsure} name={t('tabs.all')}
          n={isComplete.value && !section && !unsure ? remaining.value.length : null} />
        {sections.value.map((one) => (
          <Tab key={one.id} href={hrefWith({ section: one.id, uncertain: null })} isCurrent={section === one.id}
            name={one.short_title} n={countIn(one.id)} />
        ))}
        <hr />
        <Tab href={hrefWith({ section: null, uncertain: 'true' })} isCurrent={unsure} name={t('tabs.unsure')}
          n={isComplete.value && !section && !unsure ? remaining.value.filter((story) => story.uncertain).length : null} />
      </div>
      {waiting && <button class="fresh push" type="button" onClick={takeFresh}><Icon name="up" />
        {fresh.value > 0 ? t('fresh', { n: fresh.value }) : t('fresh.stale')}</button>}
    </nav>
  );
}

function Bulk(): JSX.Element | null {
  const n = ticked.value.size;
  if (n === 0) return null;
  return (
    <div class="float" role="toolbar" aria-label={t('bulk', { n })}><b>{t('bulk', { n })}</b>
      <button class="btn" type="button" onClick={() => decide('picked')}>{t('pick')}<kbd>s</kbd></button>
      <button class="btn" type="button" onClick={() => decide('later')}>{t('later')}<kbd>l</kbd></button>
      <button class="btn" type="button" onClick={() => decide('rejected')}>{t('reject')}<kbd>x</kbd></button>
      {n > 1 && <button class="btn" type="button" onClick={merge}>{t('merge')}<kbd>m</kbd></button>}
      <button class="btn icon" type="button" aria-label={t('bulk.clear')} onClick={() => { ticked.value = new Set(); }}><Icon name="x" /></button>
    </div>
  );
}

function Nothing(): JSX.Element {
  const isFiltered = ['section', 'uncertain', 'q', 'source', 'vendor'].some((name) => query.value.has(name));
  const which = isFiltered ? 'filter' : page.value === 'later' ? 'later' : 'inbox';
  return (
    <div class="empty" role="status">
      <h2>{t(`empty.${which}`)}</h2><p>{t(`empty.${which}.text`)}</p>
      <p class="acts">{isFiltered
        ? <a class="btn line" href={hrefOf(page.value)}>{t('empty.filter.clear')}</a>
        : <a class="btn line" href={hrefOf('draft')}>{t('empty.toDraft')}<kbd>g</kbd><kbd>d</kbd></a>}</p>
    </div>
  );
}

function Failed(): JSX.Element {
  return (
    <div class="empty" role="alert"><h2>{t('failed.list')}</h2><p>{t('failed.text')}</p>
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

export function InboxPage(): JSX.Element {
  const [second, setSecond] = useState(false); // on a phone: the reader instead of the list
  const wasFocused = useRef(false);
  const open = (id: string): void => {
    cursorId.value = id;
    setSecond(true);
  };
  useEffect(() => {
    if (cursorStory.value === null && remaining.value[0]) cursorId.value = remaining.value[0].id;
    if (cursorStory.value === null) setSecond(false);
  }, [remaining.value]);
  useEffect(() => {
    if (loaded.value.length === 0 || wasFocused.current) return;
    wasFocused.current = true;
    if (document.activeElement === document.body) document.getElementById('list')?.focus({ preventScroll: true });
  }, [loaded.value.length > 0]);
  useKeys({
    down: () => moveCursor(1), up: () => moveCursor(-1),
    extendDown: () => moveCursor(1, true), extendUp: () => moveCursor(-1, true),
    first: () => moveCursor(-remaining.value.length), last: () => moveCursor(remaining.value.length),
    pick: () => decide('picked'), later: () => decide('later'), reject: () => decide('rejected'),
    section: (key) => { const id = sectionIds.value[Number(key) - 1]; if (id) decide('picked', id); },
    merge, undo, redo, original: openOriginal,
    why: () => { const why = document.getElementById('why'); why?.scrollIntoView({ block: 'nearest' }); why?.focus({ preventScroll: true }); setSecond(true); },
    tick: () => { if (cursorId.value) toggleTick(cursorId.value); },
    fresh: takeFresh,
    filter: (key) => go(hrefWith({ section: sectionIds.value[Number(key) - 1] ?? null, uncertain: null })),
    search: () => document.getElementById('search')?.focus(),
    leave: () => {
      if (second) setSecond(false);
      ticked.value = new Set();
      document.getElementById('list')?.focus({ preventScroll: true });
    },
  });
  return (
    <main id="main" class="two" {...(second ? { 'data-view': 'second' } : {})}>
      <section class="pane"><Head /><Tabs /><Body onOpen={open} /><Bulk /></section>
      <Reader story={cursorStory.value} onBack={() => setSecond(false)} />
    </main>
  );
}
