// What stands around every page: navigation, banner, footer of keys, toast, live regions, help.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { isOnline } from './connection.ts';
import { t } from './i18n.ts';
import { type Entry, type Scope, pending, table, useKeys } from './keys.ts';
import { Icon, type IconName } from './parts/icon.tsx';
import { Caps } from './parts/text.tsx';
import { type Page, go, hrefOf, page } from './route.ts';
import { send, waitingCount } from './outbox.ts';
import { type Theme, language, singleKeys, theme } from './settings.ts';
import { dismiss, hold, politely, release, toast, urgently } from './toast.ts';
import { draft } from './draft/draft.ts';

export const isHelpOpen = signal(false);

const links: { page: Page; icon: IconName }[] = [
  { page: 'inbox', icon: 'inbox' }, { page: 'draft', icon: 'draft' }, { page: 'later', icon: 'later' },
];

function pickedCount(): number {
  return draft.value?.sections.flatMap((section) => section.picks).filter((pick) => !pick.suggested).length ?? 0;
}

const nextTheme: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

function Nav(): JSX.Element {
  return (
    <nav class="nav" aria-label={t('nav')}>
      <a class="title" href={hrefOf('inbox')}><b>{draft.value?.title ?? 'briefd'}</b>
        <span>{draft.value ? t('nav.next', { date: draft.value.date }) : ''}</span></a>
      <ul>
        {links.map((link) => (
          <li key={link.page}>
            <a href={hrefOf(link.page)} {...(page.value === link.page ? { 'aria-current': 'page' as const } : {})}>
              <Icon name={link.icon} /><span>{t(`nav.${link.page}`)}</span>
              {link.page === 'draft' && pickedCount() > 0 && <span class="n desktop">{pickedCount()}</span>}
            </a>
          </li>
        ))}
      </ul>
      <ul class="prefs">
        <li class="far"><button type="button" onClick={() => { theme.value = nextTheme[theme.value]; }}>
          <Icon name="theme" /><span>{t(`theme.${theme.value}`)}</span></button></li>
        <li class="far"><button type="button" lang={language.value === 'en' ? 'zh-CN' : 'en'}
          onClick={() => { language.value = language.value === 'en' ? 'zh-CN' : 'en'; }}>
          <b class="i glyph" aria-hidden="true">{language.value === 'en' ? '中' : 'A'}</b><span>{t('language')}</span></button></li>
        <li class="far"><button type="button" onClick={() => { isHelpOpen.value = true; }}>
          <Icon name="help" /><span>{t('help')}</span></button></li>
      </ul>
      <p class="state" role="status"><i class={isOnline.value ? 'dot' : 'dot bad'} /><span>{t(isOnline.value ? 'connected' : 'disconnected')}</span></p>
    </nav>
  );
}

function Banner(): JSX.Element | null {
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

function Keys({ entry }: { entry: Entry }): JSX.Element {
  const [first, second] = [entry.keys[0] ?? '', entry.keys.at(-1) ?? ''];
  if (isRange(entry)) {
    const digits = entry.keys.filter((key) => !key.endsWith('0'));
    return <><Caps name={first} /><i>–</i><Caps name={(digits.at(-1) ?? second).split(' ').at(-1) ?? ''} /></>;
  }
  return <Caps name={first} />;
}

function Foot(): JSX.Element {
  const scope: Scope = page.value === 'draft' ? 'draft' : 'list';
  const entries: Entry[] = table.filter((entry: Entry) => entry.foot && (entry.scope === scope || entry.scope === 'all'));
  return (
    <footer class="foot" aria-hidden="true">
      {pending.value !== null && <span><kbd>{pending.value}</kbd>…</span>}
      {entries.map((entry) => <span key={entry.id}><Keys entry={entry} />{t(entry.label)}</span>)}
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
        {shown.act.label}<kbd>z</kbd></button>}
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

const scopes: Scope[] = ['list', 'draft', 'go', 'all'];

function Help(): JSX.Element {
  const close = (): void => { isHelpOpen.value = false; };
  const isOff = singleKeys.value === 'off';
  return (
    <Dialog title={t('help')} onClose={close}>
      <div class="keys">
        {scopes.map((scope) => (
          <section key={scope}><h3>{t(`help.${scope}`)}</h3>
            <dl>{table.filter((entry: Entry) => entry.scope === scope).map((entry: Entry) => (
              <div key={entry.id}><dt>{t(entry.label)}</dt><dd><Keys entry={entry} /></dd></div>))}</dl>
          </section>
        ))}
      </div>
      <footer><span class="quiet">{t('help.single')}</span>
        <button class="btn line push" type="button" onClick={() => { singleKeys.value = isOff ? 'on' : 'off'; }}>
          {t(isOff ? 'help.on' : 'help.off')}</button></footer>
    </Dialog>
  );
}

export function Frame({ children }: { children: JSX.Element }): JSX.Element {
  useKeys({
    goInbox: () => go(hrefOf('inbox')), goDraft: () => go(hrefOf('draft')), goLater: () => go(hrefOf('later')),
    help: () => { isHelpOpen.value = true; },
  });
  return (
    <>
      <a class="skip" href="#main">{t('skip')}</a>
      <div class="app"><Nav /><Banner />{children}<Foot /></div>
      <ToastView />
      {isHelpOpen.value && <Help />}
      <p class="sr" aria-live="polite">{politely.value}</p>
      <p class="sr" role="alert">{urgently.value}</p>
    </>
  );
}
