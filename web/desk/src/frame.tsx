// What stands around every page: navigation, banner, footer of keys, toast, live regions, help.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { loginHref, logOut, me } from './account.ts';
import { type Adding, adding, openAdd } from './add/add.ts';
import type { AddDialog } from './add/dialog.tsx';
import { isLoggedOut } from './api.ts';
import { isOnline } from './connection.ts';
import { type Key, t } from './i18n.ts';
import { type Entry, type Handlers, type Scope, caps, pending, table, useKeys } from './keys.ts';
import { type PageEntry, pageTable, pagesOf } from './pages.tsx';
import { Icon } from './parts/icon.tsx';
import { Caps } from './parts/text.tsx';
import { type Page, go, hrefOf, page, query } from './route.ts';
import { send, waitingCount } from './outbox.ts';
import { type Theme, language, singleKeys, theme } from './settings.ts';
import { dismiss, hold, politely, release, say, toast, urgently } from './toast.ts';
import { draft, pickedCount } from './draft/draft.ts';
import { countOf, failingFeeds, stock } from './inbox/counts.ts';

export const isHelpOpen = signal(false);
const isMoreOpen = signal(false);

/** The number beside a page's name. */
const counters: Partial<Record<Page, () => number | null>> = {
  inbox: () => countOf('inbox'), draft: pickedCount, later: () => countOf('later'), archive: () => stock.value?.issues ?? null,
};

const nextTheme: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

function NavLink({ name, entry, isFar = false }: { name: Page; entry: PageEntry; isFar?: boolean }): JSX.Element {
  const n = counters[name]?.() ?? null;
  return (
    <li class={isFar ? 'far' : ''}>
      <a href={hrefOf(name)} {...(page.value === name ? { 'aria-current': 'page' as const } : {})}>
        <Icon name={entry.icon} /><span>{t(`nav.${name}`)}</span>
        {n !== null && n > 0 && <span class="n desktop">{n}</span>}
        {name === 'sources' && failingFeeds.value > 0 && <span class="n bad">{t('nav.failing', { n: failingFeeds.value })}</span>}
      </a>
    </li>
  );
}

function Prefs(): JSX.Element {
  return (
    <ul class="prefs">
      <li><button type="button" onClick={() => { theme.value = nextTheme[theme.value]; }}>
        <Icon name="theme" /><span>{t(`theme.${theme.value}`)}</span></button></li>
      <li><button type="button" lang={language.value === 'en' ? 'zh-CN' : 'en'}
        onClick={() => { language.value = language.value === 'en' ? 'zh-CN' : 'en'; }}>
        <b class="i glyph" aria-hidden="true">{language.value === 'en' ? '中' : 'A'}</b><span>{t('language')}</span></button></li>
      <li><button type="button" onClick={() => { isHelpOpen.value = true; }}>
        <Icon name="help" /><span>{t('help')}</span></button></li>
      {me.value?.accounts && <li><button type="button" onClick={() => void logOut()}>
        <Icon name="leave" /><span>{t('account.leave', { name: me.value.name })}</span></button></li>}
    </ul>
  );
}

/** What the bottom bar of a phone has no room for. */
function More(): JSX.Element {
  const close = (): void => { isMoreOpen.value = false; };
  return (
    <Dialog title={t('nav.more')} onClose={close}>
      <ul class="sheet-list" onClick={close}>
        {pagesOf('manage').map(([name, entry]) => (
          <li key={name}><a href={hrefOf(name)}><Icon name={entry.icon} />{t(`nav.${name}`)}</a></li>))}
      </ul>
      <Prefs />
    </Dialog>
  );
}

