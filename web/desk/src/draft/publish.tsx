// Publishing: what the issue's file gains and loses, what is still open, and only then the button. The
// focus is on going back. A write of its own, not of the outbox: nothing is published later by itself.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { type Draft, type IssueSummary, Refused, ask, get, getText } from '../api.ts';
import { Dialog } from '../frame.tsx';
import { clockTime, dateTime, t } from '../i18n.ts';
import { useKeys } from '../keys.ts';
import { Caps } from '../parts/text.tsx';
import { go, hrefOf } from '../route.ts';
import { say } from '../toast.ts';
import { openChecks, wordsOf } from './checks.tsx';
import { readDraft, shown } from './draft.ts';
import { conflicts } from './edits.ts';

/** The draft as it was when she asked: what she is shown is what is published, or it is refused. */
export const publishing = signal<Draft | null>(null);

function Diff({ text }: { text: string }): JSX.Element {
  const lines = linesOf(text), isWhole = isFirst(text);
  const kinds: Record<string, string> = { '+': 'add', '-': 'cut', '@': 'hunk' };
  return <pre class={isWhole ? 'diff whole' : 'diff'} tabIndex={0} role="region" aria-label={t('publish.diff')}>{lines.map((line, index) => (
    <span key={index} class={kinds[line[0] ?? ''] ?? ''}>{line.startsWith('@') ? (index > 0 && '⋯\n') : <>{!isWhole && <i>{line[0]}</i>}{`${line.slice(1)}\n`}</>}</span>))}</pre>;
}

function linesOf(diff: string): string[] {
  return diff.split('\n').filter((line) => /^[-+ @]/.test(line) && !/^(---|\+\+\+) /.test(line));
}

/** Nothing but what is new: there is no file it could be compared with. */
const isFirst = (diff: string): boolean => linesOf(diff).every((line) => /^[+@]/.test(line));

/** Why it was refused, in her words where it was published before. */
async function whyNot(error: unknown, now: Draft): Promise<string> {
  if (!(error instanceof Refused)) return t('disconnected');
  const issues = await get<{ issues: IssueSummary[] }>('/api/v1/issues').catch(() => null);
  const before = issues?.issues.find((issue) => issue.date === now.date);
  if (before && now.corrects === null) {
    return before.published === null ? t('publish.before', { date: now.date })
      : t('publish.twice', { date: now.date, at: `${dateTime(before.published)}:${clockTime(Date.parse(before.published)).slice(-2)}` });
  }
  return error.problem.status === 412 ? t('publish.changed') : error.message;
}

function Open(): JSX.Element | null {
  const list = openChecks(), lost = conflicts.value.size, most = 4;
  if (list.length === 0 && lost === 0) return <p class="quiet">{t('publish.clear')}</p>;
  return (
    <div class="alert"><ul>
      {lost > 0 && <li><b>{t('publish.conflicts', { n: lost })}</b></li>}
      {list.length > 0 && <li><b>{t('publish.open', { n: list.length })}</b></li>}
      {list.slice(0, most).map((finding, index) => <li key={index}>{wordsOf(finding)}</li>)}
      {list.length > most && <li class="quiet">{t('publish.more', { n: list.length - most })}</li>}
    </ul></div>
  );
}

export function Publish({ now }: { now: Draft }): JSX.Element {
  const [diff, setDiff] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const back = useRef<HTMLButtonElement>(null);
  const close = (): void => { publishing.value = null; };
  const suggested = now.sections.flatMap((section) => section.picks).filter((pick) => pick.suggested).length;
  useEffect(() => {
    back.current?.focus();
    getText(`/api/v1/drafts/${now.id}/diff`).then((text) => setDiff(text ?? ''), () => setRefusal(t('disconnected')));
  }, []);
  const publish = async (): Promise<void> => {
    if (isSending || diff === null) return;
    setSending(true);
    try {
      await ask({ method: 'POST', path: '/api/v1/publish', ifMatch: now.tag, body: { date: now.date, draft: now.id } });
      say({ text: t('publish.done', { date: now.date }), tone: 'plain' });
      close();
      go(hrefOf('draft'));
      void readDraft();
    } catch (error) {
      setRefusal(await whyNot(error, now));
      setSending(false);
    }
  };
  useKeys({ saveNext: () => void publish() });
  return (
    <Dialog title={t(now.corrects === null ? 'publish.title' : 'publish.titleAgain', { date: now.date })} onClose={close}>
      <div class="body">
        <p>{t(now.corrects === null ? 'publish.what' : 'publish.whatAgain', { n: now.count })}{suggested > 0 && t('publish.suggested', { n: suggested })}</p>
        <Open />
        <p>{t(diff && isFirst(diff) ? 'publish.whole' : 'publish.against')}</p>
        {diff === null ? <p class="quiet">{t('loading')}</p> : diff === '' ? <p class="quiet">{t('publish.same')}</p> : <Diff text={diff} />}
        {refusal && <p class="bad" role="alert">{t('publish.refused', { why: refusal })}</p>}
      </div>
      <footer><button class="btn line push" type="button" ref={back} onClick={close}>{t('publish.back')}<Caps name="Escape" /></button>
        <button class="btn fill" type="button" aria-disabled={isSending || diff === null} onClick={() => void publish()}>{t('publish')}<Caps name="Ctrl+Enter" /></button></footer>
    </Dialog>
  );
}

export function askToPublish(): void {
  if (shown.value) publishing.value = shown.value;
}
