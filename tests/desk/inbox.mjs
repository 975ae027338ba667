// The inbox: every key, filters in the address, arrivals, bulk, touch, adding by URL, and the states between.
import assert from 'node:assert/strict';
import { address, ask, cursorOf, decide, expectFailures, isSettled, open, run, stateOf, until } from './harness.mjs';

const inbox = async (path = '/desk/inbox', options = {}) => {
  const page = await open(path, options);
  await page.waitForSelector('.row.cursor');
  return page;
};
const order = (page) => page.locator('.row').evaluateAll((rows) =>
  rows.sort((a, b) => a.ariaPosInSet - b.ariaPosInSet).map((row) => row.id.slice('story-'.length)));
const restore = async () => {
  for (const state of ['later', 'rejected']) {
    const { stories } = await ask(`/api/v1/stories?state=${state}&limit=200`);
    if (stories.length > 0) await decide(stories.map(({ id }) => id), { state: 'inbox' }, other);
  }
};
const other = { 'Briefd-Editor': 'other' };

await run({
  async 'j, k, Home and End walk; the list follows and is one tab stop'() {
    const page = await inbox();
    const [first, second] = await order(page);
    assert.equal(await cursorOf(page), first);
    await page.keyboard.press('j');
    assert.equal(await cursorOf(page), second);
    assert.equal(await page.locator('#list').getAttribute('aria-activedescendant'), `story-${second}`);
    await page.keyboard.press('k');
    assert.equal(await cursorOf(page), first);
    for (let i = 0; i < 30; i++) await page.keyboard.press('j');
    assert.ok(await page.locator('.row.cursor').evaluate((row) => {
      const [a, b] = [row.getBoundingClientRect(), row.closest('.scroll').getBoundingClientRect()];
      return a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
    }));
    await page.keyboard.press('Home');
    await until('the cursor is on the first', async () => await cursorOf(page) === first);
    assert.equal(await page.locator('#list [tabindex="0"]').count(), 0);
    await page.context().close();
  },
  async 'a number picks into its section, l keeps for later, x rejects'() {
    const page = await inbox();
    const ids = (await order(page)).slice(0, 3);
    await page.keyboard.press('3');
    await page.keyboard.press('l');
    await page.keyboard.press('x');
    await isSettled(page);
    assert.deepEqual(await Promise.all(ids.map(stateOf)), ['picked', 'later', 'rejected']);
    assert.equal((await ask(`/api/v1/stories/${ids[0]}`)).section, 'papers');
    await page.context().close();
    await restore();
  },
  async 'z takes back, Z does again, and the numbers in the navigation follow'() {
    const page = await inbox();
    const id = await cursorOf(page);
    const count = async () => Number(await page.locator('.nav [aria-current] .n').innerText());
    await page.waitForSelector('.nav [aria-current] .n');
    const before = await count();
    await page.keyboard.press('x');
    await until('one less', async () => await count() === before - 1);
    await isSettled(page);
    await page.keyboard.press('u');
    await until('it is back', async () => await stateOf(id) === 'inbox');
    await until('one more', async () => await count() === before);
    await isSettled(page);
    await page.keyboard.press('Shift+Z');
    await until('it is rejected again', async () => await stateOf(id) === 'rejected');
    await isSettled(page);
    await page.keyboard.press('z');
    await until('it is back again', async () => await stateOf(id) === 'inbox');
    await page.context().close();
  },
  async 'm merges into the one above, and z parts them again'() {
    const page = await inbox();
    const [first, second] = await order(page);
    await page.keyboard.press('j');
    await page.keyboard.press('m');
    await page.waitForSelector(`#story-${second}`, { state: 'detached' });
    assert.equal(await cursorOf(page), first);
    await isSettled(page);
    const merged = (await ask(`/api/v1/stories/${first}`)).items;
    await page.keyboard.press('z');
    await page.waitForSelector(`#story-${second}`);
    await isSettled(page);
    assert.ok((await ask(`/api/v1/stories/${first}`)).items < merged);
    await page.context().close();
  },
  async 'Shift and Space tick; what is ticked is decided in one go; Escape lets it be'() {
    const page = await inbox();
    const ids = (await order(page)).slice(0, 3);
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('[aria-selected=true]').count(), 0);
    await page.keyboard.press('Shift+J');
    await page.keyboard.press('Shift+ArrowDown');
    await page.waitForSelector('[role=toolbar]:has-text("3")');
    await page.keyboard.press('l');
    await page.waitForSelector('[role=toolbar]', { state: 'detached' });
    await isSettled(page);
    assert.deepEqual(await Promise.all(ids.map(stateOf)), ['later', 'later', 'later']);
    assert.ok(!(await order(page)).some((id) => ids.includes(id)));
    await page.keyboard.press('z');
    await until('all are back', async () => (await Promise.all(ids.map(stateOf))).every((state) => state === 'inbox'));
    await page.context().close();
  },
  async 'e picks a story and opens the draft'() {
    const page = await inbox();
    const id = await cursorOf(page);
    await page.keyboard.press('e');
    await page.waitForURL(/\/desk\/draft/);
    await until('it is picked', async () => await stateOf(id) === 'picked');
    await page.context().close();
  },
  async 'grouped or flat is in the address; groups stand in the newsletter\'s order, best first'() {
    const page = await inbox();
    await page.locator('button[aria-pressed]:has(svg)').nth(1).click();
    await page.waitForURL(/group=section/);
    await page.waitForSelector('#list .group');
    await page.reload();
    await page.waitForSelector('#list .group');
    const sections = (await ask('/api/v1/draft')).sections.map((section) => section.id);
    const stories = [];
    for (const id of await order(page)) stories.push(await ask(`/api/v1/stories/${id}`));
    const places = stories.map((story) => sections.indexOf(story.section));
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    await page.goBack();
    await page.waitForSelector('#list .group', { state: 'detached' });
    await page.context().close();
  },
  async 'words filter the list: in the address, in the counts, with back and a bookmark'() {
    const page = await inbox();
    const word = '量化', words = encodeURIComponent(word);
    const wanted = (await ask(`/api/v1/stories?q=${words}&limit=200`)).stories;
    assert.ok(wanted.length > 1 && wanted.length < (await ask('/api/v1/counts')).states[0].total);
    await page.keyboard.press('f');
    await page.keyboard.press('f');
    await page.locator('dialog input[name=q]').fill(word);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === word);
    await page.waitForSelector(`.active-filters .chip:has-text("${word}")`);
    await page.waitForSelector(`.tabs [aria-current] span:text-is("${wanted.length}")`);
    await page.waitForSelector('.row.cursor');
    assert.deepEqual(await order(page), wanted.map((story) => story.id));
    const bookmark = page.url(), id = await cursorOf(page);
    await page.keyboard.press('l');
    await page.waitForSelector(`.tabs [aria-current] span:text-is("${wanted.length - 1}")`);
    await page.keyboard.press('z');
    await page.waitForSelector(`#story-${id}`);
    await isSettled(page);
    await page.goBack();
    await page.waitForSelector('.active-filters', { state: 'detached' });
    await page.goto(bookmark);
    await page.waitForSelector(`#story-${id}`);
    expectFailures(true); // what cannot be searched for is 400
    await page.goto(`${address}/desk/inbox?q=-x`);
    await page.waitForSelector('.empty[role=alert]');
    await page.context().close();
  },
  async 'further filters are in the address, are shown, and can be taken away'() {
    const page = await inbox();
    const all = (await ask('/api/v1/counts')).states[0].total;
    await page.keyboard.press('f');
    await page.keyboard.press('f');
    await page.waitForSelector('dialog[open]');
    await page.locator('input[name=age][value="7"]').check();
    await page.locator('input[name=source]').fill('示例日报');
    await page.locator('dialog button[type=submit]').click();
    await page.waitForURL(/age=7/);
    await page.waitForSelector('.active-filters .chip:has-text("示例日报")');
    await page.waitForSelector('.row.cursor');
    const ids = await order(page);
    assert.ok(ids.length > 0 && ids.length < all);
    for (const id of ids) {
      const story = await ask(`/api/v1/stories/${id}`);
      assert.ok([story.source, ...story.also].includes('示例日报'));
    }
    await page.waitForSelector(`.tabs [aria-current] span:text-is("${ids.length}")`);
    await page.locator('.active-filters .chip').first().click();
    await page.locator('.active-filters .chip').first().click();
    await page.waitForSelector('.active-filters', { state: 'detached' });
    assert.equal(new URL(page.url()).search, '');
    const named = (await ask(`/api/v1/stories?limit=200&vendor=${encodeURIComponent('英伟达')}`)).stories.map((story) => story.id);
    await page.goto(`${address}/desk/inbox?vendor=nvidia`); // an alias, as somebody types it
    await page.waitForSelector('.row.cursor');
    assert.deepEqual(await order(page), named);
    await page.goto(`${address}/desk/inbox?vendor=nobody`);
    await page.waitForSelector('.empty a');
    await page.locator('.empty a').click();
    await page.waitForSelector('.row');
    await page.context().close();
  },
  async 'what others decide waits behind the pill; the row under the cursor stays where it is'() {
    const page = await inbox();
    const ids = await order(page);
    for (let i = 0; i < 40; i++) await page.keyboard.press('j'); // deep enough that it can stay, however others move
    const id = await cursorOf(page);
    await decide(ids.slice(0, 2), { state: 'rejected' }, other);
    await page.waitForSelector('.fresh:visible');
    const top = () => page.locator(`#story-${id}`).evaluate((row) => row.getBoundingClientRect().top);
    const size = async () => Number(await page.locator(`#story-${id}`).getAttribute('aria-setsize'));
    const before = await top(), all = await size();
    await page.keyboard.press('.');
    await until('the list is the new one', async () => await size() === all - 2);
    await until('the row stands where it stood', async () => Math.abs(await top() - before) < 2);
    assert.equal(await cursorOf(page), id);
    await page.context().close();
    await restore();
  },
  async 'single keys can be switched off, capitals of a locked keyboard count as small ones'() {
    const page = await inbox();
    const [, second] = await order(page);
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'J', bubbles: true })));
    await until('the cursor has moved', async () => await cursorOf(page) === second);
    await page.evaluate(() => localStorage.setItem('briefd.keys', 'off'));
    await page.reload();
    await page.waitForSelector('.row.cursor');
    const [best, next] = await order(page); // what was learned may have ordered them anew
    for (const key of ['j', 'x', '?', 'g', 'd']) await page.keyboard.press(key);
    assert.equal(await cursorOf(page), best);
    assert.equal(await page.locator('dialog').count(), 0);
    await page.keyboard.press('ArrowDown');
    await until('arrows still walk', async () => await cursorOf(page) === next);
    assert.equal(await stateOf(best), 'inbox');
    await page.context().close();
  },
  async 'the words that speak for a story are underlined, its sources counted, its verdict explained'() {
    const page = await inbox();
    assert.ok(await page.locator('.row mark').count() > 5);
    const { stories } = await ask('/api/v1/stories?limit=200');
    const many = stories.find((story) => story.also.length > 0);
    const ids = await order(page);
    if (ids.includes(many.id)) {
      const chip = page.locator(`#story-${many.id} .chip`);
      assert.equal((await chip.innerText()).replace(/\s+/g, ' ').trim(), `${many.source} +${many.also.length}`);
      assert.ok((await chip.getAttribute('title')).includes(many.also[0]));
    }
    await page.keyboard.press('w');
    await until('the reasons have the focus', () => page.evaluate(() => document.activeElement.id === 'why'));
    assert.ok(await page.locator('#why tbody tr').count() > 0);
    assert.ok((await page.locator('.row.cursor .score').getAttribute('title')).includes('\n'));
    await page.context().close();
  },
  async 'a finger: to the right picks, to the left rejects, resting ticks, a tap opens'() {
    const page = await inbox('/desk/inbox', { viewport: { width: 390, height: 844 }, hasTouch: true });
    const ids = await order(page);
    const touch = await page.context().newCDPSession(page);
    const at = async (id) => {
      const box = await page.locator(`#story-${id}`).boundingBox();
      return { x: box.x + box.width / 2, y: box.y + 30 };
    };
    const swipe = async (id, by) => {
      const { x, y } = await at(id);
      await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
      for (let i = 1; i <= 8; i++) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + by * i / 8, y }] });
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await swipe(ids[0], 30);
    await swipe(ids[1], 180);
    await until('it is picked', async () => await stateOf(ids[1]) === 'picked');
    await page.waitForSelector(`#story-${ids[1]}`, { state: 'detached' });
    await swipe(ids[2], -180);
    await until('it is rejected', async () => await stateOf(ids[2]) === 'rejected');
    assert.equal(await stateOf(ids[0]), 'inbox'); // too short a way
    const { x, y } = await at(ids[3]);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await page.waitForSelector(`#story-${ids[3]}[aria-selected=true]`);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.locator('[role=toolbar] .icon').click();
    await page.locator(`#story-${ids[0]}`).tap();
    await page.waitForSelector('main[data-view=second] .reader');
    await page.context().close();
    await restore();
  },
  async 'a feed is added by its address, a page of feeds asks which, what is no address is refused in words'() {
    const page = await inbox();
    const origin = (await ask('/api/v1/feeds')).feeds[0].url.replace(/\/[^/]*$/, '');
    expectFailures(true); // refused with 422 or 502
    await page.keyboard.press('a');
    await page.waitForSelector('dialog[open] input[name=url]:focus');
    await page.keyboard.type(`${origin}/nothing-here`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .alert');
    expectFailures(false);
    await page.locator('input[name=url]').fill(`${origin}/chips.xml`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .found:has-text("示例芯闻")');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.context().close();
  },
  async 'a pasted address is looked at, and what a bookmarklet brings waits for a yes'() {
    const page = await inbox();
    const origin = (await ask('/api/v1/feeds')).feeds[0].url.replace(/\/[^/]*$/, '');
    const asked = page.waitForRequest('**/api/v1/add');
    await page.evaluate((url) => {
      const data = new DataTransfer();
      data.setData('text/plain', url);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, `${origin}/edge.atom`);
    assert.equal(JSON.parse((await asked).postData()).url, `${origin}/edge.atom`);
    await page.waitForSelector('dialog .found');
    let asks = 0;
    await page.route('**/api/v1/add', (route) => { asks++; return route.continue(); });
    await page.goto(`${address}/desk/inbox?section=news&add=${encodeURIComponent('https://example.com/a?b=1')}`);
    await page.waitForSelector('dialog[open]');
    assert.equal(await page.locator('input[name=url]').inputValue(), 'https://example.com/a?b=1');
    assert.equal(new URL(page.url()).search, '?section=news');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(asks, 0);
    await page.context().close();
  },
  async 'slow, failing and empty are said; what failed is asked for again'() {
    const page = await open('/desk/draft');
    await page.waitForSelector('.pick');
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await page.route('**/api/v1/stories?*', async (route) => { await held; await route.continue(); });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForSelector('.skeleton');
    release();
    await page.waitForSelector('.row');
    expectFailures(true);
    await page.unroute('**/api/v1/stories?*');
    await page.route('**/api/v1/stories?*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"title":"x","status":500}' }));
    await page.keyboard.press('f');
    await page.keyboard.press('2');
    await page.waitForSelector('.empty[role=alert] button');
    await page.unroute('**/api/v1/stories?*');
    expectFailures(false);
    await page.locator('.empty button').click();
    await page.waitForSelector('.row');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForSelector('.empty');
    await page.context().close();
  },
  async 'g and a letter goes to every page there is, and back brings the list as it was'() {
    const page = await inbox();
    for (let i = 0; i < 12; i++) await page.keyboard.press('j');
    const id = await cursorOf(page);
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForSelector('.pick');
    await page.goBack();
    await page.waitForSelector('.row.cursor');
    assert.equal(await cursorOf(page), id);
    assert.ok(await page.locator('.row.cursor').isVisible());
    await page.context().close();
  },
});