function Nav(): JSX.Element {
  return (
    <nav class="nav" aria-label={t('nav')}>
      <a class="title" href={hrefOf('inbox')}><b>{draft.value?.title ?? 'briefd'}</b>
        <span>{draft.value ? t('nav.next', { date: draft.value.date }) : ''}</span></a>
      <button class="add" type="button" onClick={() => openAdd()}><Icon name="plus" /><span>{t('add.link')}</span><kbd class="push">a</kbd></button>
      <ul>{pagesOf('issue').map(([name, entry]) => <NavLink key={name} name={name} entry={entry} />)}</ul>
      <h2>{t('nav.manage')}</h2>
      <ul>{pagesOf('manage').map(([name, entry]) => <NavLink key={name} name={name} entry={entry} isFar />)}
        <li class="phone"><button type="button" aria-haspopup="dialog" onClick={() => { isMoreOpen.value = true; }}>
          <Icon name="more" /><span>{t('nav.more')}</span></button></li></ul>
      <Prefs />
      <p class="state" role="status"><i class={isOnline.value ? 'dot' : 'dot bad'} /><span>{t(isOnline.value ? 'connected' : 'disconnected')}</span></p>
    </nav>
  );
}

function Banner(): JSX.Element | null {
  if (isLoggedOut.value) {
    return (
      <div class="banner" role="alert"><Icon name="warn" /><span>{t('account.ended')}</span>
        {waitingCount.value > 0 && <span class="quiet">{t('offline.waiting', { n: waitingCount.value })}</span>}
        <a class="btn line push" href={loginHref()}>{t('account.login')}</a>
      </div>
    );
  }
  if (isOnline.value) return null;
  return (
    <div class="banner" role="alert"><Icon name="warn" /><span>{t('offline.banner')}</span>
      {waitingCount.value > 0 && <span class="quiet">{t('offline.waiting', { n: waitingCount.value })}</span>}
      <button class="btn line push" type="button" onClick={() => void send()}>{t('offline.retry')}</button>
    </div>
  );
}

function isRange(entry: Entry): boolean {
  return entry.keys.length > 2 && /\d$/.test(entry.keys[0] ?? '');
}

/** Entries as lines: two of a pair are one. */
function linesOf(entries: Entry[]): { label: Key; entries: Entry[] }[] {
  return entries.flatMap((entry, index) => {
    if (entries[index - 1]?.pair) return [];
    const other = entries[index + 1];
    return [entry.pair && other ? { label: entry.pair, entries: [entry, other] } : { label: entry.label, entries: [entry] }];
  });
}

/** The keys of a line, what two have in common ("Alt", "Shift") once. */
function LineKeys({ entries: [entry, other] }: { entries: Entry[] }): JSX.Element | null {
  if (!entry) return null;
  if (!other) return <Keys entry={entry} />;
  const [one, two] = [caps(entry.keys[0] ?? ''), caps(other.keys[0] ?? '')];
  return <>{[...one, ...two.filter((cap) => !one.includes(cap))].map((cap) => <kbd key={cap}>{cap}</kbd>)}</>;
}

function Keys({ entry }: { entry: Entry }): JSX.Element {
  const [first, second] = [entry.keys[0] ?? '', entry.keys.at(-1) ?? ''];
  if (isRange(entry)) {
    const digits = entry.keys.filter((key) => !key.endsWith('0'));
    return <><Caps name={first} /><i>–</i><Caps name={(digits.at(-1) ?? second).split(' ').at(-1) ?? ''} /></>;
  }
  return <Caps name={first} />;
}

function Foot(): JSX.Element {
  const scope: Scope = pageTable[page.value]?.scope ?? 'list';
  const entries: Entry[] = table.filter((entry: Entry) => entry.foot && (entry.scope === scope || entry.scope === 'all'));
  return (
    <footer class="foot" aria-hidden="true">
      {pending.value !== null && <span><kbd>{pending.value}</kbd>…</span>}
      {linesOf(entries).map((line) => <span key={line.label}><LineKeys entries={line.entries} />{t(line.label)}</span>)}
      <span class="push"><kbd>?</kbd>{t('key.help')}</span>
    </footer>
  );
}

