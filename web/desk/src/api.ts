// The service as web/openapi.yaml describes it: its types, written once, and one function to ask.
//
// Every refusal becomes a Refused (RFC 9457), everything that never reached an answer an Unreachable;
// a caller that can wait (outbox.ts) tells the two apart and waits on the second only.

import { signal } from '@preact/signals';
import { addressOf } from './route.ts';
import { t } from './i18n.ts';
import { editor, language } from './settings.ts';

export type Id = string;
export type State = 'inbox' | 'picked' | 'later' | 'rejected';

export interface Reason {
  rule: string; // papers/venues, topic/quantization, vendor/英伟达, feed/量子位, learner
  matched: string;
  field: string;
  weight: number;
  spans?: [number, number][]; // [start, end) in UTF-16 units of that field
}

export interface Story {
  id: Id;
  version: string;
  state: State;
  section: string;
  title: string | null;
  summary: string | null;
  url: string | null;
  source: string | null;
  language: string | null;
  vendor: string | null;
  prefix: string | null;
  tags: string[];
  published: string | null;
  first_seen: string;
  relevance: number;
  margin: number;
  uncertain: boolean;
  items: number;
  also: string[];
  printed: string | null;
  reasons: Reason[];
}

export interface Sighting {
  feed: string | null;
  source: string | null;
  first_seen: string;
}

export interface Item {
  id: Id;
  key: string;
  title: string | null;
  summary: string | null;
  url: string | null;
  source: string | null;
  language: string | null;
  published: string | null;
  first_seen: string;
  has_content: boolean;
  version: string;
  authors: string | null;
  comment: string | null;
  journal_ref: string | null;
  tags: string[];
  joined: { reason: 'first' | 'key' | 'copy' | 'event' | 'editor'; score: number; sentence: string | null };
  sightings: Sighting[];
}

export interface PrintedItem {
  date: string;
  section: string;
  title: string;
  url: string | null;
  source: string | null;
}

export interface Bundled {
  item: Id;
  story: Id;
  title: string | null;
  url: string | null;
  published: string;
}

/** What stands beside a story. */
export interface Related {
  similar: PrintedItem[];
  bundle: string | null;
  bundled: Bundled[];
}

export interface StateCount {
  state: State;
  total: number;
  uncertain: number;
  sections: Record<string, number>;
}

export interface Counts { states: StateCount[] }

export interface FoundFeed {
  number: number;
  url: string;
  title: string | null;
  format: string | null;
  entries: number | null;
  from: string;
  name?: string;
}

export interface Added {
  outcome: 'feed' | 'feed_known' | 'item' | 'item_known' | 'choose';
  feeds: FoundFeed[];
  feed: FoundFeed | null;
  item: { id: number; title: string | null; url: string | null; source: string | null; section: string } | null;
}

export interface StoryDetail extends Story {
  lead: Id;
  pick: Id | null;
  story_items: Item[];
}

export interface StoryPage {
  stories: Story[];
  next: string | null;
}

export interface Line { label: string; text: string | null } // label with its colon: 链接：; null: to be filled in
export interface Link { label: string; url: string }

export interface PickFields {
  subject?: string | null;
  prefix?: string | null;
  tags?: string[] | null;
  title?: string;
  linked?: string | null;
  source?: string | null;
  url?: string | null;
  awaits_url?: boolean | null;
  links?: Link[] | null;
  lines?: Line[] | null;
  summary?: string | null;
  bare_summary?: boolean | null;
  clause?: string | null;
  highlight?: boolean | null;
}

export interface Pick extends PickFields {
  id: Id | null; // null: a suggestion, not yet picked
  version: string;
  section: string;
  story: Id | null;
  suggested: boolean;
  original: PickFields | null;
}

export type SectionForm = 'article' | 'oneline' | 'paper' | 'project';

export interface Section {
  id: string;
  title: string;
  short_title: string;
  form: SectionForm;
  limit: number;
  note: string | null;
  picks: Pick[];
}

/** What a write of the issue's own lines may hold; null: as the machine or feeds.conf has it. */
export interface DraftFields {
  day?: string | null;
  headline?: string | null;
  guide?: string | null;
  guide_base?: string | null;
  preface?: string | null;
  lead_in?: string | null;
  note_before?: string | null;
  closing?: string | null;
  note_after?: string | null;
  suggest?: boolean;
}

export interface Draft {
  id: Id;
  tag: string;
  version: string;
  corrects: string | null; // the published issue it is a correction of
  publishing: boolean;
  date: string;
  date_by_editor: boolean;
  title: string;
  headline: string | null;
  count: number;
  guide: string | null;
  guide_by_editor: boolean;
  guide_base: string | null;
  guide_proposed: string | null;
  preface: string | null;
  lead_in: string | null;
  note_before: string | null;
  closing: string | null;
  note_after: string | null;
  suggest: boolean;
  sections: Section[];
}

