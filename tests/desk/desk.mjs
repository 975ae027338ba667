// The first walk through the desk: what she does with the keys, what a reload keeps, what a restart of the
// daemon does not lose.
import assert from 'node:assert/strict';
import { address, ask, cursorOf, expectFailures, isSettled, open, run, stateOf, tell, until } from './harness.mjs';

await run({
  async 'the address of the service alone is the inbox, with what stood behind it'() {
    const page = await open('/');
    await page.waitForSelector('.row.cursor');
    assert.equal(page.url(), `${address}/desk/inbox`);
    await page.context().close();
    const asked = await open('/?section=papers&add=https%3A%2F%2Fexample.org%2F');
    await asked.waitForSelector('dialog[open] input[name=url]');
    assert.equal(await asked.inputValue('dialog[open] input[name=url]'), 'https://example.org/');
    assert.equal(asked.url(), `${address}/desk/inbox?section=papers`);
    await asked.context().close();
  },
  async 'a story is picked with one key, and the cursor stands on the next'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    const id = await cursorOf(page);
    await page.keyboard.press('s');
    await page.waitForSelector(`#story-${id}`, { state: 'detached' });
    assert.notEqual(await cursorOf(page), id);
    await until('the service has the pick', async () => await stateOf(id) === 'picked');
    await page.context().close();
  },
  async 'a decision is shown before the service has answered'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    await page.route('**/api/v1/decisions', async (route) => { await page.waitForFunction(() => window.released); await route.continue(); });
    const times = await page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));
      const taken = [];
      for (let i = 0; i < 9; i++) {
        const id = document.querySelector('.row.cursor').id, start = performance.now();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'l', bubbles: true, cancelable: true }));
        while (document.querySelector('.row.cursor')?.id === id && performance.now() - start < 20000) await frame();
        if (document.querySelector('.row.cursor')?.id === id) throw new Error('the cursor stayed on a decided row');
        taken.push(performance.now() - start);
      }
      return taken.sort((a, b) => a - b);
    });
    console.log(`# a decision is shown after ${times[4].toFixed(1)} ms (median of ${times.length})`);
    await page.evaluate(() => { window.released = true; });
    await isSettled(page);
    await page.context().close();
  },
  async 'a rejected story comes back by undo, to its place'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    await page.keyboard.press('j');
    const before = await page.locator('.row').evaluateAll((rows) => rows.slice(0, 5).map((row) => row.id));
    const id = await cursorOf(page);
    await page.keyboard.press('x');
    await until('the service has it', async () => await stateOf(id) === 'rejected');
    await page.keyboard.press('z');
    await until('the service has taken it back', async () => await stateOf(id) === 'inbox');
    await page.waitForSelector(`#story-${id}`);
    assert.deepEqual(await page.locator('.row').evaluateAll((rows) => rows.slice(0, 5).map((row) => row.id)), before);
    await page.context().close();
  },
  async 'a refused decision brings the row back and says why'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    const id = await cursorOf(page);
    await page.route('**/api/v1/decisions', (route) => route.fulfill({ status: 422, contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: 'Unprocessable Content', status: 422, detail: 'no', detail_zh: 'such is the refusal' }) }));
    expectFailures(true); // the 422
    await page.keyboard.press('x');
    await page.waitForSelector('.toast .bad:has-text("such is the refusal")');
    await page.waitForSelector(`#story-${id}`);
    expectFailures(false);
    await page.context().close();
  },
  async 'filters are in the address, and a reload keeps them'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    await page.keyboard.press('f');
    await page.keyboard.press('3');
    await page.waitForURL(/section=/);
    const current = await page.locator('.tabs [aria-current]').innerText();
    await page.reload();
    await page.waitForSelector('.tabs [aria-current]:not(:first-child)');
    assert.ok((await page.locator('.tabs [aria-current]').innerText()).startsWith(current.slice(0, 2)));
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('section='));
    await page.context().close();
  },
  async 'an edited title is saved by itself and there after a reload'() {
    const page = await open('/desk/draft');
    await page.locator('.pick:not(.suggested)').first().click();
    const field = page.locator('textarea[name=title]');
    await field.fill('改过的标题 <b>&</b>');
    await page.waitForSelector('.saved:has-text("已保存")');
    await page.reload();
    await page.waitForSelector('.pick:has-text("改过的标题 <b>&</b>")');
    await page.context().close();
  },
  async 'Alt and an arrow move a pick into the next section, and the service agrees'() {
    const page = await open('/desk/draft');
    const id = await page.locator('.pick:not(.suggested)').first().getAttribute('id');
    const before = await page.locator(`section:has(> ol > #${id}) h2`).innerText();
    await page.locator(`#${id}`).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+ArrowDown');
    await until('it stands in another section', async () => await page.locator(`section:has(> ol > #${id}) h2`).innerText() !== before);
    await isSettled(page);
    await page.reload();
    assert.notEqual(await page.locator(`section:has(> ol > #${id}) h2`).innerText(), before);
    await page.context().close();
  },
  async 'what was decided while the daemon was away is sent when it is back'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    const id = await cursorOf(page);
    expectFailures(true);
    await tell('stop');
    await page.keyboard.press('x');
    await page.waitForSelector('.banner');
    await tell('start');
    await until('the service has it', () => stateOf(id).then((state) => state === 'rejected', () => false));
    await page.waitForSelector('.banner', { state: 'detached' });
    expectFailures(false);
    await page.context().close();
  },
  async 'dark, English and a phone: nothing is wider than the page'() {
    const page = await open('/desk/inbox', { viewport: { width: 390, height: 844 }, locale: 'en-US', colorScheme: 'dark' });
    await page.waitForSelector('.row');
    for (const path of ['/desk/inbox', '/desk/draft']) {
      await page.goto(address + path);
      await page.waitForSelector('.row, .pick');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    }
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await page.context().close();
  },
  async 'help lists the keys, takes the focus and gives it back'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    await page.waitForFunction(() => document.activeElement?.id === 'list');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open] dt');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'list');
    await page.context().close();
  },
});
