// What the service refuses is said in her language: every kind of refusal that the desk can meet, asked of the
// service as the desk asks, and some of them on the page.
import assert from 'node:assert/strict';
import { address, ask, expectFailures, open, run, until } from './harness.mjs';

const json = { 'Content-Type': 'application/json' };
const patch = { 'Content-Type': 'application/merge-patch+json' };

async function refusal(method, path, body, headers = {}) {
  if (body !== undefined && method === 'POST' && Object.keys(body).length === 0) body = undefined;
  const answer = await fetch(address + path, { method, headers: { ...(method === 'PATCH' ? patch : json), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  if (answer.status < 400) return { detail_zh: `not refused at all: ${answer.status}` };
  return answer.json();
}

/** Four Latin words in a row that are no name, file or sample are an English sentence. */
function isEnglish(text) {
  return /(?:\b[A-Za-z]{2,}\b[ ,]+){3}[A-Za-z]{2,}/.test(text);
}

const unwritten = ['bad-request', 'refused', 'not-found', 'conflict', 'error', 'source-unreadable'];

/** What is wrong with how it is said: '' for nothing. */
function faultOf(problem) {
  const text = problem.detail_zh ?? problem.message_zh ?? '';
  if (!/\p{Script=Han}/u.test(text) || isEnglish(text)) return `is said as ${text}`;
  return unwritten.includes(problem.code) ? `nobody wrote a sentence for ${problem.detail}` : '';
}

const words = ['', 'x*y', '*', '/v[0-9](x/', '/a*/', '//', '/a', '/a/i', '*a', '!!', 'zzz:y', '量化*', '/[b-a]/', '/*/', '/a{3,1}/', '/a\\'];
const rules = [...words.map((word) => `section "papers" { rule "r" { keywords = { "${word.replaceAll('\\', '\\\\')}" } } }`),
  'section "papers" {', 'section "papers" { rule "r" { keywords = { } } }', 'section "papers" { rule "r" { weight = x keywords = { "a" } } }',
  'section "papers" { rule "r" { weight = 999999 keywords = { "a" } } }', 'section "nothing" { rule "r" { keywords = { "a" } } }', '', 'topic "t" { keywords = { "a" "b" } }',
  'topic "t" { keywords = { "a", , "b" } }', 'topic "t" { nothing = 1 keywords = { "a" } }', 'topic { keywords = { "a" } }',
  'topic "t" { keywords = { "a" } } }', 'topic "t" { keywords "a" }', 'topic "t" { keywords = { "a }', 'topic "t" { weight = 1 weight = 2 keywords = { "a" } }', 'topic "t" { weight = }',
  'topic "t" { keywords = { "a" } final = perhaps }', 'vendor "甲" { aliases = { "乙" } } vendor "丙" { aliases = { "乙" } }'];

await run({
  async 'rules: each refusal and each of its places in Chinese, the place kept'() {
    const faults = [];
    for (const text of rules) {
      const problem = await refusal('PUT', '/api/v1/rules', { rules: text });
      for (const one of [problem, ...problem.problems ?? []]) if (faultOf(one) !== '') faults.push(`${text}: ${faultOf(one)} (${one.detail ?? one.message})`);
      const place = /^rules:\d+:\d+/.exec(problem.detail)?.[0];
      if (place && !problem.detail_zh.startsWith(place)) faults.push(`${text}: the place is lost in ${problem.detail_zh}`);
    }
    assert.deepEqual(faults, []);
  },
  async 'decisions, drafts, publishing, feeds, adding and searching: each refusal in Chinese'() {
    const { stories: [one, two] } = await ask('/api/v1/stories?limit=2');
    const { feeds: [feed] } = await ask('/api/v1/feeds');
    const draft = await ask('/api/v1/draft');
    const refs = [{ id: one.id }, { id: two.id }];
    const cases = [
      ['POST', '/api/v1/decisions', { stories: [{ id: '999999' }], state: 'picked' }],
      ['POST', '/api/v1/decisions', { stories: [{ id: one.id, version: '999' }], state: 'picked' }],
      ['POST', '/api/v1/decisions', { stories: [{ id: one.id }], section: 'nothing' }],
      ['POST', '/api/v1/decisions', { stories: refs, lead: '1' }],
      ['POST', '/api/v1/decisions', { stories: [{ id: one.id }], lead: '999999' }],
      ['POST', '/api/v1/merges', { stories: [refs[0]] }], ['POST', '/api/v1/merges', { stories: [refs[0], refs[0]] }],
      ['POST', `/api/v1/stories/${one.id}/split`, { items: [{ id: '999999' }] }],
      ['PATCH', '/api/v1/picks/999999', { title: 'x' }], ['PATCH', `/api/v1/drafts/${draft.id}`, { day: 'tomorrow' }],
      ['PATCH', '/api/v1/drafts/999', { guide: 'x' }], ['GET', '/api/v1/drafts/999/guide'],
      ['POST', '/api/v1/publish', { date: '1999-01-01' }], ['POST', '/api/v1/issues/1999-01-01/reopen', {}],
      ['POST', '/api/v1/undo', {}], ['POST', '/api/v1/redo', {}],
      ['PATCH', `/api/v1/feeds/${feed.id}`, { min_interval: 'soon' }], ['PATCH', `/api/v1/feeds/${feed.id}`, { weight: 'heavy' }],
      ['PATCH', `/api/v1/feeds/${feed.id}`, { section: 'nothing' }], ['PATCH', `/api/v1/feeds/${feed.id}`, { require: ['nothing'] }],
      ['PATCH', `/api/v1/feeds/${feed.id}`, { min_interval: '9d', max_interval: '1h' }], ['PATCH', `/api/v1/feeds/${feed.id}`, { max_items: 'many' }],
      ['PATCH', `/api/v1/feeds/${feed.id}`, { nothing: 'x' }], ['DELETE', `/api/v1/feeds/${feed.id}`], ['POST', '/api/v1/feeds/999999/poll', {}],
      ['POST', '/api/v1/add', { url: 'ftp://x.example/' }], ['POST', '/api/v1/add', { url: 'http://10.0.0.1/' }],
      ['POST', '/api/v1/add', { url: 'http://127.0.0.1:1/' }], ['POST', '/api/v1/add', { url: `${address}/nothing` }],
      ['DELETE', '/api/v1/rules/papers/nothing'], ['DELETE', '/api/v1/topics/nothing'], ['DELETE', '/api/v1/vendors/nothing'],
      ['GET', '/api/v1/stories?q=-x'], ['GET', `/api/v1/search?q=${'a+'.repeat(17)}`], ['GET', '/api/v1/search?q=-x'], ['GET', '/api/v1/stories?cursor=z'],
      ['GET', '/api/v1/stories?section=nothing'], ['GET', '/api/v1/stories/999999'], ['GET', '/api/v1/issues/1999-01-01'],
      ['POST', '/api/v1/tokens', { label: 'x', scope: 'read', days: 1 }], ['DELETE', '/api/v1/sessions/1'],
    ];
    const faults = [];
    for (const [method, path, body] of cases) {
      const fault = faultOf(await refusal(method, path, body));
      if (fault !== '') faults.push(`${method} ${path} ${JSON.stringify(body ?? '')} ${fault}`);
    }
    assert.deepEqual(faults, []);
  },
  async 'on the page: a rule, a setting and an address are refused in her language, Chinese or English'() {
    const { feeds } = await ask('/api/v1/feeds');
    const feed = feeds.find((one) => one.name === '示例日报');
    for (const [locale, isHers] of [['zh-CN', (text) => /\p{Script=Han}/u.test(text) && !isEnglish(text)], ['en-GB', (text) => /\b[a-z]+ [a-z]+\b/.test(text) && !/要写|关键词/.test(text)]]) {
      const page = await open(`/desk/sources?feed=${feed.id}`, { locale });
      expectFailures(true);
      await page.locator('#feed-weight').fill('heavy');
      await page.locator('#feed-weight').blur();
      await page.waitForSelector('#feed-weight-note.bad');
      const shown = [await page.locator('#feed-weight-note').innerText()];
      await page.goto(`${address}/desk/rules?tab=papers`);
      await page.waitForSelector('.lines li');
      await page.keyboard.press('n');
      await page.locator('.edit textarea').fill('/v[0-9](x/');
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.lines li.err .squiggle');
      shown.push(await page.locator('.lines li.err p').innerText());
      await page.keyboard.press('Escape');
      await page.goto(`${address}/desk/inbox?add=${encodeURIComponent('http://127.0.0.1:1/')}`);
      await page.locator('dialog input[name=url]').waitFor();
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog .alert');
      shown.push(await page.locator('dialog .alert').innerText());
      for (const text of shown) assert.ok(isHers(text), text);
      assert.match(shown.at(-1), /127\.0\.0\.1:1/); // of that site, not of the service
      await until('nothing was stored', async () => (await ask(`/api/v1/feeds/${feed.id}`)).changed.length === 0);
      await page.context().close();
    }
  },
});
