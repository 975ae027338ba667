// The rules: the file's with their place, a list written here, tried, refused at its place, saved, taken back.
import assert from 'node:assert/strict';
import { ask, decide, expectFailures, open, run, send, until } from './harness.mjs';

const own = async (name) => (await ask('/api/v1/rules')).rules.find((rule) => rule.name === name);

async function openRules(query = '?tab=papers') {
  const page = await open(`/desk/rules${query}`);
  await page.waitForSelector('.lines li');
  return page;
}

/** A new list with these words, its line closed. */
async function addList(page, words) {
  await page.keyboard.press('n');
  await page.locator('.edit textarea').fill(words);
  await page.locator('.edit .btn.line').click();
  await page.waitForSelector('.lines li.new');
}

await run({
  async 'lists of the file show their place, and vendors their aliases'() {
    const page = await openRules();
    const { rules } = await ask('/api/v1/rules');
    assert.equal(await page.locator('.lines li').count(), rules.filter((rule) => rule.section === 'papers').length);
    assert.match(await page.locator('.lines li').first().innerText(), /desk\.conf:\d+/);
    await page.locator('.tabs a').last().click();
    await page.waitForURL(/tab=vendors/);
    await page.waitForSelector('.lines li:has-text("英伟达"):has-text("NVIDIA")');
    await page.context().close();
  },
  async 'each list says how many stored items it found, and with which words'() {
    const page = await openRules();
    const { rules: hits } = await ask('/api/v1/rules/hits');
    const { rules } = await ask('/api/v1/rules');
    await page.waitForSelector('.lines li .hits');
    for (const [index, rule] of rules.filter((one) => one.section === 'papers').entries()) {
      const found = hits.find((one) => one.rule === `papers/${rule.name}`);
      const said = await page.locator('.lines li .hits').nth(index).innerText();
      assert.equal(said, found ? `命中 ${found.items} 条：${found.words.slice(0, 3).map((word) => `${word.matched} ${word.items}`).join('，')}` : '没有命中');
    }
    assert.ok(hits.some((one) => one.rule.startsWith('papers/') && one.items > 0));
    await page.context().close();
  },
  async 'a new list is tried before it is saved: what would move, and nothing has'() {
    const page = await openRules();
    await page.keyboard.press('n');
    await page.locator('.edit textarea').fill('芯片、GPU，端侧');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.moves li');
    assert.match(await page.locator('.moves li .to').first().innerText(), /→/);
    assert.equal(await own('desk-1'), undefined);
    await page.reload();
    await page.waitForSelector('.lines li.new:has-text("端侧")'); // not saved, and not lost
    await page.locator('.bar .btn:has-text("放弃")').click();
    await page.waitForSelector('.lines li.new', { state: 'detached' });
    await page.context().close();
  },
  async 'what is refused is underlined at its place, and cannot be saved'() {
    const page = await openRules();
    await addList(page, '好词、/v[0-9](x/');
    expectFailures(true); // the 422
    await page.locator('#try').click();
    await page.waitForSelector('.lines li.err .squiggle');
    assert.match(await page.locator('.lines li.err .words').innerText(), /好词/);
    assert.notEqual(await page.locator('.lines li.err p').innerText(), '');
    assert.ok(await page.locator('.bar .btn.fill').isDisabled());
    await page.locator('.lines li.err .does .btn').first().click();
    await page.locator('.edit textarea').fill('好词、/v[0-9](x)/');
    await page.locator('.edit .btn.line').click();
    await page.waitForSelector('.lines li.err', { state: 'detached' });
    assert.ok(await page.locator('.bar .btn.fill').isEnabled());
    await page.context().close();
  },
  async 'a list is saved, edited in place, and taken back with an undo'() {
    const page = await openRules();
    await addList(page, '甲"乙\\、丙, /a,b/');
    await page.locator('.bar .btn.fill').click();
    const stored = await until('it is stored', () => own('desk-1'));
    assert.deepEqual(stored.keywords, ['甲"乙\\', '丙', '/a,b/']);
    const line = page.locator('.lines li:has-text("在这里写的")');
    await line.locator('.does .btn').first().click();
    await page.locator('.edit textarea').fill('丁');
    await page.locator('.edit input[name=rule-weight]').fill('-1.5');
    await page.locator('.edit .btn.line').click();
    await page.locator('.bar .btn.fill').click();
    await until('the change is stored', async () => (await own('desk-1')).weight === -1.5);
    await page.waitForSelector('.lines li.new', { state: 'detached' });
    await line.locator('.does .btn').last().click();
    await until('it is taken back', async () => (await own('desk-1')) === undefined);
    await page.locator('.toast .btn').first().click();
    await until('it is there again', () => own('desk-1'));
    await send('DELETE', '/api/v1/rules/papers/desk-1');
    await page.context().close();
  },
  async 'a list of the file is switched off here and comes back'() {
    const page = await openRules();
    const name = (await ask('/api/v1/rules')).rules.find((rule) => rule.section === 'papers').name;
    const line = page.locator('.lines li').first();
    await line.hover();
    await line.locator('.does .btn').last().click();
    await page.locator('.bar .btn.fill').click();
    await until('it is off', async () => (await own(name)).weight === 0);
    await page.waitForSelector('.lines li .words.off');
    await line.locator('.does .btn').last().click();
    await until('the file counts again', async () => (await own(name)).weight !== 0);
    await page.context().close();
  },
  async 'a cell of machine against editor filters the list'() {
    const { stories } = await ask('/api/v1/stories?limit=6');
    for (const { id } of stories.slice(0, 3)) {
      await decide([id], { state: 'picked', section: 'oss' });
    }
    const confusion = await ask('/api/v1/rules/confusion');
    assert.ok(confusion.differing.length > 0);
    const page = await openRules();
    await page.waitForSelector('.matrix button');
    const cell = page.locator('.matrix td:not(.hit) button').first(), n = Number(/(\d+)\s*$/.exec(await cell.innerText())[1]);
    await cell.click();
    await page.waitForURL(/cell=/);
    assert.equal(await page.locator('.moves li').count(), n);
    await page.context().close();
  },
});
