// A whole evening with the keyboard alone: from five hundred candidates to a published issue of twenty items.
// Every press is counted, a chord as one; the texts she types are not. At most three a pick.
import assert from 'node:assert/strict';
import { address, ask, cursorOf, isSettled, open, run, until } from './harness.mjs';

const picksWanted = { news: 6, papers: 4, oss: 5, blog: 5 };
const mostPerPick = 3;

async function candidates() {
  const ids = new Set();
  for (let path = '/api/v1/stories?limit=200'; path !== null;) {
    const { stories, next } = await ask(path);
    for (const story of stories) ids.add(story.id);
    path = next === null ? null : `/api/v1/stories?limit=200&cursor=${encodeURIComponent(next)}`;
  }
  return ids.size;
}

await run({
  async 'from 500 candidates to a published issue of 20 items'() {
    const before = await until('five hundred candidates are there', async () => {
      const count = await candidates();
      return count >= 500 && count;
    });
    const page = await open('/desk/inbox');
    let pressed = 0;
    const press = async (key) => {
      pressed++;
      await page.keyboard.press(key);
    };
    const write = async (text) => { // what she types
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    };
    await page.waitForSelector('.row.cursor');

    // Section by section: the best of what is there, now and then one passed by.
    const { sections } = await ask('/api/v1/draft');
    const picked = {};
    for (const [index, section] of sections.entries()) {
      const wanted = picksWanted[section.id];
      if (wanted === undefined) continue;
      await press('f');
      await press(String(index + 1));
      await page.waitForURL((url) => url.searchParams.get('section') === section.id);
      await page.waitForSelector('.row.cursor');
      picked[section.id] = [];
      for (let n = 0; n < wanted; n++) {
        if (n % 2 === 1) {
          const here = await cursorOf(page);
          await press('j');
          await page.waitForFunction((id) => !document.querySelector('.row.cursor')?.id.endsWith(`-${id}`), here);
        }
        const id = await cursorOf(page);
        picked[section.id].push(id);
        await press('s');
        await page.waitForSelector(`#story-${id}`, { state: 'detached' });
      }
    }

    // The draft: no suggestions, three titles rewritten, one line moved.
    await press('g');
    await press('d');
    await page.waitForSelector('.pick');
    await press('Shift+S');
    await until('the suggestions are gone', async () => (await ask('/api/v1/draft')).sections.every((one) => one.picks.every((pick) => !pick.suggested)));
    await page.waitForFunction(() => document.querySelector('.pick') && !document.querySelector('.pick.suggested'));
    await press('j');
    await page.waitForSelector('.pick.cursor');
    await press('e');
    const typed = [];
    for (let n = 1; n <= 3; n++) {
      await page.waitForFunction((done) => document.activeElement?.name === 'title' && document.activeElement.value !== done, typed.at(-1) ?? '');
      typed.push(`她改过的第${n}个标题`);
      await write(typed.at(-1));
      await press('Control+Enter');
    }
    await page.waitForFunction(() => document.activeElement?.name === 'title');
    await press('Escape');
    await press('Alt+ArrowDown');
    await page.waitForSelector('.saved:has-text("已保存")');
    await isSettled(page);
    const draft = await ask('/api/v1/draft');

    // Out.
    await press('Shift+P');
    await page.waitForSelector('dialog[open] .diff');
    await press('Control+Enter');
    await page.waitForSelector('dialog', { state: 'detached' });

    const { issues } = await ask('/api/v1/issues');
    assert.equal(issues[0].date, draft.date);
    assert.equal(issues[0].count, 20);
    const text = await (await fetch(`${address}/issues/${draft.date}.md`)).text();
    assert.ok(text.includes(`(${draft.date})`) && text.includes('本次20条。'), text.slice(0, 400));
    let at = 0;
    for (const section of draft.sections) {
      if (section.picks.length === 0) continue;
      at = text.indexOf(section.title, at);
      assert.ok(at > 0, `${section.title} stands in its place`);
      assert.deepEqual(section.picks.map((pick) => pick.story).sort(), picked[section.id].sort());
      for (const pick of section.picks) {
        const next = text.indexOf(pick.title, at);
        assert.ok(next > at, `「${pick.title}」 is printed, in the draft's order`);
        at = next;
      }
    }
    for (const title of typed) assert.ok(text.includes(title));
    const count = Object.values(picked).flat().length;
    console.log(`# ${before} candidates, ${count} picks: ${pressed} keystrokes, ${(pressed / count).toFixed(2)} a pick`);
    assert.ok(pressed <= mostPerPick * count);
    await page.context().close();
  },
});
