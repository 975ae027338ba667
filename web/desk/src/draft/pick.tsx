// One pick: a line when closed, all its fields with the original beside them when open.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { Pick, PickFields, SectionForm } from '../api.ts';
import { t } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { Caps } from '../parts/text.tsx';
import { hostOf, safeUrl } from '../inbox/reasons.ts';
import { Versus } from './conflict.tsx';
import { compare } from './diff.ts';
import { useDraggable } from './drag.ts';
import { targetOf } from './draft.ts';
import { asEdited, conflicts, editPick } from './edits.ts';
import { type Field, type Row, fields, fieldsOf, missing, rowsFrom, rowsTo } from './fields.ts';
import { acceptPick, lifted, takeOut } from './moves.ts';

export function idOf(pick: Pick): string {
  return `pick-${pick.story ?? pick.id ?? ''}`;
}

const remembered = 'briefd.struck';
const isStruck = signal(localStorage.getItem(remembered) !== 'off'); // originals with what went struck out

function toggleStruck(): void {
  isStruck.value = !isStruck.value;
  localStorage.setItem(remembered, isStruck.value ? 'on' : 'off');
}

function Original({ field, pick }: { field: Field; pick: Pick }): JSX.Element {
  const original = pick.original ? field.write(pick.original) : '';
  const pieces = isStruck.value ? compare(original, field.write(pick)).filter((piece) => piece.change !== 'new')
    : [{ text: original, change: 'same' as const }];
  return (
    <p class={field.rows > 2 ? 'orig long' : 'orig'} data-label={t('pick.original')}>
      {pieces.map((piece, index) => (piece.change === 'cut' ? <del key={index}>{piece.text}</del> : piece.text))}</p>
  );
}

/** A text that keeps its own state while it has the focus, so that "a，" is not tidied under the cursor. */
function TextField({ field, pick, lacks }: { field: Field; pick: Pick; lacks: boolean }): JSX.Element {
  const area = useRef<HTMLTextAreaElement>(null);
  const text = field.write(pick);
  useEffect(() => {
    if (area.current && document.activeElement !== area.current && area.current.value !== text) area.current.value = text;
  }, [text]);
  return (
    <label class={`field ${field.name}`}><span>{t(field.label)}{lacks && <b class="warn">{t('pick.missing')}</b>}
      {field.name === 'summary' && <i class="push">{t('pick.characters', { n: text.length })}</i>}</span>
      <textarea class="input" ref={area} rows={field.rows} defaultValue={text} name={field.name}
        onInput={(event) => editPick(pick, field.read(event.currentTarget.value))} /></label>
  );
}

const commonLabels = ['链接', '论文', '项目', '代码', '标题'];

/** Lines and links as rows. A row without a label stays here and is no part of the pick yet. */
function Rows({ field, pick }: { field: Field; pick: Pick }): JSX.Element {
  const name = field.rowsOf ?? 'lines';
  const [rows, setRows] = useState<Row[]>(() => rowsFrom(name, pick));
  const typed = JSON.stringify(rowsTo(name, rows)), stored = JSON.stringify(rowsTo(name, rowsFrom(name, pick)));
  const lastTyped = useRef(typed);
  useEffect(() => { if (stored !== lastTyped.current) setRows(rowsFrom(name, pick)); lastTyped.current = stored; }, [stored]);
  const change = (next: Row[]): void => {
    setRows(next);
    const value = rowsTo(name, next);
    lastTyped.current = JSON.stringify(value);
    if (lastTyped.current !== stored) editPick(pick, value);
  };
  const set = (index: number, part: Partial<Row>): void => change(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <fieldset class="rows"><legend>{t(field.label)}</legend>
      {rows.map((row, index) => (
        <div key={index}>
          <input class="input" aria-label={t('row.label')} list="row-labels" value={row.label} onInput={(event) => set(index, { label: event.currentTarget.value })} />
          <input class="input" aria-label={t(name === 'lines' ? 'row.text' : 'row.url')} name={`${name}[${index}].text`} value={row.text}
            onInput={(event) => set(index, { text: event.currentTarget.value })} />
          <button class="btn icon" type="button" aria-label={t('row.remove', { label: row.label })}
            onClick={() => change(rows.filter((_, at) => at !== index))}><Icon name="x" /></button>
        </div>
      ))}
      <button class="btn" type="button" onClick={() => setRows([...rows, { label: '', text: '' }])}>{t('row.add')}</button>
    </fieldset>
  );
}

function takeOriginal(pick: Pick): void {
  const { title, summary, subject, prefix, source, url } = pick.original ?? {};
  const taken: PickFields = { title, summary, subject, prefix, source, url } as PickFields;
  editPick(pick, Object.fromEntries(Object.entries(taken).filter(([, value]) => value !== undefined)));
}

function Main({ list, pick, lacks }: { list: readonly Field[]; pick: Pick; lacks: readonly string[] }): JSX.Element {
  const hasOriginal = (field: Field): boolean => pick.original !== null && field.write(pick.original) !== '';
  return <>{list.map((field) => <TextField key={field.name} field={field} pick={pick} lacks={lacks.includes(field.name)} />)
    .flatMap((text, index) => {
      const field = list[index] as Field;
      return hasOriginal(field) ? [text, <Original key={`${field.name}-original`} field={field} pick={pick} />]
        : [text, <p key={`${field.name}-none`} class="orig" />];
    })}</>;
}

