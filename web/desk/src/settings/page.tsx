// How she likes the desk, on this browser: her name in the log, language, look, keys, and a bookmark that adds.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import { type Key, t } from '../i18n.ts';
import { useRemote } from '../parts/remote.ts';
import { Caps } from '../parts/text.tsx';
import { type Language, type Theme, editor, language, singleKeys, theme } from '../settings.ts';
import { say } from '../toast.ts';
import { Account, type Me, Password, Sessions, Tokens } from './access.tsx';
import { addressOf } from '../route.ts';

const nameMaxBytes = 100; // as the service takes it

function Choice<T extends string>({ value, options, label }: { value: Signal<T>; options: { id: T; label: string }[]; label: string }): JSX.Element {
  return (
    <div class="seg" role="group" aria-label={label}>{options.map((option) => (
      <button key={option.id} type="button" aria-pressed={value.value === option.id} onClick={() => { value.value = option.id; }}>{option.label}</button>))}</div>
  );
}

function Row({ title, hint, children }: { title: Key; hint?: Key; children: ComponentChildren }): JSX.Element {
  return <section class="pref"><div><h2>{t(title)}</h2>{hint && <p class="quiet">{t(hint)}</p>}</div><div class="control">{children}</div></section>;
}

function store(name: string): void {
  const clean = name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '').trim();
  if (new TextEncoder().encode(clean).length > nameMaxBytes) say({ text: t('settings.nameLong'), tone: 'bad' });
  else editor.value = clean;
}

/** Opens the desk with the page's address; the desk asks what becomes of it. Set by hand: a script address is not for a click here. */
function Bookmarklet(): JSX.Element {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    const desk = JSON.stringify(`${location.origin}/desk/inbox?add=`);
    link.current?.setAttribute('href', `javascript:void open(${desk}+encodeURIComponent(location.href))`);
  }, []);
  return <a class="btn line" ref={link} draggable onClick={(event) => {
    event.preventDefault();
    say({ text: t('settings.drag'), tone: 'plain' });
  }}>{t('settings.bookmark')}</a>;
}

interface Health { version: string; feeds: number; items: number; issues: number; snapshot: string }

export function SettingsPage(): JSX.Element {
  const health = useRemote<Health>('/healthz');
  const me = useRemote<Me>('/api/v1/me').data;
  const themes: Theme[] = ['system', 'light', 'dark'];
  const languages: { id: Language; label: string }[] = [{ id: 'zh-CN', label: '中文' }, { id: 'en', label: 'English' }];
  return (
    <main id="main" class="solo">
      <section class="pane" aria-label={t('nav.settings')}>
        <header class="bar rule"><h1>{t('nav.settings')}</h1>{me?.accounts === false && <span class="quiet">{t('settings.hint')}</span>}</header>
        <div class="scroll" tabIndex={0} role="region" aria-label={t('nav.settings')}><div class="prefs-page">
          {me?.accounts ? <Row title="access.account"><Account me={me} /></Row> : <Row title="settings.name" hint="settings.nameHint">
            <input class="input" name="editor" aria-label={t('settings.name')} autocomplete="name" defaultValue={editor.value} placeholder={t('log.unnamed')} onChange={(event) => store(event.currentTarget.value)} /></Row>}
          <Row title="settings.language"><Choice value={language} options={languages} label={t('settings.language')} /></Row>
          <Row title="settings.theme"><Choice value={theme} options={themes.map((id) => ({ id, label: t(`settings.${id}`) }))} label={t('settings.theme')} /></Row>
          <Row title="settings.keys" hint="settings.keysHint">
            <Choice value={singleKeys} options={[{ id: 'on', label: t('settings.on') }, { id: 'off', label: t('settings.off') }]} label={t('settings.keys')} />
            <span class="quiet desktop">{t('settings.all')} <Caps name="?" /></span></Row>
          <Row title="settings.add" hint="settings.addHint"><Bookmarklet /></Row>
          {me?.accounts && <>
            <Row title="access.sessions" hint="access.sessionsHint"><Sessions /></Row>
            <Row title="access.tokens" hint="access.tokensHint"><Tokens role={me.role} /></Row>
            <Row title="access.password" hint="access.passwordHint"><Password /></Row></>}
          <Row title="settings.service"><p class="quiet">{health.data
            ? t('settings.about', { version: health.data.version, feeds: t('sources.count', { n: health.data.feeds }), items: health.data.items.toLocaleString('en'),
              issues: t('count.issues', { n: health.data.issues }) })
            : t(health.status === 'failed' ? 'disconnected' : 'loading')}</p>
            <p class="links"><a class="link" href={addressOf('/plain')}>{t('settings.plain')}</a><a class="link" href={addressOf('/openapi.yaml')}>API</a></p></Row>
        </div></div>
      </section>
    </main>
  );
}
