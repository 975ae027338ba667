// Rules as the page edits them, and as text of feeds.conf, which is what the service takes.
//
// Each keyword gets a line of its own in that text, so that the place of a problem (line and column) can be
// led back to the keyword and the character she typed.
import { language } from '../settings.ts';

export type Kind = 'rule' | 'topic' | 'vendor';

export interface Rule {
  kind: Kind;
  section: string | null;
  name: string;
  weight: number;
  final: boolean;
  words: string[];
  origin: string; // feeds.conf:123, or "desk" and when
}

export interface RulesAnswer {
  rules: { section: string; name: string; weight: number; final: boolean; keywords: string[]; origin: string }[];
  topics: { name: string; weight: number; final: boolean; keywords: string[]; origin: string }[];
}
export interface VendorsAnswer { vendors: { name: string; aliases: string[]; weight: number; origin: string }[] }

export const keyOf = (rule: Pick<Rule, 'kind' | 'section' | 'name'>): string => `${rule.kind} ${rule.section ?? ''} ${rule.name}`;
export const isOwn = (rule: Rule): boolean => rule.origin === '' || rule.origin.startsWith('desk ');

export function rulesOf(rules: RulesAnswer, vendors: VendorsAnswer): Rule[] {
  return [
    ...rules.rules.map((one): Rule => ({ ...one, kind: 'rule', words: one.keywords })),
    ...rules.topics.map((one): Rule => ({ ...one, kind: 'topic', section: null, words: one.keywords })),
    ...vendors.vendors.map((one): Rule => ({ ...one, kind: 'vendor', section: null, final: false, words: one.aliases.filter((alias) => alias !== one.name) })),
  ];
}

/** Keywords as typed: 、 or a comma or a new line between them, but not inside a pattern between slashes. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = '', isPattern = false;
  for (const character of text) {
    if (character === '/' && (isPattern || /^([a-z]+:)?$/.test(word.trim()))) isPattern = !isPattern;
    if (!isPattern && /[、,，\n]/.test(character)) {
      words.push(word.trim());
      word = '';
    } else {
      word += character === '\n' ? ' ' : character;
    }
  }
  return [...words, word.trim()].filter(Boolean);
}

export const textOf = (words: string[]): string => words.join('、');

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
const indent = '  ';

interface Line { key: string; word: number | null }
export interface Written { text: string; lines: Line[] }

/** The changed rules as a piece of feeds.conf. */
export function write(rules: Rule[]): Written {
  const written: string[] = [], lines: Line[] = [];
  for (const rule of rules) {
    const put = (text: string, word: number | null = null): void => {
      written.push(text);
      lines.push({ key: keyOf(rule), word });
    };
    if (rule.kind === 'rule') put(`section ${quote(rule.section ?? '')} {`);
    put(`${rule.kind} ${quote(rule.name)} {`);
    put(`weight = ${rule.weight}`);
    if (rule.final && rule.weight > 0) put('final = true'); // a list that decides cannot be off: that goes by its votes
    put(rule.kind === 'vendor' ? 'aliases = {' : 'keywords = {');
    rule.words.forEach((word, index) => put(`${indent}${quote(word)}${index < rule.words.length - 1 ? ',' : ''}`, index));
    put('}');
    put('}');
    if (rule.kind === 'rule') put('}');
  }
  return { text: `${written.join('\n')}\n`, lines };
}

export interface Place { key: string; word: number | null; from: number; message: string }

/** What a list has found among the stored items. */
export interface Hits { items: number; words: { matched: string; items: number }[] }
export interface HitsAnswer { rules: (Hits & { rule: string })[] }

/** As a reason names it. */
export function reasonOf(rule: Rule): string {
  return `${rule.kind === 'rule' ? rule.section : rule.kind}/${rule.name}`;
}

/** What is wrong with rules as they were written, and where. */
export interface Misplaced { line: number; column: number; message: string; message_zh: string }

/** Where she typed what a problem names; column 0: the keyword as a whole. */
export function placeOf(problem: Misplaced, written: Written): Place | null {
  const line = written.lines[problem.line - 1] ?? written.lines[0];
  if (line === undefined) return null;
  const source = written.text.split('\n')[problem.line - 1] ?? '';
  const escaped = Array.from(source).slice(indent.length + 1, Math.max(indent.length + 1, problem.column - 1)).join('');
  return { key: line.key, word: line.word, from: escaped.replace(/\\(.)/g, '$1').length, message: language.value === 'zh-CN' ? problem.message_zh : problem.message };
}
