// The sources: health in words, asking now, pausing, a setting over the file's and back, adding, OPML.
import assert from 'node:assert/strict';
import http from 'node:http';
import { address, ask, expectFailures, open, run, send, tell, until } from './harness.mjs';

const feeds = async () => (await ask('/api/v1/feeds')).feeds;
const feedNamed = async (name) => (await feeds()).find((feed) => feed.name === name);
const row = (page, name) => page.locator(`tr[data-feed]:has-text("${name}")`);

async function openSources(query = '', options = {}) {
  const page = await open(`/desk/sources${query}`, options);
  await page.waitForSelector('tr[data-feed]');
  return page;
}

await run({
  async 'every feed has its health in words, the worst first'() {
    const page = await openSources();
    assert.equal(await page.locator('tr[data-feed]').count(), (await feeds()).length);
    const first = await page.locator('tr[data-feed]').first().innerText();
    assert.match(first, /404|登录页|不是订阅源/);
    assert.match(first, /再试/);
    assert.match(await row(page, '示例日报').innerText(), /正常/);
    const bars = row(page, '示例日报').locator('svg.bars');
    assert.equal(await bars.locator('rect').count(), 12);
    assert.match(await bars.getAttribute('aria-label'), /12|11/);
    await page.context().close();
  },
  async 'a filter is in the address and shows only what fits'() {
    const page = await openSources();
    await page.locator('.tabs a:has-text("出错")').click();
    await page.waitForURL(/health=failing/);
    await page.waitForFunction(() => [...document.querySelectorAll('tr[data-feed] .health')].every((one) => one.classList.contains('bad')));
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('tr[data-feed] .health.ok') !== null);
    await page.context().close();
  },
  async 'the navigation says once how many fail, and leads to them, which stand first'() {
    const page = await open('/desk/inbox');
    const badge = page.locator('.nav .n.bad');
    await badge.waitFor();
    assert.equal(await page.locator('.nav').getByText('个出错').count(), 1);
    const failing = Number.parseInt(await badge.innerText(), 10);
    assert.ok(failing > 0);
    await badge.click();
    await page.waitForURL(/\/desk\/sources$/);
    await page.waitForSelector('tr[data-feed]');
    const bad = await page.locator('tr[data-feed] .health').evaluateAll((all) => all.map((one) => one.classList.contains('bad')));
    assert.deepEqual(bad.slice(0, failing), Array(failing).fill(true));
    await page.context().close();
  },
  async 'p pauses the row with the focus, and the undo of its toast takes it back'() {
    const page = await openSources();
    const { id, name } = await feedNamed('示例日报');
    await row(page, name).locator('.name button').focus();
    await page.keyboard.press('p');
    await until('it is paused', async () => (await feedNamed(name)).health === 'paused');
    await page.waitForSelector(`tr[data-feed="${id}"] .health.off`);
    await page.locator('.toast .btn').first().click();
    await until('it is asked again', async () => (await feedNamed(name)).health !== 'paused');
    assert.deepEqual((await ask(`/api/v1/feeds/${id}`)).changed, ['enabled']);
    await send('DELETE', `/api/v1/feeds/${id}`);
    await page.context().close();
  },
  async 'r asks the feed now'() {
    const page = await openSources();
    const before = await feedNamed('示例芯闻');
    await row(page, '示例芯闻').locator('.name button').focus();
    const answered = page.waitForResponse((response) => response.url().endsWith(`/feeds/${before.id}/poll`));
    await page.keyboard.press('r');
    assert.equal((await answered).status(), 202);
    await until('it has been asked', async () => (await feedNamed('示例芯闻')).last_poll >= before.last_poll);
    await page.context().close();
  },
  async 'rows keep their place while their health changes'() {
    const page = await openSources();
    const order = () => page.locator('tr[data-feed]').evaluateAll((rows) => rows.map((one) => one.dataset.feed));
    const before = await order(), feed = await feedNamed('示例芯闻');
    await send('PATCH', `/api/v1/feeds/${feed.id}`, { enabled: false });
    await page.waitForSelector(`tr[data-feed="${feed.id}"] .health.off`); // told by an event
    assert.deepEqual(await order(), before);
    await send('DELETE', `/api/v1/feeds/${feed.id}`);
    await page.context().close();
  },
  async 'a setting is stored over the file, which is named, and taken back'() {
    const feed = await feedNamed('示例专栏');
    const page = await openSources(`?feed=${feed.id}`);
    await page.waitForSelector('.leaf .form');
    assert.match(await page.locator('#feed-settings').innerText(), /desk\.conf:\d+/);
    await page.locator('input[name=source]').fill('专栏');
    await page.keyboard.press('Enter');
    await until('it is stored', async () => (await ask(`/api/v1/feeds/${feed.id}`)).settings.source === '专栏');
    await page.locator('.field:has(input[name=source]) .link').click();
    await until('the file counts again', async () => (await ask(`/api/v1/feeds/${feed.id}`)).changed.length === 0);
    expectFailures(true); // the 422
    await page.locator('input[name=min_interval]').fill('soon');
    await page.keyboard.press('Enter');
    await page.waitForSelector('input[name=min_interval][aria-invalid=true]');
    assert.notEqual(await page.locator('#feed-min_interval-note').innerText(), '');
    await page.context().close();
  },
  async 'a feed is added by the address of its site, and unfollowed'() {
    const server = http.createServer((request, answer) => {
      answer.setHeader('Content-Type', request.url === '/' ? 'text/html; charset=utf-8' : 'application/rss+xml');
      answer.end(request.url === '/' ? '<link rel="alternate" type="application/rss+xml" title="新站" href="/feed.xml"><p>x'
        : '<rss version="2.0"><channel><title>新站</title><item><title>端侧量化</title><link>https://new.invalid/1</link></item></channel></rss>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const page = await openSources();
    await page.locator('.bar .btn.fill').click();
    await page.locator('dialog input[name=url]').fill(`http://127.0.0.1:${server.address().port}/`);
    await page.keyboard.press('Enter');
    const added = await until('it is followed', () => feedNamed('新站'));
    await page.keyboard.press('Escape');
    await page.waitForSelector(`tr[data-feed="${added.id}"]`); // told by an event
    await page.goto(`${address}/desk/sources?feed=${added.id}`);
    await page.locator('.leaf .block .acts .btn').last().click();
    await until('it is followed no more', async () => (await feeds()).every((feed) => feed.id !== added.id || feed.origin === null));
    server.close();
    await page.context().close();
  },
  async 'an OPML file says what it would change before it does'() {
    const page = await openSources();
    const before = (await feeds()).length;
    await page.locator('input[type=file]').setInputFiles({ name: 'other.opml', mimeType: 'text/xml', buffer: Buffer.from(
      '<opml version="2.0"><body><outline type="rss" text="别处的" xmlUrl="http://127.0.0.1:9/other.xml"/></body></opml>') });
    await page.waitForSelector('dialog .report li:has-text("别处的")');
    assert.equal((await feeds()).length, before);
    await page.locator('dialog .btn.fill').click();
    const other = await until('it is taken', () => feedNamed('别处的'));
    await send('DELETE', `/api/v1/feeds/${other.id}`);
    await page.context().close();
  },
  async 'while the service is away nothing can be asked, and the page heals'() {
    const page = await openSources();
    expectFailures(true);
    await tell('stop');
    await page.waitForSelector('.banner');
    assert.ok(await row(page, '示例日报').locator('.do .btn').first().isDisabled());
    await tell('start');
    await page.waitForSelector('.banner', { state: 'detached' });
    await page.waitForFunction(() => document.querySelector('tr[data-feed] .do .btn:not(:disabled)') !== null);
    await page.context().close();
  },
  async 'a page that cannot be read says so and reads again'() {
    const page = await open('/desk/settings');
    expectFailures(true);
    await page.route('**/api/v1/feeds', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"title":"x","status":503}' }));
    await page.goto(`${address}/desk/sources`);
    await page.waitForSelector('.empty[role=alert]');
    await page.unroute('**/api/v1/feeds');
    await page.locator('.empty .btn').click();
    await page.waitForSelector('tr[data-feed]');
    await page.context().close();
  },
});
