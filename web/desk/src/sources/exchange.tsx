// Feeds that come in: by address, with a choice where a site has several, and as an OPML file, which is
// shown before it is taken.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused, ask } from '../api.ts';
import { Dialog } from '../frame.tsx';
import { isOnline } from '../connection.ts';
import { t } from '../i18n.ts';
import { say } from '../toast.ts';
import { addressOf } from '../route.ts';

interface Found { number: number; url: string; title: string | null; entries: number | null; name?: string }
interface Added { outcome: 'feed' | 'feed_known' | 'item' | 'item_known' | 'choose'; feeds: Found[]; feed: Found | null; item: { title: string | null } | null }

const why = (error: unknown): string => (error instanceof Refused ? error.message : t('disconnected'));

export function AddFeed({ initial, onAdded, onClose }: { initial: string; onAdded: () => void; onClose: () => void }): JSX.Element {
  const [choices, setChoices] = useState<Found[]>([]);
  const [state, setState] = useState<{ busy: boolean; fault: string | null }>({ busy: false, fault: null });
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const add = async (feed?: number): Promise<void> => {
    const url = field.current?.value.trim() ?? '';
    if (url === '') return;
    setState({ busy: true, fault: null });
    try {
      const answer = await ask<Added>({ method: 'POST', path: '/api/v1/add', body: { url, as: 'feed', ...(feed === undefined ? {} : { feed }) } });
      if (answer.outcome === 'choose') {
        setChoices(answer.feeds);
        setState({ busy: false, fault: null });
        return;
      }
      const name = answer.feed?.name ?? answer.feed?.title ?? answer.item?.title ?? url;
      say({ text: t(answer.outcome.endsWith('known') ? 'add.known' : answer.feed ? 'add.followed' : 'add.item', { name }), tone: 'plain' });
      onAdded();
      onClose();
    } catch (error) {
      setState({ busy: false, fault: why(error) });
    }
  };
  return (
    <form class="addbar" onSubmit={(event) => { event.preventDefault(); void add(); }}>
      <label class="field" for="add-url"><span>{t('add.label')}</span></label>
      <input class="input" id="add-url" name="url" type="url" required ref={field} defaultValue={initial} disabled={state.busy} aria-invalid={state.fault !== null}
        aria-describedby="add-note" onInput={() => setChoices([])} onKeyDown={(event) => { if (event.key === 'Escape') onClose(); }} />
      <button class="btn fill" type="submit" disabled={state.busy || !isOnline.value}>{t(state.busy ? 'add.looking' : 'add')}</button>
      <button class="btn" type="button" onClick={onClose}>{t('cancel')}</button>
      <p id="add-note" class={state.fault ? 'bad' : 'quiet'} role={state.fault ? 'alert' : undefined}>{state.fault ?? (choices.length > 0 ? t('add.choose', { n: choices.length }) : t('add.hint'))}</p>
      {choices.length > 0 && <ul class="choices">{choices.map((found) => (
        <li key={found.number}><button class="btn line" type="button" onClick={() => void add(found.number)}>{found.title ?? found.url}</button>
          <span class="quiet">{found.url}{found.entries !== null && ` · ${t('section.count', { n: found.entries })}`}</span></li>))}</ul>}
    </form>
  );
}

interface Imported {
  added: number; updated: number; unchanged: number; left_out: number;
  lines: { verdict: 'added' | 'updated' | 'unchanged' | 'left_out' | 'note'; name: string | null; url: string; detail: string | null }[];
}

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
              <span>{line.name ?? line.url}{line.detail && <small class="quiet">{line.detail}</small>}</span></li>))}</ul></>}
      </div>
      <footer><button class="btn push" type="button" onClick={onClose}>{t('cancel')}</button>
        <button class="btn fill" type="button" disabled={changes === 0} onClick={take}>{t('opml.take', { n: changes })}</button></footer>
    </Dialog>
  );
}
