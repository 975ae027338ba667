// Adding by URL: one feed among several, a page as an item, what is there already, and what cannot be read.
import assert from 'node:assert/strict';
import http from 'node:http';
import { ask, expectFailures, open, run, stateOf, until } from './harness.mjs';

const entry = (title) => `<item><title>${title}</title><link>https://site.example/${encodeURIComponent(title)}</link><description>端侧量化</description></item>`;
const rss = (title, ...entries) => ['application/rss+xml',
  `<?xml version="1.0"?><rss version="2.0"><channel><title>${title}</title><link>https://site.example/</link><description>d</description>${entries.map(entry).join('')}</channel></rss>`];
const html = (head, body = '<p>正文。') => ['text/html; charset=utf-8', `<!doctype html><html lang="zh-CN"><head>${head}</head><body>${body}</body></html>`];
const article = (title) => html(`<title>${title}</title><meta property="og:title" content="${title}"><meta property="og:site_name" content="某某笔记">
  <meta name="description" content="在单片机上做量化推理的笔记。">`, `<article><h1>${title}</h1><p>在单片机上做量化推理的笔记。</p></article>`);
const alternate = (href, title) => `<link rel="alternate" type="application/rss+xml" title="${title}" href="${href}">`;

const site = {
  '/': html(`<title>两种订阅</title>${alternate('/all.xml', '全部文章')}${alternate('/notes.xml', '只有笔记')}`),
  '/all.xml': rss('全部文章', '甲', '乙', '丙'), '/notes.xml': rss('只有笔记', '丁'),
  '/kept': article('端侧量化推理：存成条目'), '/picked': article('端侧量化推理：直接选入'),
  '/both': html(`<title>既有订阅也是文章</title>${alternate('/all.xml', '全部文章')}${alternate('/notes.xml', '只有笔记')}`),
};
const server = http.createServer((request, response) => {
  const found = site[request.url];
  response.writeHead(found ? 200 : 404, { 'Content-Type': found?.[0] ?? 'text/plain' }).end(found?.[1] ?? 'nothing');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const at = (path) => `http://127.0.0.1:${server.address().port}${path}`;
const feedAt = async (path) => (await ask('/api/v1/feeds')).feeds.find((feed) => feed.url === at(path) && feed.origin !== null);

async function look(page, url) {
  await page.keyboard.press('a');
  await page.locator('dialog input[name=url]').fill(url);
  await page.keyboard.press('Enter');
}

async function inbox() {
  const page = await open('/desk/inbox');
  await page.waitForSelector('.row.cursor');
  return page;
}

await run({
  async 'of several feeds she chooses one, with title, address and entries to choose by'() {
    const page = await inbox();
    await look(page, at('/'));
    const rows = page.locator('dialog .found li');
    await rows.nth(1).waitFor();
    assert.equal(await rows.count(), 2);
    assert.match(await rows.nth(0).innerText(), /全部文章[\s\S]*\/all\.xml[\s\S]*3 条/);
    assert.match(await rows.nth(1).innerText(), /只有笔记[\s\S]*\/notes\.xml[\s\S]*1 条/);
    assert.equal(await feedAt('/notes.xml'), undefined); // nothing is followed unasked
    await rows.nth(1).locator('button').click();
    await page.waitForSelector('dialog .found[role=status]:has-text("只有笔记")');
    await until('the chosen one is followed', () => feedAt('/notes.xml'));
    assert.equal(await feedAt('/all.xml'), undefined);
    await page.locator('dialog footer .btn.fill').click();
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.context().close();
  },
  async 'a feed that is followed already is said to be, by its name'() {
    const page = await inbox();
    await look(page, at('/notes.xml'));
    await page.waitForSelector('dialog .found[role=status]:has-text("早已订阅")');
    await page.context().close();
  },
  async 'with the keyboard alone: the first feed is some Tabs and Enter away'() {
    const page = await inbox();
    await look(page, at('/'));
    await page.locator('dialog .found li').first().waitFor();
    for (let n = 0; n < 8; n++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement?.closest('.found li') !== null)) break;
    }
    await page.keyboard.press('Enter');
    await until('it is followed', () => feedAt('/all.xml'));
    await page.context().close();
  },
  async 'a page with feeds may be stored as an item instead'() {
    const page = await inbox();
    await look(page, at('/both'));
    await page.locator('dialog .found > .btn').click();
    await page.waitForSelector('dialog .found[role=status]:has-text("既有订阅也是文章")');
    await page.context().close();
  },
  async 'an article is stored and shown under the cursor'() {
    const page = await inbox();
    await look(page, at('/kept'));
    await page.waitForSelector('dialog .found[role=status]:has-text("端侧量化推理：存成条目"):has-text("某某笔记")');
    await page.locator('dialog footer .btn.line').click();
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.waitForSelector('.row.cursor:has-text("端侧量化推理：存成条目")');
    await page.context().close();
  },
  async 'an article is picked from the dialog, from any page, and a second time it is the same one'() {
    const page = await open('/desk/sources');
    await page.waitForSelector('tr[data-feed]');
    await look(page, at('/picked'));
    await page.locator('dialog footer .btn.fill:not([type=submit])').click();
    await page.waitForSelector('dialog', { state: 'detached' });
    const pick = await until('it is in the draft', async () => (await ask('/api/v1/draft')).sections.flatMap((one) => one.picks)
      .find((one) => !one.suggested && one.title.includes('直接选入')));
    assert.equal(await stateOf(pick.story), 'picked');
    await page.waitForSelector('.toast');
    await look(page, at('/picked'));
    await page.waitForSelector('dialog .found[role=status]:has-text("早已存有")');
    await page.context().close();
  },
  async 'what cannot be read is said in her language, with what she may do; the address stays to be mended'() {
    const page = await inbox();
    expectFailures(true); // the 4xx
    await look(page, at('/nothing-here'));
    await page.waitForSelector('dialog .alert');
    assert.match(await page.locator('dialog .alert').innerText(), /没有内容（404）/);
    assert.equal(await page.inputValue('dialog input[name=url]'), at('/nothing-here'));
    await page.locator('dialog input[name=url]').fill(at('/kept'));
    assert.equal(await page.locator('dialog .alert').count(), 0);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .found[role=status]:has-text("存成条目")');
    await page.locator('dialog footer .btn').first().click(); // another one
    assert.equal(await page.inputValue('dialog input[name=url]'), '');
    await page.context().close();
  },
});
