// One list of keywords: read, edited in place, refused at its place.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { dateTime, t } from '../i18n.ts';
import { type Hits, type Place, type Rule, isOwn, textOf, wordsOf } from './rules.ts';

function Words({ rule, places }: { rule: Rule; places: Place[] }): JSX.Element {
  let before = '';
  return <>{rule.words.map((word, index) => {
    const place = places.find((one) => one.word === index);
    const shown = place ? <>{word.slice(0, place.from)}<span class="squiggle">{word.slice(place.from) || word}</span></> : word;
    const scope = /^[a-z]+:(?=.)/.exec(word)?.[0] ?? '', isNew = scope !== before, isPattern = word.startsWith('/', scope.length);
    before = scope; // said once for the words that follow: a wall of "title:" hides them
    if (!place && !isPattern) return <span key={`${index} ${word}`}>{index > 0 && <i>、</i>}{isNew && <i class="scope">{scope || t('rules.anywhere')}</i>}{word.slice(scope.length)}</span>;
    return <span key={`${index} ${word}`}>{index > 0 && <i>、</i>}{/^([a-z]+:)?\//.test(word) ? <span class="mono">{shown}</span> : shown}</span>;
  })}</>;
}

function origin(rule: Rule, isChanged: boolean): string {
  if (isChanged) return t('rules.unsaved');
  return isOwn(rule) ? t('rules.own', { at: dateTime(rule.origin.slice('desk '.length)) }) : (rule.origin.split('/').at(-1) ?? '');
}

/** "命中 12 条：量化 8、int8 4" */
function hitsText({ items, words }: Hits): string {
  if (items === 0) return t('rules.noHits');
  const most = words.slice(0, 3).map((word) => `${word.matched} ${word.items}`).join(t('list.comma'));
  return t('rules.hits', { n: items, words: most });
}

interface Props {
  rule: Rule;
  number: number;
  isChanged: boolean;
  isNew: boolean;
  isEditing: boolean;
  places: Place[];
  hits: Hits | null; // null: not known yet, or no list of the service's
  onEdit: (editing: boolean) => void;
  onChange: (rule: Rule) => void;
  onDrop: () => void; // forget an unsaved change
  onTakeBack: () => void;
}

function Editor({ rule, isNew, onEdit, onChange, onDrop }: Props): JSX.Element {
  const [draft, setDraft] = useState({ name: rule.name, words: textOf(rule.words), weight: String(rule.weight), final: rule.final });
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const done = (): void => {
    const weight = Number(draft.weight.replace('−', '-'));
    onChange({ ...rule, name: draft.name.trim() || rule.name, words: wordsOf(draft.words), weight: Number.isFinite(weight) ? weight : rule.weight, final: draft.final });
    onEdit(false);
  };
  const leave = (): void => {
    if (isNew && rule.words.length === 0) onDrop();
    onEdit(false);
  };
  return (
    <form class="edit" onSubmit={(event) => { event.preventDefault(); done(); }} onKeyDown={(event) => {
      if (event.key === 'Escape') { event.stopPropagation(); leave(); }
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) done(); // and the page tries it
    }}>
      {isNew && <label class="field"><span>{t(rule.kind === 'vendor' ? 'rules.vendorName' : 'rules.name')}</span>
        <input class="input" name="rule-name" required value={draft.name} onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })} /></label>}
      <label class="field"><span>{t(rule.kind === 'vendor' ? 'rules.aliases' : 'rules.words')}</span>
        <textarea class="input" name="rule-words" rows={2} ref={area} value={draft.words} onInput={(event) => setDraft({ ...draft, words: event.currentTarget.value })} /></label>
      <div class="ends"><label class="weight">{t('rules.weight')}<input class="input" name="rule-weight" inputMode="decimal" value={draft.weight} onInput={(event) => setDraft({ ...draft, weight: event.currentTarget.value })} /></label>
        {rule.kind === 'rule' && <label class="remember"><input type="checkbox" checked={draft.final} onChange={(event) => setDraft({ ...draft, final: event.currentTarget.checked })} />{t('rules.final')}</label>}
        <button class="btn push" type="button" onClick={leave}>{t('cancel')}</button><button class="btn line" type="submit">{t('pick.done')}</button></div>
    </form>
  );
}

function Do({ label, name, onClick }: { label: string; name: string; onClick: () => void }): JSX.Element {
  return <button class="btn" type="button" aria-label={`${label} ${name}`} onClick={onClick}>{label}</button>;
}

export function RuleLine(props: Props): JSX.Element {
  const { rule, number, isChanged, isEditing, places, hits, onEdit, onDrop, onTakeBack, onChange } = props;
  const isOff = rule.weight === 0;
  return (
    <li class={places.length > 0 ? 'err' : isChanged ? 'new' : ''} data-rule={number}>
      <span class="index" aria-hidden="true">{number}</span>
      {isEditing ? <Editor {...props} /> : <>
        <span class={isOff ? 'words off' : 'words'}>{rule.kind === 'vendor' && <b>{rule.name}{rule.words.length > 0 && <i>：</i>}</b>}<Words rule={rule} places={places} />
          <small>{rule.kind !== 'vendor' && !/^desk-\d+$/.test(rule.name) && <span>{rule.name}</span>}<span>{origin(rule, isChanged)}</span>{rule.final && <span>{t('rules.isFinal')}</span>}{isOff && <span>{t('rules.off')}</span>}{!isChanged && hits && <span class="hits">{hitsText(hits)}</span>}</small></span>
        <span class="num soft">{rule.weight > 0 ? '+' : ''}{rule.weight.toFixed(1)}</span>
        <span class="does">
          <Do label={t(isOwn(rule) || isChanged ? 'rules.edit' : 'rules.override')} name={rule.name} onClick={() => onEdit(true)} />
          {isChanged ? <Do label={t('rules.drop')} name={rule.name} onClick={onDrop} />
            : isOwn(rule) ? <Do label={t('rules.takeBack')} name={rule.name} onClick={onTakeBack} />
              : !isOff && <Do label={t('rules.switchOff')} name={rule.name} onClick={() => onChange({ ...rule, weight: 0 })} />}</span></>}
      {places.map((place, index) => <p key={index} role="alert">{place.message}</p>)}
    </li>
  );
}
