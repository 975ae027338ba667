// The fields of a pick: what each is called, where it belongs, how it is read and written as text, and
// which of them a line of a section's form cannot do without.
import type { Line, Link, Pick, PickFields, SectionForm } from '../api.ts';
import type { Key } from '../i18n.ts';

export type FieldName = Exclude<keyof PickFields, 'highlight' | 'awaits_url' | 'bare_summary'>;
export type Place = 'main' | 'narrow' | 'more'; // beside its original; several in a row; folded while empty

export interface Field {
  name: FieldName;
  label: Key;
  place: Place;
  rows: number;
  forms?: readonly SectionForm[];
  rowsOf?: 'lines' | 'links'; // pairs of a label and a text
  read: (text: string) => PickFields;
  write: (pick: PickFields) => string;
}

type TextName = Exclude<FieldName, 'tags' | 'lines' | 'links' | 'title'>;
const whole: readonly SectionForm[] = ['article', 'paper', 'project'];

function plain(name: TextName, label: Key, place: Place, rows: number, forms?: readonly SectionForm[]): Field {
  return { name, label, place, rows, ...(forms ? { forms } : {}),
    read: (text) => ({ [name]: text === '' ? null : text }), write: (pick) => pick[name] ?? '' };
}

export const fields: readonly Field[] = [
  plain('subject', 'field.subject', 'main', 1, ['oneline']),
  plain('prefix', 'field.prefix', 'main', 1, ['project']),
  { name: 'title', label: 'field.title', place: 'main', rows: 1, read: (text) => ({ title: text.replaceAll('\n', ' ') }),
    write: (pick) => pick.title ?? '' },
  plain('summary', 'field.summary', 'main', 4, whole),
  plain('clause', 'field.clause', 'main', 1, whole),
  plain('source', 'field.source', 'narrow', 1),
  { name: 'tags', label: 'field.tags', place: 'narrow', rows: 1, forms: whole, write: (pick) => (pick.tags ?? []).join('，'),
    read: (text) => ({ tags: text.split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean) }) },
  { ...plain('url', 'field.url', 'narrow', 1), read: (text) => (text.trim() === '' ? { url: null } : { url: text.trim(), awaits_url: null }) },
  { name: 'lines', label: 'field.lines', place: 'more', rows: 1, forms: whole, rowsOf: 'lines', read: () => ({}),
    write: (pick) => (pick.lines ?? []).map((line) => `${line.label}${line.text ?? ''}`).join('\n') },
  { name: 'links', label: 'field.links', place: 'more', rows: 1, forms: whole, rowsOf: 'links', read: () => ({}),
    write: (pick) => (pick.links ?? []).map((link) => `${link.label} ${link.url}`).join('\n') },
  plain('linked', 'field.linked', 'more', 1),
];

export function fieldsOf(form: SectionForm): readonly Field[] {
  return fields.filter((field) => !field.forms || field.forms.includes(form));
}

/** Label and text of a row; a label keeps its colon in the issue and is shown without. */
export interface Row { label: string; text: string }

export function rowsFrom(name: 'lines' | 'links', pick: PickFields): Row[] {
  return name === 'lines' ? (pick.lines ?? []).map(({ label, text }) => ({ label: label.replace(/[:：]$/, ''), text: text ?? '' }))
    : (pick.links ?? []).map(({ label, url }) => ({ label, text: url }));
}

export function rowsTo(name: 'lines' | 'links', rows: readonly Row[]): PickFields {
  const filled = rows.filter((row) => row.label.trim() !== '');
  if (name === 'lines') {
    return { lines: filled.map(({ label, text }): Line => ({ label: `${label.trim()}：`, text: text.trim() || null })) };
  }
  return { links: filled.filter((row) => row.text.trim() !== '').map(({ label, text }): Link => ({ label: label.trim(), url: text.trim() })) };
}

const required: Record<SectionForm, readonly FieldName[]> = {
  oneline: ['subject', 'url'], article: ['summary', 'url', 'source'], paper: ['summary', 'url'], project: ['prefix', 'summary', 'url'],
};

/** What is still to be written before it can be printed. */
export function missing(pick: Pick, form: SectionForm): FieldName[] {
  return required[form].filter((name) => !pick[name]);
}
