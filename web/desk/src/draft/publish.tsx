// Publishing: what the file gains and loses, what is still open, and only then the button. The
// focus is on going back. A write of its own, not of the outbox: nothing is published later by itself.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Draft, Refused, ask, getText } from '../api.ts';
import { Dialog } from '../frame.tsx';
import { t } from '../i18n.ts';
import { say } from '../toast.ts';
import { findings, readDraft } from './draft.ts';

function Diff({ text }: { text: string }): JSX.Element {
  const lines = text.split('\n').filter((line) => /^[-+ ]/.test(line) && !/^(---|\+\+\+) /.test(line));
  return <pre class="diff" tabIndex={0}>{lines.map((line, index) => (
    <span key={index} class={line.startsWith('+') ? 'add' : line.startsWith('-') ? 'cut' : ''}>{`${line}\n`}</span>))}</pre>;
}

export function Publish({ now, onClose }: { now: Draft; onClose: () => void }): JSX.Element {
  const [diff, setDiff] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const back = useRef<HTMLButtonElement>(null);
  const open = findings.value?.findings.length ?? 0;
  useEffect(() => {
    back.current?.focus();
    getText('/api/v1/draft/diff').then((text) => setDiff(text ?? ''), () => setRefusal(t('disconnected')));
  }, []);
  const publish = async (): Promise<void> => {
    setSending(true);
    try {
      await ask({ method: 'POST', path: '/api/v1/publish', ifMatch: now.tag, body: { date: now.date } });
      say({ text: t('publish.done', { date: now.date }), tone: 'plain' });
      onClose();
      void readDraft();
    } catch (error) {
      setRefusal(error instanceof Refused ? error.message : t('disconnected'));
      setSending(false);
    }
  };
  return (
    <Dialog title={t('publish.title', { date: now.date })} onClose={onClose}>
      <div class="body">
        <p>{t('publish.what', { n: now.count })}{open > 0 && <b class="warn">{t('publish.open', { n: open })}</b>}</p>
        {diff === null ? <p class="quiet">{t('loading')}</p> : diff === '' ? <p class="quiet">{t('publish.same')}</p> : <Diff text={diff} />}
        {refusal && <p class="bad" role="alert">{t('publish.refused', { why: refusal })}</p>}
      </div>
      <footer><button class="btn line push" type="button" ref={back} onClick={onClose}>{t('publish.back')}</button>
        <button class="btn fill" type="button" aria-disabled={isSending} onClick={() => { if (!isSending) void publish(); }}>{t('publish')}</button></footer>
    </Dialog>
  );
}
