// The reading pane: an article that can do nothing, what a paper and a release say, who reported a story and how
// that is parted, and what past issues printed.
import assert from 'node:assert/strict';
import { ask, isSettled, open, run, send, until } from './harness.mjs';

const listed = async (query = '') => (await ask(`/api/v1/stories?limit=200${query}`)).stories;
const find = async (what, matches) => {
  const story = (await listed()).find(matches);
  assert.ok(story, `there is ${what} in the inbox`);
  return story;
};
/** The inbox with the cursor on this story. */
const reading = async (story, options = {}) => {
  const page = await open(`/desk/inbox?source=${encodeURIComponent(story.source)}`, options);
  await page.waitForSelector('.row.cursor');
  for (let i = 0; i < 200 && !await page.locator(`#story-${story.id}.cursor`).count(); i++) await page.keyboard.press('j');
  await page.waitForSelector('#sightings-title', { state: 'attached' });
  return page;
};
const hostile = () => find('the hostile article', (story) => story.url === 'https://text.example/hostile');

await run({
  async 'an article is set in a frame where nothing runs, and no other host hears of it'() {
    const page = await reading(await hostile());
    const frame = page.frameLocator('iframe.content');
    await frame.locator('p:has-text("第一段")').waitFor();
    assert.equal(await frame.locator('script, iframe, [onclick], [onerror], [onload], a[href^="javascript"]').count(), 0);
    assert.equal(await page.locator('iframe.content').getAttribute('sandbox'), 'allow-popups allow-popups-to-escape-sandbox');
    assert.equal(await page.locator('iframe.content').getAttribute('referrerpolicy'), 'no-referrer');
    assert.equal(await frame.locator('body').evaluate(() => origin), 'null');
    assert.notEqual(await page.title(), 'run');
    await page.context().close();
  },
  async 'the frame is about as high as its text and looks as the desk does'() {
    for (const [width, colorScheme] of [[1440, 'light'], [390, 'dark']]) {
      const page = await reading(await hostile(), { viewport: { width, height: 844 }, colorScheme });
      if (width < 720) await page.locator('.row.cursor').click();
      const frame = page.frameLocator('iframe.content');
      await frame.locator('p').first().waitFor();
      const text = await frame.locator('body').evaluate((body) => body.scrollHeight);
      await until('the frame has its height', async () => {
        const box = await page.locator('iframe.content').boundingBox();
        return box && box.height > text * 0.85 && box.height < text * 1.35;
      });
      await page.evaluate(() => { localStorage.setItem('briefd.theme', 'dark'); });
      await page.reload();
      await page.waitForSelector('.row.cursor');
      if (width < 720) await page.locator('.row.cursor').click();
      await page.frameLocator('iframe.content').locator('p').first().waitFor();
      const [desk, article] = await Promise.all([page.locator('.reader').evaluate((element) => getComputedStyle(element.closest('main')).backgroundColor),
        page.frameLocator('iframe.content').locator('html').evaluate((element) => getComputedStyle(element).backgroundColor)]);
      assert.equal(article, desk);
      await page.context().close();
    }
  },
  async 'pictures are loaded when she asks, and say nothing of where she reads'() {
    const page = await reading(await hostile());
    await page.frameLocator('iframe.content').locator('p').first().waitFor();
    const asked = [];
    await page.context().route('https://evil.example/**', (route) => {
      asked.push(route.request().headers()['referer'] ?? 'none');
      return route.fulfill({ status: 200, contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    });
    await page.frameLocator('iframe.content').locator('img').waitFor({ state: 'attached' });
    assert.deepEqual(asked, []);
    page.removeAllListeners('request'); // this one is wanted
    await until('pictures are wanted', async () => { // the button moves while the frame takes its height
      if (await page.locator('iframe.content[src*="pictures=true"]').count() > 0) return true;
      await page.locator('.reader .note button').click({ timeout: 1000 }).catch(() => undefined);
      return false;
    });
    await page.frameLocator('iframe.content').locator('img[src]').scrollIntoViewIfNeeded();
    await until('the picture was asked for', () => asked.length === 1);
    assert.deepEqual(asked, ['none']);
    await page.context().close();
  },
  async 'a paper says its authors, its PDF and its versions'() {
    const story = await find('a paper', ({ url, source }) => source === 'arXiv 示例' && /arxiv\.org\/abs/.test(url ?? ''));
    const page = await reading(story);
    const number = /abs\/(\d+\.\d+)/.exec(story.url)[1];
    const facts = page.locator('.facts.kind');
    assert.ok((await facts.innerText()).includes('Sample'));
    const links = await facts.locator('a').evaluateAll((all) => all.map((link) => link.href));
    assert.ok(links.some((link) => link.startsWith(`https://arxiv.org/pdf/${number}`)));
    assert.ok(links.includes(`https://arxiv.org/abs/${number}#submission-history`));
    assert.equal(await page.locator(`#story-${story.id} .x`).innerText(), number);
    assert.ok((await page.locator('.article').innerText()).includes('A sample abstract.'));
    await page.context().close();
  },
  async 'a release says its repository and tag, and has the prereleases it stands for folded under it'() {
    const story = await find('a prerelease', ({ url }) => url?.endsWith('/nightjar/releases/tag/v1.1.0-rc3'));
    const page = await reading(story);
    const facts = page.locator('.facts.kind');
    assert.ok((await facts.innerText()).includes('example-edge/nightjar'));
    assert.ok((await facts.innerText()).includes('v1.1.0-rc3'));
    await page.frameLocator('iframe.content').locator('text=notes of v1.1.0-rc3').waitFor();
    const fold = page.locator('details.fold');
    assert.equal(await fold.locator('tr').first().isVisible(), false);
    await fold.locator('summary').click();
    assert.deepEqual(await fold.locator('tr td:first-child').allInnerTexts(), ['nightjar v1.1.0-rc2', 'nightjar v1.1.0-rc1']);
    await page.context().close();
  },
  async 'items are split off a story, and one of them made to lead; both can be taken back'() {
    const [first, second] = (await listed()).filter((story) => story.source === '示例芯闻');
    await send('POST', '/api/v1/merges', { stories: [{ id: first.id }, { id: second.id }] });
    const { story_items: items, lead } = await ask(`/api/v1/stories/${first.id}`);
    const [led, other] = [items.find(({ id }) => id === lead), items.find(({ id }) => id !== lead)];
    const page = await reading(first);
    const row = page.locator('.reports tr', { hasText: other.title });
    const leads = (item) => until(`'${item.title}' leads`, async () => (await ask(`/api/v1/stories/${first.id}`)).lead === item.id);
    await row.locator('button').nth(1).waitFor(); // the one that leads has no button to lead
    await row.locator('button').first().click();
    await leads(other);
    await page.waitForSelector(`.reader h2:has-text("${other.title.slice(0, 8)}")`);
    await isSettled(page);
    await page.keyboard.press('z');
    await leads(led);
    await page.waitForSelector(`.reader h2:has-text("${led.title.slice(0, 8)}")`);
    await isSettled(page);
    await row.locator('button').nth(1).click();
    await until('it is split off', async () => (await ask(`/api/v1/stories/${first.id}`)).story_items.length === items.length - 1);
    // Its row may be further down than she sees.
    await until('it is a story of its own', async () => (await listed()).some((story) => story.lead === other.id || story.title === other.title));
    await isSettled(page);
    await page.keyboard.press('z');
    await until('they are one again', async () => (await ask(`/api/v1/stories/${first.id}`)).story_items.length === items.length);
    await page.context().close();
  },
  async 'what cannot be read is said, with the way to the original'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    await page.waitForSelector('#sightings-title');
    await page.route('**/api/v1/stories/*', (route) => route.fulfill({ status: 404, contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Not Found', status: 404, detail: 'no', detail_zh: 'such is the reason' }) }));
    page.removeAllListeners('console'); // names the 404
    await page.keyboard.press('j');
    await page.waitForSelector('.reader .alert:has-text("such is the reason") a[href^="http"]');
    assert.ok(await page.locator('.reader #why').isVisible());
    await page.context().close();
  },
  async 'a story shows what past issues printed of the same thing'() {
    const draft = await ask('/api/v1/draft');
    await send('POST', '/api/v1/publish', { date: draft.date });
    let found = null;
    for (const story of await listed()) {
      const { similar } = await ask(`/api/v1/stories/${story.id}/related`);
      if (similar.length > 0 && story.source) { found = { story, similar }; break; }
    }
    assert.ok(found, 'some story is like one that was printed');
    const page = await reading(found.story);
    await page.waitForSelector('#similar-title');
    const rows = page.locator('section[aria-labelledby=similar-title] tr');
    assert.equal(await rows.count(), found.similar.length);
    assert.ok((await rows.first().innerText()).includes(draft.date));
    await page.context().close();
  },
});