function Heads({ pick }: { pick: Pick }): JSX.Element {
  return (
    <>
      <h3>{t('pick.mine')}</h3>
      <h3>{t(pick.original ? 'pick.original' : 'pick.byHand')} {pick.original?.source}
        {pick.original && <button class="btn push" type="button" aria-pressed={isStruck.value} onClick={toggleStruck}>{t('pick.struck')}</button>}</h3>
    </>
  );
}

function Ends({ pick, form }: { pick: Pick; form: SectionForm }): JSX.Element {
  const href = safeUrl(pick.url ?? null);
  return (
    <div class="ends">
      {form !== 'oneline' && <label class="remember"><input type="checkbox" name="highlight" checked={pick.highlight ?? false}
        onChange={(event) => editPick(pick, { highlight: event.currentTarget.checked })} />{t('field.highlight')}</label>}
      {href && <a class="link clip" href={href} target="_blank" rel="noreferrer noopener">{hostOf(href)}</a>}
      <span class="push" />
      <button class="btn" type="button" onClick={() => takeOut(pick)}>{t('pick.takeOut')}</button>
      {pick.original && <button class="btn" type="button" onClick={() => takeOriginal(pick)}>{t('pick.useOriginal')}</button>}
      <button class="btn line" type="submit">{t('pick.done')}<Caps name="Ctrl+Enter" /></button>
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

function Editor({ pick, form, onClose }: Omit<Props, 'isOpen' | 'onOpen' | 'isCursor'>): JSX.Element {
  const now = asEdited(pick), lacks = missing(now, form), usable = fieldsOf(form);
  const [early] = useState(() => new Set(usable.filter((field) => field.write(now) !== '').map((field) => field.name)));
  const isMain = (field: Field): boolean => field.place === 'main' &&
    (field.name !== 'clause' || Boolean(now.highlight) || early.has('clause'));
  const rest = usable.filter((field) => field.place === 'more');
  return (
    <form class="pair" aria-label={t('pick.edit', { title: now.title ?? '' })} onSubmit={(event) => { event.preventDefault(); onClose(); }}>
      <Versus target={targetOf({ kind: 'pick', id: pick.id ?? '' })} fields={fields} />
      <Heads pick={now} />
      <Main list={usable.filter(isMain)} pick={now} lacks={lacks} />
      <div class="narrow">{usable.filter((field) => field.place === 'narrow').map((field) => (
        <TextField key={field.name} field={field} pick={now} lacks={lacks.includes(field.name)} />))}</div>
      <details class="more" open={rest.some((field) => early.has(field.name))}><summary>{rest.map((field) => t(field.label)).join(t('enumeration'))}</summary>
        {rest.map((field) => (field.rowsOf ? <Rows key={field.name} field={field} pick={now} />
          : <TextField key={field.name} field={field} pick={now} lacks={false} />))}</details>
      <datalist id="row-labels">{commonLabels.map((label) => <option key={label} value={label} />)}</datalist>
      <Ends pick={now} form={form} />
    </form>
  );
}

function Line({ pick, form }: { pick: Pick; form: SectionForm }): JSX.Element {
  const before = form === 'oneline' ? pick.subject : pick.prefix;
  return (
    <span class="h clip">
      {form !== 'oneline' && (pick.tags ?? []).map((tag) => <span class="p" key={tag}>[{tag}] </span>)}
      {before && <b>{before}{form === 'oneline' ? '：' : ': '}</b>}{pick.title}
    </span>
  );
}

function Marks({ pick, form }: { pick: Pick; form: SectionForm }): JSX.Element {
  const lacks = missing(pick, form);
  if (pick.id !== null && conflicts.value.has(targetOf({ kind: 'pick', id: pick.id }))) return <b class="warn">{t('pick.conflict')}</b>;
  if (pick.suggested) return <span class="sug">{t('pick.suggested')}</span>;
  return <>{lacks.map((name) => <span class="warn" key={name}>{t(`lacks.${name as 'summary'}`)}</span>)}</>;
}

export function PickRow(props: Props): JSX.Element {
  const { pick, form, isCursor, isOpen, onOpen } = props;
  const now = asEdited(pick), id = idOf(pick);
  const { row, grip } = useDraggable(pick);
  const isLifted = pick.id !== null && lifted.value?.id === pick.id;
  const states = ['pick', isOpen && 'open', isCursor && !isOpen && 'cursor', pick.suggested && 'suggested', isLifted && 'lift'].filter(Boolean).join(' ');
  const handle = pick.suggested ? <span /> : <span class="grip" ref={grip} aria-hidden="true"><Icon name="grip" /></span>;
  if (isOpen) return <li class={states} id={id} ref={row}>{handle}<Editor {...props} /></li>;
  return (
    <li class={states} id={id} ref={row} tabIndex={isCursor ? 0 : -1} onClick={onOpen} aria-current={isCursor ? 'true' : undefined}>
      {handle}<Line pick={now} form={form} />
      <span class="src"><Marks pick={now} form={form} />{now.source}
        {pick.suggested && <button class="btn line" type="button" tabIndex={-1}
          onClick={(event) => { event.stopPropagation(); acceptPick(pick); }}>{t('pick.accept')}</button>}
      </span>
    </li>
  );
}
