// One pick: a line when closed, all its fields with the original beside them when open.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Pick, PickFields, SectionForm } from '../api.ts';
import { type Key, t } from '../i18n.ts';
import { Caps } from '../parts/text.tsx';
import { hostOf, safeUrl } from '../inbox/reasons.ts';
import { compare } from './diff.ts';
import { type PickConflict, acceptPick, asEdited, conflicts, editPick, settleConflict, takeOut } from './draft.ts';

type FieldName = Exclude<keyof PickFields, 'highlight'>;

interface Field {
  name: FieldName;
  label: Key;
  rows: number;
  forms?: SectionForm[];
  read: (text: string) => PickFields;
  write: (pick: PickFields) => string;
}

function plain(name: 'subject' | 'prefix' | 'source' | 'url' | 'linked' | 'summary' | 'clause', label: Key, rows: number,
  forms?: SectionForm[]): Field {
  return { name, label, rows, ...(forms ? { forms } : {}),
    read: (text) => ({ [name]: text === '' ? null : text }), write: (pick) => pick[name] ?? '' };
}

function pairs(text: string, separator: RegExp): [string, string][] {
  return text.split('\n').map((line): [string, string] => {
    const found = separator.exec(line);
    return found ? [line.slice(0, found.index).trim(), line.slice(found.index + found[0].length).trim()] : ['', line.trim()];
  }).filter(([, value]) => value !== '');
}

const fields: Field[] = [
  plain('subject', 'field.subject', 1, ['oneline']),
  plain('prefix', 'field.prefix', 1, ['project']),
  { name: 'title', label: 'field.title', rows: 2, read: (text) => ({ title: text }), write: (pick) => pick.title ?? '' },
  plain('summary', 'field.summary', 5, ['article', 'paper', 'project']),
  plain('clause', 'field.clause', 1, ['article', 'paper', 'project']),
  plain('linked', 'field.linked', 1),
  plain('source', 'field.source', 1),
  plain('url', 'field.url', 1),
  { name: 'tags', label: 'field.tags', rows: 1, write: (pick) => (pick.tags ?? []).join('，'),
    read: (text) => ({ tags: text.split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean) }) },
  { name: 'lines', label: 'field.lines', rows: 1, forms: ['article', 'paper', 'project'],
    write: (pick) => (pick.lines ?? []).map((line) => `${line.label}：${line.text}`).join('\n'),
    read: (text) => ({ lines: pairs(text, /[:：]/).map(([label, value]) => ({ label, text: value })) }) },
  { name: 'links', label: 'field.links', rows: 1, forms: ['article', 'paper', 'project'],
    write: (pick) => (pick.links ?? []).map((link) => `${link.label} ${link.url}`).join('\n'),
    read: (text) => ({ links: pairs(text, /\s+(?=\S+$)/).map(([label, url]) => ({ label, url })) }) },
];

const always = new Set<FieldName>(['title', 'summary', 'subject', 'clause', 'source', 'url']);

function Original({ original, edited }: { original: string; edited: string }): JSX.Element {
  return <>{compare(original, edited).map((piece, index) => (piece.cut ? <del key={index}>{piece.text}</del> : piece.text))}</>;
}

/** A text field that keeps its own text while it has the focus, so that "a，" is not tidied under the cursor. */
function TextField({ field, pick, isFirst }: { field: Field; pick: Pick; isFirst: boolean }): JSX.Element {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = field.write(pick);
  useEffect(() => {
    if (area.current && document.activeElement !== area.current && area.current.value !== text) area.current.value = text;
  }, [text]);
  return (
    <label class="field"><span>{t(field.label)}{field.name === 'summary' && <i class="push">{t('pick.characters', { n: text.length })}</i>}</span>
      <textarea class="input" ref={area} rows={field.rows} defaultValue={text} name={field.name} {...(isFirst ? { id: 'first-field' } : {})}
        onInput={(event) => editPick(pick, field.read(event.currentTarget.value))} /></label>
  );
}

function Pair({ field, pick, isFirst }: { field: Field; pick: Pick; isFirst: boolean }): JSX.Element {
  const original = pick.original ? field.write(pick.original) : '';
  return (
    <>
      <TextField field={field} pick={pick} isFirst={isFirst} />
      <p class={field.rows > 2 ? 'orig long' : 'orig'} data-label={t('pick.original')}>
        <Original original={original} edited={field.write(pick)} /></p>
    </>
  );
}

