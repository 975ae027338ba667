// The side of the draft: what to look at before publishing, and the issue as it is served now. Web and
// WeChat come in a frame, as the service renders them; Markdown as text.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Finding } from '../api.ts';
import { getText } from '../api.ts';
import { t } from '../i18n.ts';
import { language } from '../settings.ts';
import { Icon } from '../parts/icon.tsx';
import { announce, say } from '../toast.ts';
import { draft, findings, formats } from './draft.ts';

const names: Record<string, () => string> = {
  md: () => 'Markdown', html: () => t('preview.web'), 'wechat.html': () => t('preview.wechat'),
};

function Check({ finding, onGo }: { finding: Finding; onGo: (finding: Finding) => void }): JSX.Element {
  return (
    <li><span class={finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'warn' : 'quiet'}><Icon name="warn" /></span>
      <span>{finding.message[language.value === 'en' ? 'en' : 'zh']}</span>
      <button class="link" type="button" onClick={() => onGo(finding)}>{t('checks.go')}</button></li>
  );
}

function Checks({ onGo }: { onGo: (finding: Finding) => void }): JSX.Element | null {
  const known = findings.value;
  if (known === null) return null;
  const passed = Math.max(0, known.checks - new Set(known.findings.map((finding) => finding.code)).size);
  return (
    <>
      <header class="bar"><h2 id="checks">{t('checks')}</h2><span class="quiet">{known.findings.length > 0
        ? t('checks.count', { n: known.findings.length, passed }) : t('checks.none', { passed })}</span></header>
      <ul class="checks" aria-labelledby="checks">
        {known.findings.map((finding, index) => <Check key={index} finding={finding} onGo={onGo} />)}
      </ul>
    </>
  );
}

async function copy(text: string, fallback: HTMLElement | null): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(t('preview.copied'));
    say({ text: t('preview.copied'), tone: 'plain' });
  } catch {
    if (fallback) getSelection()?.selectAllChildren(fallback);
    say({ text: t('preview.select'), tone: 'plain' });
  }
}

export function Proof({ onGo }: { onGo: (finding: Finding) => void }): JSX.Element {
  const [format, setFormat] = useState('md');
  const [text, setText] = useState('');
  const pre = useRef<HTMLPreElement>(null);
  const version = draft.value?.tag ?? '';
  useEffect(() => {
    let isCurrent = true;
    getText('/draft.md').then((found) => { if (isCurrent) setText(found ?? ''); }, () => undefined);
    return () => { isCurrent = false; };
  }, [version]);
  return (
    <aside class="pane" aria-label={t('draft.side')}>
      <Checks onGo={onGo} />
      <div class="bar rule">
        <div class="seg" role="group" aria-label={t('preview.format')}>
          {formats.value.map((one) => (
            <button key={one} type="button" aria-pressed={one === format} onClick={() => setFormat(one)}>{names[one]?.() ?? one}</button>
          ))}
        </div>
        {format === 'md' && <button class="btn line push" type="button" onClick={() => void copy(text, pre.current)}>
          <Icon name="copy" />{t('preview.copy')}</button>}
      </div>
      {format === 'md'
        ? <div class="scroll proof" tabIndex={0} role="region" aria-label={t('preview.frame', { name: 'Markdown' })}><pre class="md" ref={pre}>{text}</pre></div>
        : <iframe class="proof" key={`${format} ${version}`} sandbox={format === 'wechat.html' ? 'allow-scripts' : ''} src={`/draft.${format}`}
            title={t('preview.frame', { name: names[format]?.() ?? format })} />}
    </aside>
  );
}
