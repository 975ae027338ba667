// What an attacker writes into a feed, walked over on every page: no script of it runs, nothing is asked of
// another host.
//
// The payloads are those of tests/xss/payloads.py, or, with $XSS_PAYLOADS, the `html` of each line of that file.
// Each is an item of a feed on loopback: as its text, and as characters in title, author and category.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { address, ask, cursorOf, decide, expectFailures, open, run, until } from './harness.mjs';

const own = 'import json, sys; sys.path.insert(0, sys.argv[1]); import payloads; print(json.dumps(sum(payloads.ATTACKS.values(), [])))';

function payloads() {
  const file = process.env.XSS_PAYLOADS;
  if (file) return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line).html);
  return JSON.parse(execFileSync('python3', ['-c', own, fileURLToPath(new URL('../xss', import.meta.url))], { encoding: 'utf8' }));
}

/** XML has no place for these, however they are written. */
const legal = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');
const escaped = (text) => legal(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const twice = (text) => escaped(escaped(text)); // the title's type says HTML

function feedOf(attacks, now) {
  const entries = attacks.map((attack, n) => `<entry><id>urn:hostile:${n}</id><title type="html">hostile ${n} 量化部署芯片 GPU ${twice(attack.slice(0, 300))}</title>
    <link href="https://outside.invalid/${n}"/><updated>${new Date(now - n * 60_000).toISOString()}</updated>
    <author><name>${escaped(attack.slice(0, 120))}</name></author><category term="${escaped(attack.slice(0, 80))}"/>
    <summary type="html">${escaped(`<p>摘要 ${n}</p>${attack}`)}</summary>
    <content type="html">${escaped(`<p>正文 ${n}</p>${attack}`)}</content></entry>`);
  return `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:hostile</id>
    <title type="html">${twice('<img src=x onerror=hit()>hostile')}</title><updated>${new Date(now).toISOString()}</updated>${entries.join('\n')}</feed>`;
}

const attacks = payloads();
let visits = 0; // to anything but the feed
const server = http.createServer((request, answer) => {
  if (!url.endsWith(request.url)) visits++;
  answer.setHeader('Content-Type', 'application/atom+xml; charset=utf-8');
  answer.end(feedOf(attacks, Date.now()));
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = `http://127.0.0.1:${server.address().port}/hostile.atom`;

/** Whatever an attack calls when it runs leaves its trace here, in any frame. */
function trap() {
  for (const name of ['hit', 'alert', 'confirm', 'prompt', 'print']) {
    window[name] = () => { console.log('TRAP sprung'); };
  }
}

async function openTrapped(path) {
  const page = await open(path);
  const sprung = [];
  page.on('console', (message) => { if (message.text().startsWith('TRAP')) sprung.push(page.url()); });
  page.on('dialog', (dialog) => { sprung.push(`a dialog on ${page.url()}`); void dialog.dismiss(); });
  page.on('popup', () => sprung.push(`a window from ${page.url()}`));
  await page.addInitScript(trap);
  await page.goto(address + path);
  const leaving = [];
  page.on('framenavigated', (frame) => { if (!frame.url().startsWith(address) && !/^about:(blank|srcdoc)$/.test(frame.url())) leaving.push(frame.url()); });
  return { page, done: async () => {
    assert.deepEqual({ sprung, leaving, visits }, { sprung: [], leaving: [], visits: 0 });
    await page.context().close();
  } };
}

let stories = [];

await run({
  async 'the hostile feed is followed, with every payload an item'() {
    const answer = await fetch(`${address}/api/v1/add`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ url, as: 'feed' }) });
    assert.equal(answer.status, 200);
    const mine = `/api/v1/stories?limit=200&feed=${encodeURIComponent(url)}`;
    stories = await until('its items are stored', async () => {
      const found = [];
      for (const more of ['', '&off_topic=true']) {
        const aside = more !== '';
        for (let next = ''; next !== null;) {
          const part = await ask(mine + more + (next && `&cursor=${next}`));
          found.push(...part.stories.map((story) => ({ ...story, off_topic: aside })));
          next = part.next;
        }
      }
      return found.reduce((sum, story) => sum + story.items, 0) >= attacks.length && found;
    });
    console.log(`# ${attacks.length} payloads in ${stories.length} stories`);
  },
  async 'the trap works'() {
    const { page } = await openTrapped('/desk/settings');
    const sprung = page.waitForEvent('console', (message) => message.text().startsWith('TRAP'));
    await page.evaluate('hit()');
    await sprung;
    await page.context().close();
  },
  async 'every payload is read in the inbox'() {
    expectFailures(true); // what the policy refuses is named in the console
    const { page, done } = await openTrapped(`/desk/inbox?source=${encodeURIComponent(stories[0].source)}`);
    await page.waitForSelector('.row.cursor');
    const shown = new Set();
    page.on('response', (response) => { const [, item] = /items\/(\d+)\/content/.exec(response.url()) ?? []; if (item) shown.add(item); });
    const inInbox = stories.filter((story) => !story.off_topic).length;
    for (let n = 0; n < inInbox; n++) {
      const id = await cursorOf(page), { lead } = stories.find((story) => story.id === id);
      await until(`the article of ${id} is open`, () => shown.has(lead));
      await page.keyboard.press('j');
    }
    console.log(`# ${shown.size} articles open in the reader`);
    assert.ok(shown.size > 0);
    await done();
  },
  async 'every article is without effect in a frame that no sandbox holds'() {
    expectFailures(true);
    const { page, done } = await openTrapped('/desk/settings');
    for (const story of stories) {
      await page.evaluate((path) => new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.onload = resolve;
        frame.src = path;
        document.body.replaceChildren(frame);
      }), `/api/v1/items/${story.lead}/content`);
    }
    await done();
  },
  async 'picked, it is harmless in draft and previews'() {
    expectFailures(true);
    await decide(stories.slice(0, 60).map(({ id }) => id), { state: 'picked' });
    const { page, done } = await openTrapped('/desk/draft');
    await page.waitForSelector('.pick:not(.suggested)');
    for (const format of ['draft.html', 'draft.wechat.html', 'plain', 'draft']) {
      await page.goto(`${address}/${format}`);
      await page.waitForSelector('body');
    }
    await page.goto(`${address}/desk/draft`);
    await page.waitForSelector('.pick:not(.suggested)');
    for (const tab of await page.locator('.side .seg button').all()) if (await tab.isVisible()) await tab.click();
    await done();
  },
  async 'it is harmless in search, sources, rules, archive and log'() {
    expectFailures(true);
    const { page, done } = await openTrapped('/desk/sources');
    await page.waitForSelector('.table tbody tr:has-text("hostile")');
    await until('it can be searched', async () => (await ask('/api/v1/search?q=hostile')).items?.length > 0);
    for (const [path, ready] of [['search?q=hostile', '.hit'], ['search?q=%3Cimg+onerror%3Dhit()%3E', '.hit, .empty'], ['rules', '.lines li'], ['archive?q=hostile', '.issue, .empty'],
      ['log', '.events li']]) {
      await page.goto(`${address}/desk/${path}`);
      await page.waitForSelector(ready);
    }
    await done();
    server.close();
  },
});
