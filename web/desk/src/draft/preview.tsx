// The issue as it would be printed now: Markdown as text, the page and WeChat's form in a frame that may do
// nothing. Copying puts WeChat's form on the clipboard twice, as HTML for the account's editor and as text.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { getText } from '../api.ts';
import { t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { announce, say } from '../toast.ts';
import { findings, shown } from './draft.ts';
import { addressOf } from '../route.ts';

const forms = ['md', 'html', 'wechat'] as const;
type Form = (typeof forms)[number];

export const form = signal<Form>('wechat');

export function nextForm(): void {
  form.value = forms[(forms.indexOf(form.value) + 1) % forms.length] ?? 'md';
  announce(t('preview.frame', { name: nameOf(form.value) }));
}

function nameOf(one: Form): string {
  return one === 'md' ? 'Markdown' : t(`preview.${one}`);
}

/** Where a frame finds it: WeChat's form alone is no page. */
const framed: Record<Form, Form | 'article'> = { md: 'md', html: 'html', wechat: 'article' };

function pathOf(id: string, one: Form | 'text' | 'article'): string {
  return `/api/v1/drafts/${id}/proof/${one}`;
}

interface Clip { html: string | null; text: string }

async function clipOf(id: string, one: Form): Promise<Clip> {
  const texts = await Promise.all([one === 'md' ? null : getText(pathOf(id, one)), getText(pathOf(id, one === 'md' ? 'md' : 'text'))]);
  return { html: texts[0], text: texts[1] ?? '' };
}

/** By the copy event: the asynchronous clipboard cleans HTML under this page's policy, which takes every style
    from it. False: the browser does not let it. */
function putOnClipboard({ html, text }: Clip): boolean {
  let isPut = false;
  document.addEventListener('copy', (event) => {
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
    if (html !== null) event.clipboardData?.setData('text/html', html);
    isPut = event.clipboardData !== null;
  }, { once: true, capture: true });
  return document.execCommand('copy') && isPut;
}

async function copy(id: string, one: Form, fallback: HTMLElement | null): Promise<void> {
  const clip = await clipOf(id, one).catch(() => null);
  if (clip !== null && putOnClipboard(clip)) {
    say({ text: t('preview.copied', { name: nameOf(one) }), tone: 'plain' });
    return;
  }
  if (fallback) getSelection()?.selectAllChildren(fallback);
  say({ text: clip === null ? t('disconnected') : t(fallback ? 'preview.select' : 'preview.notCopied'), tone: 'bad' });
}

function Markdown({ path, version, area }: { path: string; version: string; area: { current: HTMLPreElement | null } }): JSX.Element {
  const [text, setText] = useState('');
  useEffect(() => {
    let isCurrent = true;
    getText(path).then((found) => { if (isCurrent) setText(found ?? ''); }, () => undefined);
    return () => { isCurrent = false; };
  }, [path, version]);
  return <div class="scroll proof" tabIndex={0} role="region" aria-label={t('preview.frame', { name: 'Markdown' })}><pre class="md" ref={area}>{text}</pre></div>;
}

/** A frame a version, the old one shown until the new one has come, so that nothing blinks while she types. */
function Framed({ path, version, name }: { path: string; version: string; name: Form }): JSX.Element {
  const [ready, setReady] = useState(version);
  const wanted = addressOf(`${path}?version=${version}`), old = addressOf(`${path}?version=${ready}`);
  const frame = (src: string, isShown: boolean): JSX.Element => (
    <iframe key={src} class={`proof ${name}`} sandbox="" src={src} title={t('preview.frame', { name: nameOf(name) })}
      hidden={!isShown} {...(isShown ? {} : { 'aria-hidden': true as const, tabIndex: -1 })} onLoad={() => setReady(version)} />
  );
  return <div class="frames">{ready !== version && frame(old, true)}{frame(wanted, ready === version)}</div>;
}

function Size(): JSX.Element | null {
  const known = findings.value;
  if (form.value !== 'wechat' || known === null) return null;
  const { wechat_characters: n, wechat_limit: limit } = known;
  return <span class={n > limit ? 'bad' : n > limit * 0.9 ? 'warn' : 'quiet'}>
    {t('preview.size', { n: n.toLocaleString('en'), limit: limit.toLocaleString('en') })}</span>;
}

export function Preview(): JSX.Element | null {
  const area = useRef<HTMLPreElement>(null);
  const now = shown.value;
  if (now === null) return null;
  const one = form.value, path = pathOf(now.id, framed[one]);
  return (
    <>
      <div class="bar rule">
        <div class="seg" role="group" aria-label={t('preview.format')}>
          {forms.map((name) => <button key={name} type="button" aria-pressed={name === one} onClick={() => { form.value = name; }}>{nameOf(name)}</button>)}
        </div>
        <span class="push" /><Size />
        <button class="btn line" type="button" onClick={() => void copy(now.id, one, area.current)}><Icon name="copy" />{t('preview.copy')}</button>
      </div>
      {one === 'md' ? <Markdown path={path} version={now.tag} area={area} /> : <Framed key={path} path={path} version={now.tag} name={one} />}
    </>
  );
}
