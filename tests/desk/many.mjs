// Twenty thousand stories: nothing is missing on the way to the end, and the figures of the way.
import assert from 'node:assert/strict';
import { ask, isSettled, open, run, until } from './harness.mjs';

const stories = (await ask('/api/v1/counts')).states[0].total;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Scrolls by whole views; every story that was in the document, and how long each frame took. */
const scrollThrough = (page) => page.evaluate(async () => {
  const scroller = document.querySelector('#list').closest('.scroll');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const seen = new Map(), frames = [], late = [];
  const look = () => document.querySelectorAll('#list .row').forEach((row) => {
    const position = Number(row.getAttribute('aria-posinset'));
    if (seen.has(row.id) && seen.get(row.id) !== position) throw new Error(`${row.id} stands in two places`);
    seen.set(row.id, position);
  });
  const isWhole = () => {
    const box = scroller.getBoundingClientRect();
    return [box.top + 60, (box.top + box.bottom) / 2, box.bottom - 8].every((y) => document.elementFromPoint(box.left + 80, y)?.closest('.row, .group'));
  };
  for (;;) {
    const asked = performance.now();
    await frame();
    let waited = 0;
    while (!isWhole()) { // a page of the list is on its way
      if (++waited > 5000) throw new Error(`bones stayed at ${scroller.scrollTop}`);
      await frame();
    }
    if (waited > 0) late.push(performance.now() - asked);
    else frames.push(performance.now() - asked);
    look();
    if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) break;
    scroller.scrollTop += scroller.clientHeight - 60;
  }
  return { seen: [...seen], frames, late };
});

await run({
  async 'the first view is there, with the number of all'() {
    const times = [];
    for (let i = 0; i < 3; i++) {
      const page = await open('/desk/inbox');
      await page.waitForSelector('.row.cursor');
      times.push(await page.evaluate(() => performance.now()));
      await page.waitForSelector(`.tabs [aria-current] span:text-is("${stories}")`);
      await page.context().close();
    }
    console.log(`# first view of ${stories} stories after ${median(times).toFixed(0)} ms (median of ${times.length})`);
  },
  async 'on the way to the end every story is shown once, in its place'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    const { seen, frames, late } = await scrollThrough(page);
    assert.equal(new Set(seen.map(([id]) => id)).size, stories);
    assert.deepEqual(seen.map(([, position]) => position).sort((a, b) => a - b), Array.from({ length: stories }, (_, index) => index + 1));
    const slow = [...frames].sort((a, b) => a - b)[Math.floor(frames.length * 0.95)];
    console.log(`# a view further: median ${median(frames).toFixed(1)} ms, 95% within ${slow.toFixed(1)} ms (${frames.length} views); ` +
      `${late.length} views waited for the service, median ${(median(late) ?? 0).toFixed(1)} ms`);
    await page.context().close();
  },
  async 'from the top at once to the end: what lies there comes, and nothing is left out'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    await page.evaluate(() => { const list = document.querySelector('#list').closest('.scroll'); list.scrollTop = list.scrollHeight; });
    await page.waitForSelector(`.row[aria-posinset="${stories}"]`, { timeout: 60000 });
    const rows = await page.locator('.row').count();
    assert.ok(rows < 100, `${rows} rows are in the document`);
    await page.context().close();
  },
  async 'grouped, each section has its number and the stories of it'() {
    const page = await open('/desk/inbox?group=section');
    await page.waitForSelector('.row.cursor');
    const { sections, total } = (await ask('/api/v1/counts')).states[0];
    assert.equal(total, stories);
    const first = page.locator('#list .group').first();
    const { id, short_title: title } = (await ask('/api/v1/draft')).sections.find((section) => sections[section.id] > 0);
    await until('the first heading has its section and the number of it', async () => {
      const said = await first.innerText();
      return said.includes(title) && said.includes(String(sections[id]));
    });
    await page.evaluate(() => { const list = document.querySelector('#list').closest('.scroll'); list.scrollTop = list.scrollHeight; });
    await page.waitForSelector(`.row[aria-posinset="${stories}"]`, { timeout: 60000 });
    await page.context().close();
  },
  async 'decisions deep in the list are quick, and the numbers follow'() {
    const page = await open('/desk/inbox');
    await page.waitForSelector('.row.cursor');
    const times = await page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));
      const taken = [];
      for (let i = 0; i < 21; i++) {
        const id = document.querySelector('.row.cursor').id, start = performance.now();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', bubbles: true, cancelable: true }));
        while (document.querySelector('.row.cursor')?.id === id && performance.now() - start < 20000) await frame();
        if (document.querySelector('.row.cursor')?.id === id) throw new Error('the cursor stayed on a decided row');
        taken.push(performance.now() - start);
      }
      return taken;
    });
    console.log(`# a decision among ${stories} is shown after ${median(times).toFixed(1)} ms (median of ${times.length})`);
    await isSettled(page);
    await page.waitForSelector(`.tabs [aria-current] span:has-text("${stories - 21}")`);
    await page.context().close();
  },
});
