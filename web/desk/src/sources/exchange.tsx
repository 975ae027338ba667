// Feeds that come in as an OPML file, which is shown before it is taken.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Refused } from '../api.ts';
import { Dialog } from '../frame.tsx';
import { t } from '../i18n.ts';
import { language } from '../settings.ts';
import { say } from '../toast.ts';
import { addressOf } from '../route.ts';

const why = (error: unknown): string => (error instanceof Refused ? error.message : t('disconnected'));

interface Imported {
  added: number; updated: number; unchanged: number; left_out: number;
  lines: { verdict: 'added' | 'updated' | 'unchanged' | 'left_out' | 'note'; name: string | null; url: string; detail: string | null; detail_zh: string | null }[];
}

const said = (line: Imported['lines'][number]): string | null => (language.value === 'zh-CN' ? line.detail_zh : line.detail);

async function send(text: string, dryRun: boolean): Promise<Imported> {
  const answer = await fetch(addressOf(`/api/v1/feeds.opml${dryRun ? '?dry_run=1' : ''}`), { method: 'POST', headers: { 'Content-Type': 'text/x-opml' }, body: text });
  if (!answer.ok) throw new Refused(await answer.json());
  return (await answer.json()) as Imported;
}

/** `text` is the file's; what it would change is asked first. */
export function Import({ text, onDone, onClose }: { text: string; onDone: () => void; onClose: () => void }): JSX.Element {
  const [plan, setPlan] = useState<Imported | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => { send(text, true).then(setPlan, (error: unknown) => setFault(why(error))); }, [text]);
  const take = (): void => {
    send(text, false).then((done) => {
      say({ text: t('opml.done', { added: done.added, updated: done.updated }), tone: 'plain' });
      onDone();
      onClose();
    }, (error: unknown) => setFault(why(error)));
  };
  const changes = (plan?.added ?? 0) + (plan?.updated ?? 0);
  return (
    <Dialog title={t('opml.title')} onClose={onClose}>
      <div class="body">
        {fault && <p class="alert bad" role="alert">{fault}</p>}
        {!plan && !fault && <p class="quiet" role="status">{t('loading')}</p>}
        {plan && <><p>{t('opml.sum', { added: plan.added, updated: plan.updated, unchanged: plan.unchanged, left: plan.left_out })}</p>
          <ul class="report" tabIndex={0} aria-label={t('opml.title')}>{plan.lines.filter((line) => line.verdict !== 'unchanged').map((line, index) => (
            <li key={index}><span class={line.verdict === 'left_out' ? 'tag warn' : 'tag'}>{t(`opml.${line.verdict}`)}</span>
              <span>{line.name ?? line.url}{said(line) && <small class="quiet">{said(line)}</small>}</span></li>))}</ul></>}
      </div>
      <footer><button class="btn push" type="button" onClick={onClose}>{t('cancel')}</button>
        <button class="btn fill" type="button" disabled={changes === 0} onClick={take}>{t('opml.take', { n: changes })}</button></footer>
    </Dialog>
  );
}