function ToastView(): JSX.Element | null {
  const shown = toast.value;
  if (shown === null) return null;
  return (
    <div class="float toast" onMouseEnter={hold} onMouseLeave={release} onFocusIn={hold} onFocusOut={release}>
      <span class={shown.tone === 'bad' ? 'bad' : ''}>{shown.text}</span>
      {shown.act && <button class="btn" type="button" onClick={() => { const { act } = shown; dismiss(); act?.run(); }}>
        {shown.act.label}<Caps name={shown.act.key ?? 'z'} /></button>}
      <button class="btn icon" type="button" aria-label={t('close')} onClick={dismiss}><Icon name="x" /></button>
    </div>
  );
}

/** A dialog takes the focus, keeps it, and gives it back. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: JSX.Element | JSX.Element[] }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement, shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close(); // all else is inert while it is open
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useKeys({ leave: onClose, help: onClose }, { modal: true });
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="dialog-title" onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => { if (event.target === dialog.current) onClose(); }}>
      <header><h2 id="dialog-title">{title}</h2>
        <button class="btn icon push" type="button" aria-label={t('close')} onClick={onClose}><Icon name="x" /></button></header>
      {children}
    </dialog>
  );
}

const addDialog = signal<typeof AddDialog | null>(null);

function Add({ adding: start }: { adding: Adding }): JSX.Element | null {
  useEffect(() => {
    import('./add/dialog.tsx').then((module) => { addDialog.value = module.AddDialog; }, () => {
      adding.value = null;
      say({ text: t('page.failed.text'), tone: 'bad' });
    });
  }, []);
  const Found = addDialog.value;
  return Found && <Found start={start} onClose={() => { adding.value = null; }} />;
}

const scopes: Scope[] = [...new Set(table.map((entry: Entry) => entry.scope))];

function Help(): JSX.Element {
  const close = (): void => { isHelpOpen.value = false; };
  const isOff = singleKeys.value === 'off';
  return (
    <Dialog title={t('help')} onClose={close}>
      <div class="keys">
        {scopes.map((scope) => (
          <section key={scope}><h3>{t(`help.${scope}`)}</h3>
            <dl>{linesOf(table.filter((entry: Entry) => entry.scope === scope)).map((line) => (
              <div key={line.label}><dt>{t(line.label)}</dt><dd><LineKeys entries={line.entries} /></dd></div>))}</dl>
          </section>
        ))}
      </div>
      <footer><span class="quiet">{t('help.single')}</span>
        <button class="btn line push" type="button" onClick={() => { singleKeys.value = isOff ? 'on' : 'off'; }}>
          {t(isOff ? 'help.on' : 'help.off')}</button></footer>
    </Dialog>
  );
}

/** g and a page's letter. */
function goKeys(): Handlers {
  return Object.fromEntries((Object.entries(pageTable) as [Page, PageEntry][])
    .flatMap(([name, { key }]) => (key ? [[key, () => go(hrefOf(name))]] : [])));
}

/** On a narrow screen tabs run out of it: the current one is brought in. */
function useTabInSight(): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
    return () => cancelAnimationFrame(frame);
  }, [page.value, query.value]);
}

export function Frame({ children }: { children: JSX.Element }): JSX.Element {
  useTabInSight();
  useKeys({
    ...goKeys(),
    help: () => { isHelpOpen.value = true; },
    add: () => openAdd(),
    search: () => go(hrefOf('search')),
  });
  return (
    <>
      <a class="skip" href="#main">{t('skip')}</a>
      <div class="app"><Nav /><Banner />{children}<Foot /></div>
      <ToastView />
      {isHelpOpen.value && <Help />}
      {isMoreOpen.value && <More />}
      {adding.value && <Add adding={adding.value} />}
      <p class="sr" aria-live="polite">{politely.value}</p>
      <p class="sr" role="alert">{urgently.value}</p>
    </>
  );
}
