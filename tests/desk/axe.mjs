// axe-core on every page, in light and dark, on a desktop and a phone: nothing against WCAG 2.2 AA. What stands
// between the pages is examined by states_axe.mjs.
import { check } from './accessible.mjs';
import { ask, decide, run, send } from './harness.mjs';


const { stories } = await ask('/api/v1/stories?limit=8');
for (const { id } of stories.slice(0, 3)) await decide([id], { state: 'picked' });
await decide([stories[3].id], { state: 'picked', section: 'oss' });
const { date } = await ask('/api/v1/draft');
await send('POST', '/api/v1/publish', { date });
for (const { id } of stories.slice(4, 6)) await decide([id], { state: 'picked' });
const reported = (await ask('/api/v1/stories?limit=200')).stories.find((story) => story.items > 1); // several reports in the reader
await decide([(reported ?? stories[6]).id], { state: 'later' });
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
  'the draft with a line open': () => check('/desk/draft', '.pick:not(.suggested)', async (page) => {
    await page.locator('.pick:not(.suggested)').last().click();
    await page.waitForSelector('.pick.open [name=title]');
    await page.locator('.pick.open [name=title]').fill('改过的标题');
    await page.waitForSelector('.saved .i');
  }),
  'the draft with a line written by hand, and an offer': () => check('/desk/draft', '.pick:not(.suggested)', async (page) => {
    const { guide_proposed: proposed, sections } = await ask('/api/v1/draft');
    const pick = sections.filter((one) => one.form !== 'oneline').flatMap((one) => one.picks).find((one) => !one.suggested);
    await send('PATCH', '/api/v1/draft', { guide: `${proposed}又一句。`, guide_base: proposed });
    await send('PATCH', `/api/v1/picks/${pick.id}`, { highlight: true, clause: '谁也没有写过的一句' });
    await page.waitForSelector('.offer');
    await page.keyboard.press('n');
    await page.waitForSelector('[name=byhand]');
  }),
  'the sources': () => check('/desk/sources', 'tr[data-feed]'),
  'one feed with its settings': () => check(`/desk/sources?feed=${feed.id}`, '.leaf .form'),
  'no feeds under a filter': () => check('/desk/sources?q=qqq', '.empty'),
  'the rules, with a list being written': () => check('/desk/rules', '.lines li', (page) => addList(page, '芯片')),
  'the rules, with a trial': () => check('/desk/rules?tab=papers', '.matrix', async (page) => {
    await addList(page, '芯片、GPU、端侧');
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
});