export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'hint';
  section: string | null;
  item: number | null; // which of the section's, from 0
  pick: Id | null;
  field: string;
  start: number;
  length: number;
  message: { zh: string; en: string };
  fix: string | null;
}

export interface Findings {
  findings: Finding[];
  checks: number;
  wechat_characters: number;
  wechat_limit: number;
}

export interface GuideChange {
  kind: 'count' | 'added' | 'removed' | 'reworded';
  group: string | null;
  before: string | null;
  after: string | null;
  taken: string; // her text with this change alone
  conflict: boolean; // taking it discards her own words
}

export interface GuideProposal {
  text: string | null;
  base: string | null;
  proposal: string | null;
  merged: string | null; // hers with every change that is no conflict
  changes: GuideChange[];
}

export interface DraftSummary {
  id: Id;
  date: string;
  corrects: string | null;
  count: number;
  publishing: boolean;
}

export interface IssueSummary {
  date: string;
  published: string | null;
}

/** What any write answers: everything it changed, as it is now. */
export interface Changed {
  event: Id | null;
  tag?: string | null;
  made?: Id | null;
  stories?: Story[];
  gone?: Id[];
  picks?: Pick[];
  removed?: Id[];
}

export interface Problem {
  title: string;
  status: number;
  detail?: string;
  detail_zh?: string;
  code?: string;
  place?: string;
  current?: unknown;
  yours?: unknown;
  conflict?: { editor: string | null; at: string | null; version: string };
}

/** Who asks. */
export interface Me {
  name: string;
  role: 'reader' | 'editor' | 'admin';
  accounts: boolean; // false: there are none, and nobody logs in
  by: 'session' | 'token' | 'loopback';
  session: Id | null;
}

const remembered = 'briefd.account';

/** Whose desk this is, as it was last time; '' as long as nobody logs in (account.ts). */
export const account = localStorage.getItem(remembered) ?? '';

export function rememberAccount(name: string): void {
  localStorage.setItem(remembered, name);
}

/** The session has ended: the service answers nothing but 401. */
export const isLoggedOut = signal(false);

/** Why something was refused, in her language; of an answer that is not the service's own its status. */
export function whyOf(problem: Problem): string {
  const said = language.value === 'zh-CN' ? problem.detail_zh : problem.detail;
  return said ?? t('refused.status', { n: problem.status });
}

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(whyOf(problem));
  }
}

/** No answer, or one of a service that is starting or going: worth asking again. */
export class Unreachable extends Error {}

export interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  ifMatch?: string | undefined;
  key?: string;
  signal?: AbortSignal;
}

const waiting = new Set([502, 503, 504]);

/** The service is starting or going, or a proxy has none behind it. A 502 of the service's own is about somebody
 * else's site, and has a code. */
function isAway(problem: Problem, status: number): boolean {
  return status === 503 || (waiting.has(status) && problem.code === undefined);
}

function headersOf(request: Request): Headers {
  const headers = new Headers({ Accept: 'application/json' });
  if (request.body !== undefined) {
    headers.set('Content-Type',
      request.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  }
  if (request.ifMatch !== undefined) headers.set('If-Match', `"${request.ifMatch}"`);
  if (request.key !== undefined) headers.set('Idempotency-Key', request.key);
  // The account's name goes with writes, so that somebody else's session takes none of hers; without accounts
  // she says who she is. In UTF-8 as the service reads it: a header takes bytes, each as a character.
  const name = account === '' ? editor.value : request.method === 'GET' ? '' : account;
  if (name !== '') headers.set('Briefd-Editor', String.fromCharCode(...new TextEncoder().encode(name)));
  return headers;
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    return (await answer.json()) as Problem;
  } catch {
    return { title: answer.statusText, status: answer.status };
  }
}

export async function ask<T>(request: Request): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(addressOf(request.path), {
      method: request.method,
      headers: headersOf(request),
      cache: 'no-store',
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new Unreachable(String(error));
  }
  isLoggedOut.value = answer.status === 401;
  if (isLoggedOut.value) throw new Unreachable(answer.statusText);
  if (!answer.ok) {
    const problem = await problemOf(answer);
    throw isAway(problem, answer.status) ? new Unreachable(answer.statusText) : new Refused(problem);
  }
  try {
    return (await answer.json()) as T;
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new Unreachable(String(error)); // cut off in the middle
  }
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>({ method: 'GET', path, ...(signal === undefined ? {} : { signal }) });
}

/** A text as it is served, or null where the service has no such address. */
export async function getText(path: string): Promise<string | null> {
  let answer: Response;
  try {
    answer = await fetch(addressOf(path), { cache: 'no-cache' });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (answer.status === 404 || answer.status === 406) return null;
  if (!answer.ok) throw new Unreachable(answer.statusText);
  return answer.text();
}

/** Whether the service has this address: what it lacks is not offered. */
export async function exists(path: string): Promise<boolean> {
  try {
    return (await fetch(addressOf(path), { method: 'HEAD', cache: 'no-cache' })).ok;
  } catch {
    return false;
  }
}
