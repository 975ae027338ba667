// Adding by URL: the service looks at the address and says what it is; she says what is to become of it.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Added, type FoundFeed, type Item, Refused, ask, get } from '../api.ts';
import { Dialog } from '../frame.tsx';
import { t } from '../i18n.ts';
import { sectionName } from '../draft/sections.ts';
import { cursorId, takeIn } from '../inbox/stories.ts';
import { put } from '../outbox.ts';
import { Icon } from '../parts/icon.tsx';
import { Caps } from '../parts/text.tsx';
import { go, hrefOf } from '../route.ts';
import { say } from '../toast.ts';
import type { Adding } from './add.ts';

type Want = { as?: 'feed' | 'item'; feed?: number };
type Stage = { kind: 'asking' } | { kind: 'looking' } | { kind: 'refused'; why: string } | { kind: 'done'; added: Added };

async function look(url: string, want: Want): Promise<Stage> {
  try {
    return { kind: 'done', added: await ask<Added>({ method: 'POST', path: '/api/v1/add', body: { url, ...want } }) };
  } catch (error) {
    return { kind: 'refused', why: error instanceof Refused ? error.message : t('disconnected') };
  }
}

function Feeds({ feeds, onChoose }: { feeds: FoundFeed[]; onChoose: (want: Want) => void }): JSX.Element {
  return (
    <div class="found"><p>{t('add.which', { n: feeds.length })}</p>
      <ul>{feeds.map((feed) => (
        <li key={feed.number}><div><b>{feed.title ?? feed.url}</b><span class="quiet clip">{feed.url}</span>
          <span class="quiet">{[feed.format, feed.entries === null ? null : t('add.entries', { n: feed.entries })].filter(Boolean).join(t('list.comma'))}</span></div>
          <button class="btn line" type="button" onClick={() => onChoose({ as: 'feed', feed: feed.number })}>{t('add.follow')}</button></li>))}
      </ul>
      <button class="btn" type="button" onClick={() => onChoose({ as: 'item' })}>{t('add.asItem')}</button>
    </div>
  );
}

function Followed({ feed, isKnown }: { feed: FoundFeed; isKnown: boolean }): JSX.Element {
  return (
    <div class="found" role="status"><p><Icon name="check" /> {t(isKnown ? 'add.feedKnown' : 'add.feedAdded', { name: feed.name ?? feed.title ?? feed.url })}</p>
      <p class="quiet">{feed.url}</p></div>
  );
}

function Stored({ added }: { added: Added }): JSX.Element | null {
  const { item } = added;
  if (!item) return null;
  return (
    <div class="found" role="status"><p><Icon name="check" /> {t(added.outcome === 'item_known' ? 'add.itemKnown' : 'add.itemAdded', { section: sectionName(item.section) })}</p>
      <p><b>{item.title ?? t('row.untitled')}</b></p><p class="quiet">{item.source}</p></div>
  );
}

/** To the story of an item that was added: on the cursor, or into the draft. */
async function showItem(id: number, pick: boolean): Promise<void> {
  const item = await get<Item & { story: string }>(`/api/v1/items/${id}`);
  if (pick) {
    put({ method: 'POST', path: '/api/v1/decisions', body: { stories: [{ id: item.story }], state: 'picked' },
      overlay: { kind: 'decide', stories: [item.story], to: 'picked' } });
    say({ text: t('done.pickedMany', { n: 1 }), tone: 'plain' });
    return;
  }
  go(hrefOf('inbox'));
  await takeIn();
  cursorId.value = item.story;
}

function Foot({ stage, onClose, onAgain }: { stage: Stage; onClose: () => void; onAgain: () => void }): JSX.Element {
  const item = stage.kind === 'done' ? stage.added.item : null;
  if (stage.kind !== 'done' || stage.added.outcome === 'choose') {
    return (
      <footer><span class="quiet">{t('add.anywhere')}</span><button class="btn push" type="button" onClick={onClose}>{t('cancel')}<Caps name="Escape" /></button>
        {stage.kind !== 'done' && <button class="btn fill" type="submit" form="add" aria-disabled={stage.kind === 'looking'}>{t(stage.kind === 'looking' ? 'add.looking' : 'add.go')}</button>}</footer>
    );
  }
  const finish = (pick: boolean): void => {
    onClose();
    if (item) showItem(item.id, pick).catch(() => say({ text: t('disconnected'), tone: 'bad' }));
  };
  return (
    <footer><button class="btn" type="button" onClick={onAgain}>{t('add.another')}</button>
      {item && <button class="btn line push" type="button" onClick={() => finish(false)}>{t('add.show')}</button>}
      {item ? <button class="btn fill" type="button" onClick={() => finish(true)}>{t('add.pick')}</button>
        : <button class="btn fill push" type="button" onClick={onClose}>{t('add.close')}</button>}</footer>
  );
}

export function AddDialog({ start, onClose }: { start: Adding; onClose: () => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [url, setUrl] = useState(start.url);
  const [stage, setStage] = useState<Stage>({ kind: 'asking' });
  const submit = (want: Want = {}): void => {
    const address = url.trim();
    if (address === '' || stage.kind === 'looking') return;
    setStage({ kind: 'looking' });
    void look(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`, want).then(setStage);
  };
  useEffect(() => {
    field.current?.focus();
    if (start.isSure) submit();
  }, []);
  const again = (): void => {
    setUrl('');
    setStage({ kind: 'asking' });
    field.current?.focus();
  };
  return (
    <Dialog title={t('add.link')} onClose={onClose}>
      <form class="form" id="add" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <label class="field"><span>{t('add.url')}</span>
          <input class="input" ref={field} name="url" inputMode="url" autocomplete="off" spellcheck={false} value={url}
            onInput={(event) => { setUrl(event.currentTarget.value); if (stage.kind !== 'asking') setStage({ kind: 'asking' }); }} /></label>
        {stage.kind === 'looking' && <p class="quiet" role="status">{t('add.lookingLong')}</p>}
        {stage.kind === 'refused' && <p class="alert" role="alert"><Icon name="warn" /><span>{stage.why}</span></p>}
        {stage.kind === 'done' && stage.added.outcome === 'choose' && <Feeds feeds={stage.added.feeds} onChoose={submit} />}
        {stage.kind === 'done' && stage.added.feed && <Followed feed={stage.added.feed} isKnown={stage.added.outcome === 'feed_known'} />}
        {stage.kind === 'done' && <Stored added={stage.added} />}
      </form>
      <Foot stage={stage} onClose={onClose} onAgain={again} />
    </Dialog>
  );
}
