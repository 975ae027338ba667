// axe-core on every page, in light and dark, on a desktop and a phone: nothing against WCAG 2.2 AA.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { address, ask, open, run } from './harness.mjs';

const require = createRequire(fileURLToPath(new URL('../../web/desk/package.json', import.meta.url)));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const post = (path, body) => fetch(address + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

/** What is wrong with the page as it stands, in all its looks. */
async function findings(page) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, iframes: false, resultTypes: ['violations'] }), tags);
      found.push(...violations.map((one) => `${colorScheme} ${viewport.width}: ${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.failureSummary?.replace(/\s+/g, ' ').slice(0, 160)})`).join(' | ')}`));
    }
  }
  return found;
}

async function check(path, ready, prepare = async () => undefined) {
  const page = await open(path);
  await page.waitForSelector(ready);
  await prepare(page);
  await page.evaluate(axe);
  assert.deepEqual(await findings(page), []);
  await page.context().close();
}

const { stories } = await ask('/api/v1/stories?limit=8');
for (const { id } of stories.slice(0, 3)) await post('/api/v1/decisions', { stories: [{ id }], state: 'picked' });
await post('/api/v1/decisions', { stories: [{ id: stories[3].id }], state: 'picked', section: 'oss' });
const { date } = await ask('/api/v1/draft');
await post('/api/v1/publish', { date });
for (const { id } of stories.slice(4, 6)) await post('/api/v1/decisions', { stories: [{ id }], state: 'picked' });
await post('/api/v1/decisions', { stories: [{ id: stories[6].id }], state: 'later' });
const [feed] = (await ask('/api/v1/feeds')).feeds;

const addList = async (page, words) => {
  await page.keyboard.press('n');
  await page.locator('.edit textarea').fill(words);
};

await run({
  'the inbox': () => check('/desk/inbox', '.row.cursor'),
  'the grouped inbox': () => check('/desk/inbox?group=section', '.row.cursor'),
  'what is kept for later': () => check('/desk/later', '.row.cursor'),
  'the draft': () => check('/desk/draft', '.pick:not(.suggested)'),
  'the sources': () => check('/desk/sources', 'tr[data-feed]'),
  'one feed with its settings': () => check(`/desk/sources?feed=${feed.id}`, '.leaf .form'),
  'no feeds under a filter': () => check('/desk/sources?q=qqq', '.empty'),
  'the rules, with a list being written': () => check('/desk/rules', '.lines li', (page) => addList(page, '芯片')),
  'the rules, with a trial': () => check('/desk/rules?tab=papers', '.matrix', async (page) => {
    await addList(page, '芯片');
    await page.locator('.edit .btn.line').click();
    await page.locator('#try').click();
    await page.waitForSelector('.moves li');
  }),
  'vendors': () => check('/desk/rules?tab=vendors', '.lines li'),
  'the archive': () => check('/desk/archive', '.issue'),
  'an issue': () => check(`/desk/archive?issue=${date}`, '.article .headline'),
  'a search': () => check('/desk/search?q=GPU', '.hit, .empty'),
  'a search that found nothing': () => check('/desk/search?q=qqqzzz', '.empty'),
  'the settings': () => check('/desk/settings', '.prefs-page'),
  'the log': () => check('/desk/log', '.events li'),
  'the help': () => check('/desk/inbox', '.row.cursor', async (page) => {
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  }),
});
