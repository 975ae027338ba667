// Publishing: what would change is shown, the focus is on going back, what was published is not published
// twice, and a correction says what it is.
import assert from 'node:assert/strict';
import { address, ask, expectFailures, isSettled, open, run, send, until } from './harness.mjs';

const first = (await ask('/api/v1/draft')).date;

await send('POST', '/api/v1/draft/accept', {});

async function opened(path = '/desk/draft') {
  const page = await open(path);
  await page.waitForSelector('.pick');
  await page.waitForSelector('#checks');
  return page;
}

async function dialog(page) {
  await page.locator('.bar .btn.fill').click();
  await page.waitForSelector('dialog[open] .diff');
}

await run({
  async 'the dialog shows the diff and the open checks, and its focus is on going back'() {
    await send('POST', '/api/v1/picks', { section: 'news', title: '没有摘要的一条', url: 'https://x.example/bare', source: '某处' });
    const page = await opened();
    await page.waitForSelector('.checks li');
    await page.keyboard.press('Shift+P');
    await page.waitForSelector('dialog[open] .diff .add:has-text("没有摘要的一条")');
    assert.ok((await page.locator('dialog .alert').innerText()).includes('「没有摘要的一条」还没有摘要'));
    assert.equal(await page.evaluate(() => document.activeElement.innerText.slice(0, 3)), '再看看');
    assert.equal(await page.locator('dialog .btn.fill').count(), 1);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.deepEqual((await ask('/api/v1/issues')).issues, []);
    await page.context().close();
  },
  async 'what was changed after the dialog opened is not published unseen'() {
    const page = await opened();
    await dialog(page);
    await send('PATCH', '/api/v1/draft', { headline: '刚刚在别处改的' });
    expectFailures(true); // the 412
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('dialog .bad:has-text("草稿又改过")');
    assert.deepEqual((await ask('/api/v1/issues')).issues, []);
    await page.context().close();
  },
  async 'it is published once; a second page is told when'() {
    const one = await opened(), two = await opened();
    await dialog(two);
    await dialog(one);
    await one.keyboard.press('Control+Enter');
    await one.waitForSelector(`.toast:has-text("${first} 一期已发布")`);
    const [issue] = (await ask('/api/v1/issues')).issues;
    assert.equal(issue.date, first);
    expectFailures(true); // the 409
    await two.keyboard.press('Control+Enter');
    await two.waitForSelector(`dialog .bad:has-text("${first} 一期已在 ")`);
    const at = new Date(issue.published).toLocaleTimeString('en-GB');
    assert.ok((await two.locator('dialog .bad').innerText()).includes(at));
    assert.equal((await ask('/api/v1/issues')).issues.length, 1);
    for (const page of [one, two]) await page.context().close();
  },
  async 'a correction says what it is, is edited apart from the next issue, and is published again'() {
    const { made } = await send('POST', `/api/v1/issues/${first}/reopen`);
    const next = await ask('/api/v1/draft');
    assert.notEqual(made, next.id);
    const page = await opened(`/desk/draft?draft=${made}`);
    await page.waitForSelector(`.notice:has-text("${first}")`);
    await page.waitForSelector('h1 + .warn:has-text("更正稿")');
    const row = page.locator('.pick:has-text("没有摘要的一条")');
    await row.click();
    await page.locator('[name=summary]').fill('补上的摘要。');
    await page.locator('[name=guide]').fill('更正后的导读。');
    await page.waitForSelector('.saved:has-text("已保存")');
    const stored = await until('both are stored there', async () => {
      const now = await ask(`/api/v1/drafts/${made}`);
      return now.guide === '更正后的导读。' && now.sections.flatMap((one) => one.picks).some((pick) => pick.summary === '补上的摘要。') && now;
    });
    assert.equal(stored.corrects, first);
    assert.notEqual((await ask('/api/v1/draft')).guide, '更正后的导读。');
    await isSettled(page);
    await page.reload(); // the address names it
    await page.waitForSelector('.notice');
    await until('the preview is its own', async () => (await page.locator('.seg button:has-text("Markdown")').click(),
      (await page.locator('pre.md').innerText()).includes('更正后的导读。')));
    await page.keyboard.press('Shift+P');
    await page.waitForSelector('dialog .diff .cut');
    await page.waitForSelector('dialog .diff .add:has-text("补上的摘要。")');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.waitForSelector('.notice', { state: 'detached' }); // back at the next issue
    assert.ok((await (await fetch(`${address}/issues/${first}.md`)).text()).includes('补上的摘要。'));
    await page.context().close();
  },
});
