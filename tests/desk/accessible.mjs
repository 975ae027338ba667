// A page examined by axe-core in all its looks: light and dark, a desktop and a phone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { open } from './harness.mjs';

const require = createRequire(fileURLToPath(new URL('../../web/desk/package.json', import.meta.url)));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

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

export async function check(path, ready, prepare = async () => undefined) {
  const page = await open(path);
  await page.waitForSelector(ready);
  await prepare(page);
  await page.evaluate(axe);
  assert.deepEqual(await findings(page), []);
  await page.context().close();
}