function Versus({ conflict, id }: { conflict: PickConflict; id: string }): JSX.Element {
  const changed = fields.filter((field) => field.name in conflict.mine &&
    field.write(conflict.mine) !== field.write(conflict.theirs));
  return (
    <div class="conflict" role="alert">
      <p>{t('conflict.title')}</p>
      <div class="versus">
        {([['conflict.mine', conflict.mine], ['conflict.theirs', conflict.theirs]] as const).map(([label, text]) => (
          <div key={label}><h3>{t(label)}</h3>{changed.map((field) => <p key={field.name}>{field.write(text)}</p>)}</div>
        ))}
      </div>
      <p class="acts"><button class="btn line" type="button" onClick={() => settleConflict(id, true)}>{t('conflict.keepMine')}</button>
        <button class="btn line" type="button" onClick={() => settleConflict(id, false)}>{t('conflict.keepTheirs')}</button>
        <span class="quiet">{t('conflict.note')}</span></p>
    </div>
  );
}

interface Props {
  pick: Pick;
  form: SectionForm;
  isCursor: boolean;
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
}

function useOriginal(pick: Pick): void {
  if (pick.original === null) return;
  const { title, summary } = pick.original;
  editPick(pick, { ...(title === undefined ? {} : { title }), ...(summary === undefined ? {} : { summary }) });
}

function Editor({ pick, form, onClose }: Omit<Props, 'isOpen' | 'onOpen' | 'isCursor'>): JSX.Element {
  const shown = asEdited(pick);
  const usable = fields.filter((field) => (!field.forms || field.forms.includes(form)));
  const main = usable.filter((field) => always.has(field.name) || field.write(shown) !== '');
  const rest = usable.filter((field) => !main.includes(field));
  const conflict = pick.id === null ? undefined : conflicts.value.get(pick.id);
  const href = safeUrl(shown.url ?? null);
  return (
    <form class="pair" aria-label={t('pick.edit', { title: shown.title ?? '' })} onSubmit={(event) => { event.preventDefault(); onClose(); }}>
      {conflict && pick.id !== null && <Versus conflict={conflict} id={pick.id} />}
      <h3>{t('pick.mine')}</h3><h3>{t(pick.original ? 'pick.original' : 'pick.byHand')}</h3>
      {main.map((field, index) => <Pair key={field.name} field={field} pick={shown} isFirst={index === 0} />)}
      {rest.length > 0 && <details class="more"><summary>{rest.map((field) => t(field.label)).join('、')}</summary>
        {rest.map((field) => <TextField key={field.name} field={field} pick={shown} isFirst={false} />)}</details>}
      <div class="ends">
        {form !== 'oneline' && <label class="remember"><input type="checkbox" checked={shown.highlight ?? false}
          onChange={(event) => editPick(pick, { highlight: event.currentTarget.checked })} />{t('field.highlight')}</label>}
        {href && <a class="link" href={href} target="_blank" rel="noreferrer noopener">{hostOf(href)}</a>}
        <span class="push" />
        <button class="btn" type="button" onClick={() => takeOut(pick)}>{t('pick.takeOut')}</button>
        {pick.original && <button class="btn" type="button" onClick={() => useOriginal(pick)}>{t('pick.useOriginal')}</button>}
        <button class="btn line" type="submit">{t('pick.done')}<Caps name="Ctrl+Enter" /></button>
      </div>
    </form>
  );
}

function Line({ pick, form }: { pick: Pick; form: SectionForm }): JSX.Element {
  const shown = asEdited(pick);
  const before = form === 'oneline' ? shown.subject : shown.prefix;
  return (
    <span class="h clip">
      {form !== 'oneline' && (shown.tags ?? []).map((tag) => <span class="p" key={tag}>[{tag}] </span>)}
      {before && <b>{before}{form === 'oneline' ? '：' : ': '}</b>}{shown.title}
    </span>
  );
}

export function PickRow(props: Props): JSX.Element {
  const { pick, form, isCursor, isOpen, onOpen } = props;
  const shown = asEdited(pick);
  const lacksSummary = form !== 'oneline' && !shown.summary;
  const states = [isOpen && 'open', isCursor && !isOpen && 'cursor', pick.suggested && 'suggested'].filter(Boolean).join(' ');
  if (isOpen) return <li class={`pick ${states}`} id={idOf(pick)}><Editor {...props} /></li>;
  return (
    <li class={`pick ${states}`} id={idOf(pick)} onClick={onOpen}>
      <Line pick={pick} form={form} />
      <span class="src">
        {pick.id !== null && conflicts.value.has(pick.id) && <b class="warn">{t('pick.conflict')}</b>}
        {!pick.suggested && lacksSummary && <span class="warn">{t('pick.noSummary')}</span>}
        {pick.suggested && <span class="sug">{t('pick.suggested')}</span>}
        {shown.source}
        {pick.suggested && <button class="btn line" type="button"
          onClick={(event) => { event.stopPropagation(); acceptPick(pick); }}>{t('pick.accept')}</button>}
      </span>
    </li>
  );
}

export function idOf(pick: Pick): string {
  return `pick-${pick.story ?? pick.id ?? ''}`;
}
