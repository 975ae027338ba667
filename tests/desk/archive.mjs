// The archive and the search: an issue published, read, corrected; words found and marked, filters in the address.
import assert from 'node:assert/strict';
import { address, ask, decide, open, run, send, until } from './harness.mjs';

let date = '';

await run({
  async 'an empty archive says how it fills'() {
    const page = await open('/desk/archive');
    await page.waitForSelector('.empty[role=status]');
    await page.context().close();
  },
  async 'an issue stands under its year and is read as it was printed'() {
    const { stories } = await ask('/api/v1/stories?limit=4');
    for (const { id } of stories) await decide([id], { state: 'picked' });
    ({ date } = await ask('/api/v1/draft'));
    await send('POST', '/api/v1/publish', { date });
    const page = await open('/desk/archive');
    await page.waitForSelector(`h2.year:has-text("${date.slice(0, 4)}")`);
    await page.locator('a.issue').first().click();
    await page.waitForURL(/issue=/);
    await page.waitForSelector('.article .headline');
    const text = await page.locator('.article').innerText(), issue = await ask(`/api/v1/issues/${date}`);
    for (const item of issue.sections.flatMap((section) => section.items)) assert.ok(text.includes(item.title), item.title);
    await page.context().close();
  },
  async 'correcting opens a draft of its own, and twice the same one'() {
    const page = await open(`/desk/archive?issue=${date}`);
    const correct = page.locator('.pane[aria-label] .bar .btn.line:has-text("更正")');
    await correct.click();
    await page.waitForURL(/draft\?draft=\d+/);
    const { drafts } = await ask('/api/v1/drafts');
    const id = drafts.find((draft) => draft.corrects === date).id;
    assert.ok(page.url().endsWith(`draft=${id}`));
    await page.goto(`${address}/desk/archive?issue=${date}`);
    await correct.click();
    await page.waitForURL(/draft\?draft=\d+/);
    assert.equal((await ask('/api/v1/drafts')).drafts.length, drafts.length);
    await page.context().close();
  },
  async 'an older version can still be read'() {
    const { drafts } = await ask('/api/v1/drafts');
    const { id } = drafts.find((draft) => draft.corrects === date);
    const draft = await ask(`/api/v1/drafts/${id}`), pick = draft.sections.flatMap((section) => section.picks)[0];
    await send('PATCH', `/api/v1/picks/${pick.id}`, { title: '改正了的标题' });
    await send('POST', '/api/v1/publish', { date, draft: id });
    const page = await open(`/desk/archive?issue=${date}`);
    await page.waitForSelector('.article:has-text("改正了的标题")');
    await page.locator('.versions button').last().click();
    await page.waitForURL(/version=1/);
    await page.waitForSelector('.article .headline');
    await page.waitForFunction(() => !document.querySelector('.article')?.textContent.includes('改正了的标题'));
    await page.context().close();
  },
  async 'a search marks its words, and its filters stay in the address'() {
    await until('the items are indexed', async () => (await ask('/api/v1/search?q=芯片')).items?.length > 0);
    const page = await open('/desk/search');
    await page.locator('#page-search').fill('芯片');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    await page.waitForSelector('.hit mark:has-text("芯片")');
    const all = await page.locator('.hit').count();
    await page.locator('.filters select').first().selectOption('papers');
    await page.waitForURL(/section=papers/);
    await page.waitForFunction((n) => document.querySelectorAll('.hit').length < n, all);
    await page.reload();
    await page.waitForFunction(() => document.querySelector('.filters select')?.value === 'papers');
    await page.goBack();
    await page.waitForFunction((n) => document.querySelectorAll('.hit').length === n, all);
    await page.context().close();
  },
  async 'what was printed is found with its words marked, and leads to its issue'() {
    const page = await open(`/desk/search?in=printed&q=${encodeURIComponent('改正')}`);
    await page.waitForSelector('.hit mark:has-text("改正")');
    await page.locator('.hit a').first().click();
    await page.waitForURL(new RegExp(`issue=${date}`));
    await page.context().close();
  },
  async 'nothing found says what to try'() {
    const page = await open('/desk/search?q=qqqzzzxxx');
    await page.waitForSelector('.empty[role=status]');
    await page.context().close();
  },
});
