// One feed's settings: what is in force, what feeds.conf says, and what she said over it. A field is stored
// when it is left; the file is never touched, and each change can be taken back.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Refused, ask } from '../api.ts';
import { isOnline } from '../connection.ts';
import { sectionName, sections } from '../draft/sections.ts';
import { type Key, t } from '../i18n.ts';
import { useRemote } from '../parts/remote.ts';

type Value = string | string[];
type Settings = Record<string, Value>;

interface FeedSettings {
  id: string;
  name: string;
  url: string;
  added: boolean;
  settings: Settings;
  changed: string[];
  written: { place: string; name: string; settings: Settings } | null;
}

interface Field { name: string; label: Key; hint?: Key; list?: boolean; options?: () => { id: string; label: string }[] }

const fields: Field[] = [
  { name: 'name', label: 'feed.name' },
  { name: 'source', label: 'feed.source', hint: 'feed.source.hint' },
  { name: 'section', label: 'feed.section', options: () => [{ id: '', label: t('feed.section.none') },
    ...sections.value.map((one) => ({ id: one.id, label: sectionName(one.id) }))] },
  { name: 'weight', label: 'feed.weight', hint: 'feed.weight.hint' },
  { name: 'require', label: 'feed.require', hint: 'feed.require.hint', list: true },
  { name: 'min_interval', label: 'feed.min', hint: 'feed.interval.hint' },
  { name: 'max_interval', label: 'feed.max' },
  { name: 'max_items', label: 'feed.items' },
];

function textOf(value: Value | undefined): string {
  return value === undefined ? '' : Array.isArray(value) ? value.join(', ') : value;
}

function valueOf(field: Field, text: string): Value | null {
  if (field.list) return text.split(/[,，、]/).map((one) => one.trim()).filter(Boolean);
  return text.trim();
}

function Setting({ field, feed, onStored }: { field: Field; feed: FeedSettings; onStored: () => void }): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  const value = field.name === 'name' ? feed.name : textOf(feed.settings[field.name]);
  const isChanged = feed.changed.includes(field.name);
  const inFile = feed.written && (field.name === 'name' ? feed.written.name : textOf(feed.written.settings[field.name]));
  const store = async (next: Value | null): Promise<void> => {
    try {
      await ask({ method: 'PATCH', path: `/api/v1/feeds/${feed.id}`, body: { [field.name]: next } });
      setFault(null);
      onStored();
    } catch (error) {
      setFault(error instanceof Refused ? error.message : t('disconnected'));
    }
  };
  const change = (text: string): void => {
    if (text === value) setFault(null);
    else void store(text.trim() === '' && !field.list && field.name !== 'source' && field.name !== 'section' ? null : valueOf(field, text));
  };
  const id = `feed-${field.name}`, common = {
    id, name: field.name, class: 'input', disabled: !isOnline.value, 'aria-invalid': fault !== null, 'aria-describedby': `${id}-note`,
  };
  return (
    <div class="field"><span><label for={id}>{t(field.label)}</label>
      {isChanged && feed.written && <><i>{t('feed.inFile', { place: feed.written.place, value: inFile || t('feed.unset') })}</i>
        <button class="link push" type="button" onClick={() => void store(null)}>{t('feed.takeBack')}</button></>}</span>
      {field.options
        ? <select {...common} value={value} onChange={(event) => change(event.currentTarget.value)}>
            {field.options().map((option) => <option key={option.id} value={option.id}>{option.label}</option>)}</select>
        : <input key={value} {...common} defaultValue={value} onBlur={(event) => change(event.currentTarget.value)}
            onKeyDown={(event) => { if (event.key === 'Enter') event.currentTarget.blur(); }} />}
      <p id={`${id}-note`} class={fault ? 'bad' : 'quiet'}>{fault ?? (field.hint ? t(field.hint) : '')}</p></div>
  );
}

export function FeedForm({ id, onChanged, onTakeBack }: { id: string; onChanged: () => void; onTakeBack: (added: boolean) => void }): JSX.Element {
  const remote = useRemote<FeedSettings>(`/api/v1/feeds/${id}`);
  const feed = remote.data;
  if (feed === null) return <p class="quiet">{remote.status === 'failed' ? (remote.why ?? t('failed.text')) : t('loading')}</p>;
  const stored = (): void => {
    remote.reload();
    onChanged();
  };
  return (
    <section class="block" aria-labelledby="feed-settings">
      <h3 id="feed-settings">{t('feed.settings')}<span>{feed.written ? t('feed.place', { place: feed.written.place }) : t('feed.added')}</span></h3>
      <div class="form">{fields.map((field) => <Setting key={`${id} ${field.name}`} field={field} feed={feed} onStored={stored} />)}</div>
      {(feed.added || feed.changed.length > 0) && <p class="acts">
        <button class="btn line" type="button" onClick={() => onTakeBack(feed.added && feed.written === null)}>
          {t(feed.added && feed.written === null ? 'feed.unfollow' : 'feed.takeBackAll')}</button></p>}
    </section>
  );
}
